//! Least squares of a few columns, by their normal equations.
//!
//! Columns that can hardly be told apart are never together in here (`choice`), so that squaring their condition does no harm.

/// A small symmetric matrix.
pub(super) type Matrix = Vec<Vec<f64>>;

/// The products of columns with each other.
pub(super) fn products(columns: &[&[f64]]) -> Matrix {
    columns.iter().map(|a| columns.iter().map(|b| dot(a, b)).collect()).collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The lower triangle whose product with its mirror image is the matrix; `None` if there is none.
fn triangle(matrix: &Matrix) -> Option<Matrix> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let sum = dot(&lower[row][..column], &lower[column][..column]);
            let rest = matrix[row][column] - sum;
            if row == column {
                // What is left of a column that the others make up is rounding.
                if rest.is_nan() || rest <= 1e-12 * matrix[row][row] {
                    return None;
                }
                lower[row][row] = rest.sqrt();
            } else {
                lower[row][column] = rest / lower[column][column];
            }
        }
    }
    Some(lower)
}

/// The solution of a system of equations; `None` if the matrix has none, or many.
pub(super) fn solve(matrix: &Matrix, right: &[f64]) -> Option<Vec<f64>> {
    let lower = triangle(matrix)?;
    let size = right.len();
    let mut found = right.to_vec();
    for row in 0..size {
        let sum = dot(&lower[row][..row], &found[..row]);
        found[row] = (found[row] - sum) / lower[row][row];
    }
    for row in (0..size).rev() {
        let sum: f64 = (row + 1..size).map(|below| lower[below][row] * found[below]).sum();
        found[row] = (found[row] - sum) / lower[row][row];
    }
    Some(found)
}

/// The diagonal of the inverse: the variances of the solution where residuals have a variance of 1.
pub(super) fn variances(matrix: &Matrix) -> Option<Vec<f64>> {
    let unit =
        |place: usize| (0..matrix.len()).map(|other| f64::from(u8::from(other == place))).collect::<Vec<_>>();
    (0..matrix.len()).map(|place| Some(solve(matrix, &unit(place))?[place])).collect()
}

/// A damped step from `at` within bounds towards smaller residuals; `None` if the columns tell nothing.
///
/// What stands at a bound and would go beyond is left there, and the others are asked again.
pub(super) fn step(
    columns: &[&[f64]],
    residuals: &[f64],
    at: &[f64],
    bounds: &[(f64, f64)],
    damping: f64,
) -> Option<Vec<f64>> {
    let mut free: Vec<usize> = (0..columns.len()).collect();
    let mut step = vec![0.0; columns.len()];
    while !free.is_empty() {
        let chosen: Vec<&[f64]> = free.iter().map(|&place| columns[place]).collect();
        let mut matrix = products(&chosen);
        for (place, row) in matrix.iter_mut().enumerate() {
            row[place] *= 1.0 + damping;
        }
        let right: Vec<f64> = chosen.iter().map(|column| -dot(column, residuals)).collect();
        let found = solve(&matrix, &right)?;
        let held = free.iter().zip(&found).position(|(&place, &found)| {
            let (low, high) = bounds[place];
            (at[place] <= low && found < 0.0) || (at[place] >= high && found > 0.0)
        });
        if let Some(held) = held {
            free.remove(held);
            continue;
        }
        for (&place, found) in free.iter().zip(found) {
            // A step is taken for what it was computed from: the neighbourhood.
            let most = 0.5 * at[place].abs().max(0.3);
            let (low, high) = bounds[place];
            step[place] = (at[place] + found.clamp(-most, most)).clamp(low, high) - at[place];
        }
        return Some(step);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_and_its_variances_are_those_of_the_textbook() {
        let ones = [1.0; 4];
        let x = [0.0, 1.0, 2.0, 3.0];
        let matrix = products(&[&ones, &x]);
        let y = [1.0, 3.0, 5.0, 7.0];
        let found = solve(&matrix, &[dot(&ones, &y), dot(&x, &y)]).expect("independent");
        assert!((found[0] - 1.0).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12);
        let variances = variances(&matrix).expect("independent");
        // Of the slope: 1 / Σ (x − mean)² = 1/5; of the height: Σ x² / (4 · 5) = 14/20.
        assert!((variances[1] - 0.2).abs() < 1e-12 && (variances[0] - 0.7).abs() < 1e-12);
    }

    #[test]
    fn columns_that_are_the_same_have_no_solution() {
        let x = [1.0, 2.0, 3.0];
        let twice = [2.0, 4.0, 6.0];
        assert_eq!(solve(&products(&[&x, &twice]), &[1.0, 2.0]), None);
        assert_eq!(variances(&products(&[&x, &twice])), None);
    }

    #[test]
    fn a_step_stops_at_a_bound_and_leaves_what_stands_there() {
        let (a, b) = ([1.0, 0.0], [0.0, 1.0]);
        let bounds = [(0.0, 20.0), (0.0, 20.0)];
        let far = step(&[&a, &b], &[0.05, 0.5], &[0.01, 1.0], &bounds, 0.0).expect("a step");
        assert!((far[0] + 0.01).abs() < 1e-15 && (far[1] + 0.5).abs() < 1e-12, "{far:?}");
        let held = step(&[&a, &b], &[0.05, 0.2], &[0.0, 1.0], &bounds, 0.0).expect("a step");
        assert!(held[0] == 0.0 && (held[1] + 0.2).abs() < 1e-12, "{held:?}");
    }
}

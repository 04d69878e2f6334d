//! Loops over columns of numbers, shaped so that compilers vectorise them and other targets can still overlap
//! several operations.

/// Numbers per group.
const GROUP: usize = 4;

/// Replaces each number by what `combine` makes of it and its neighbour in the other column.
#[inline]
pub fn update(column: &mut [f64], other: &[f64], combine: impl Fn(f64, f64) -> f64) {
    for (number, other) in column.iter_mut().zip(other) {
        *number = combine(*number, *other);
    }
}

/// The largest number; minus infinity if there is none.
#[inline]
pub fn largest(column: &[f64]) -> f64 {
    extreme(column, f64::NEG_INFINITY, |max, number| if number > max { number } else { max })
}

/// The smallest number; infinity if there is none.
#[inline]
pub fn smallest(column: &[f64]) -> f64 {
    extreme(column, f64::INFINITY, |min, number| if number < min { number } else { min })
}

#[inline]
fn extreme(column: &[f64], none: f64, better: impl Fn(f64, f64) -> f64) -> f64 {
    let (groups, rest) = column.as_chunks::<GROUP>();
    let lanes = groups
        .iter()
        .fold([none; GROUP], |lanes, group| std::array::from_fn(|lane| better(lanes[lane], group[lane])));
    rest.iter().chain(&lanes).fold(none, |best, &number| better(best, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_counts() {
        for count in 0..13 {
            let other: Vec<f64> = (0..count).map(f64::from).collect();
            let mut column = vec![2.0; other.len()];
            update(&mut column, &other, |number, other| number + 3.0 * other);
            assert_eq!(column, other.iter().map(|other| 2.0 + 3.0 * other).collect::<Vec<_>>());
            for place in 0..other.len() {
                let mut column = vec![0.5; other.len()];
                column[place] = 7.0;
                assert_eq!(largest(&column), 7.0);
                column[place] = -7.0;
                assert_eq!(smallest(&column), -7.0);
            }
        }
        assert_eq!((largest(&[]), smallest(&[])), (f64::NEG_INFINITY, f64::INFINITY));
    }
}

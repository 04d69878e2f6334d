//! Derivatives of the residuals: differences of simulations with the same requests, on both sides of a coefficient.

use super::attempt::Attempt;
use super::coefficient::Coefficient;
use super::forward::Seen;

/// Step of the derivatives, in sizes of the coefficients.
const DIFFERENCE: f64 = 0.06;

impl Attempt {
    /// Points on both sides of these coefficients: derivatives at their middle do not depend on how the simulation bends.
    pub(super) fn both_sides(&self, places: &[usize]) -> Vec<Vec<f64>> {
        let ends = places.iter().flat_map(|&place| {
            self.sides(place, &self.coefficients[place]).map(|end| {
                let mut point = self.at.clone();
                point[place] = end;
                point
            })
        });
        ends.collect()
    }

    /// The derivatives of the residuals, from what is seen on both sides of these coefficients.
    pub(super) fn take_columns(&mut self, places: &[usize], points: &[Vec<Seen>]) {
        let ends = std::mem::take(&mut self.points);
        for (number, &place) in places.iter().enumerate() {
            let (low, high) = (2 * number, 2 * number + 1);
            let width = ends[high][place] - ends[low][place];
            let (below, above) = (self.residuals(&points[low]), self.residuals(&points[high]));
            let column = above.iter().zip(&below).map(|(above, below)| (above - below) / width);
            self.columns[place] = Some(column.collect());
        }
    }

    /// The two ends of the difference about a coefficient.
    fn sides(&self, place: usize, own: &Coefficient) -> [f64; 2] {
        let width = DIFFERENCE * self.at[place].max(0.5);
        let low = (self.at[place] - width).max(own.low);
        let high = (self.at[place] + width).min(own.high);
        [low, high]
    }
}

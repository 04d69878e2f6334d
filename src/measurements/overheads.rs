//! Where a fit begins if times are missing at the lowest load: with overheads of that size.
//!
//! A server takes fixed times that the peak rates of a GPU do not know. Steps from small shares of a peak would have to go far
//! to stand for them, and stop on the way.

use super::attempt::Attempt;
use super::forward::{ITL, TTFT};

/// Share of a measured time that has to be missing.
const MISSING: f64 = 0.3;
/// The time of each step, by the names that the latency models have for it.
const PER_STEP: [&str; 2] = ["step_overhead", "beta6"];
/// The time of each request before its first step.
const PER_REQUEST: &str = "alpha0";

impl Attempt {
    /// The coefficients with the overheads that the row of the shortest gaps lacks; `None` if little is missing.
    pub(super) fn with_overheads(&self) -> Option<Vec<f64>> {
        let measured = |row: usize, quantity: usize| {
            let mut of_row =
                self.observations.iter().filter(|own| own.row == row && own.quantity == quantity);
            of_row.next().map(|own| own.measured)
        };
        let rows = (0..self.rows.len()).filter_map(|row| Some((row, measured(row, ITL)?)));
        let (row, gap) = rows.min_by(|a, b| a.1.total_cmp(&b.1))?;
        let shown = self.here[row].means;
        let per_step = (gap - shown[ITL]).max(0.0);
        let ttft = measured(row, TTFT)?;
        let before = (ttft - shown[TTFT] - per_step).max(0.0);
        let wanted = [(&PER_STEP[..], per_step, gap), (&[PER_REQUEST], before, ttft)];
        let mut point = self.at.clone();
        for (names, missing, of) in wanted {
            let place = self.coefficients.iter().position(|own| names.contains(&own.name));
            if let Some(place) = place.filter(|_| missing > MISSING * of) {
                let own = &self.coefficients[place];
                point[place] = (point[place] + missing * 1000.0 / own.size).min(own.high);
            }
        }
        (point != self.at).then_some(point)
    }
}

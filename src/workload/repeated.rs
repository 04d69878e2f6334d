//! A list of requests again and again, for plans that need longer runs than it has requests.

use super::{Requests, Workload, bursts, generate};
use crate::config::Config;
use crate::error::ConfigError;
use crate::units::Micros;

/// The requests of a list repeated until there are at least `requests`, each time one mean gap after the end of the last;
/// bursts come once. A list that is long enough stays as it is.
///
/// # Errors
/// As [`generate`].
pub fn generate_repeated(config: &Config, requests: u64) -> Result<Workload, ConfigError> {
    let mut once = config.clone();
    let bursts = std::mem::take(&mut once.workload.bursts);
    let mut workload = generate(&once)?;
    let rows = workload.requests.len() as u64;
    if rows > 0 && requests > rows {
        workload.requests.repeat_all(requests.div_ceil(rows));
    }
    workload.burst = bursts::add(&bursts, &mut workload.requests)?;
    Ok(workload)
}

impl Requests {
    /// The earliest and the latest arrival, µs.
    pub fn span(&self) -> (i64, i64) {
        let times = self.arrival.iter().map(|time| time.0);
        (times.clone().min().unwrap_or(0), times.max().unwrap_or(0))
    }

    /// All rows so many times, each time one mean gap after the end of the last.
    fn repeat_all(&mut self, times: u64) {
        let rows = self.len();
        let (first, last) = self.span();
        let period = (last - first) + (last - first) / (rows as i64 - 1).max(1);
        // Ids would occur twice.
        self.ids = None;
        for pass in 1..times as i64 {
            let later = Micros(pass * period);
            self.arrival.extend_from_within(..rows);
            self.deadline.extend_from_within(..rows);
            for arrival in &mut self.arrival[pass as usize * rows..] {
                *arrival += later;
            }
            for deadline in &mut self.deadline[pass as usize * rows..] {
                if *deadline != Micros::ZERO {
                    *deadline += later;
                }
            }
            self.repeat_labels(rows);
        }
    }

    /// The first `rows` rows once more, of all columns but the times and the ids.
    fn repeat_labels(&mut self, rows: usize) {
        self.input.extend_from_within(..rows);
        self.output.extend_from_within(..rows);
        self.budget.extend_from_within(..rows);
        self.group.extend_from_within(..rows);
        self.prefix.extend_from_within(..rows);
        self.class.extend_from_within(..rows);
        self.tenant.extend_from_within(..rows);
        self.client.extend_from_within(..rows);
        self.session.extend_from_within(..rows);
        self.round.extend_from_within(..rows);
        if let Some(own) = &mut self.own_start {
            own.extend_from_within(..rows);
        }
        if let Some(tree) = &mut self.tree {
            tree.leaf.extend_from_within(..rows);
        }
        if let Some(models) = &mut self.models {
            models.of_request.extend_from_within(..rows);
        }
    }
}

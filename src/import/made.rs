//! Arrivals of files that have none.

use super::answers::{Answers, Process};
use super::columns::NONE;
use super::questions::{Known, USUAL_RATE};
use super::rows::Rows;
use crate::workload::streams::{positive_unit, stream};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The name of the random stream of made arrivals.
const ARRIVALS: &str = "import/arrivals";

/// Makes arrivals one after the other.
pub(super) struct Maker {
    random: Xoshiro256PlusPlus,
    process: Process,
    rate: f64,
    /// The next arrival, s.
    clock: f64,
}

impl Maker {
    /// As answered; `known` is the rate that the file names.
    pub fn new(answers: &Answers, known: Option<f64>) -> Self {
        Self {
            random: stream(answers.seed, ARRIVALS),
            process: answers.process,
            rate: answers.rate.or(known).unwrap_or(USUAL_RATE),
            clock: 0.0,
        }
    }

    /// The next arrival, ns.
    pub fn time(&mut self) -> i64 {
        let now = self.clock;
        self.clock += match self.process {
            Process::Constant => 1.0 / self.rate,
            Process::Poisson => -libm::log(positive_unit(&mut self.random)) / self.rate,
        };
        // Up to 31 years; nanoseconds are exact far beyond what is asked of a made time.
        (now.min(1e9) * 1e9) as i64
    }
}

/// Makes the arrivals of requests, or of conversations whose requests have times of their own; those of requests were made
/// before if the rows were sliced while they were read.
pub(super) fn arrivals(rows: &mut Rows, known: Known, is_sliced: bool) {
    let mut maker = Maker::new(&rows.plan.answers, known.rate);
    if rows.plan.makes_arrivals {
        if !is_sliced {
            rows.columns.time.iter_mut().for_each(|time| *time = maker.time());
        }
    } else if known.starts_sessions {
        let mut starts = vec![None; rows.names.sessions.names.len()];
        for row in 0..rows.columns.len() {
            let session = rows.columns.session.get(row);
            if session != NONE {
                let start = *starts[session as usize].get_or_insert_with(|| maker.time());
                rows.columns.time[row] = rows.columns.time[row].saturating_add(start);
            }
        }
    }
}

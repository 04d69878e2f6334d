//! Arrivals of files that have none.

use super::answers::Process;
use super::columns::NONE;
use super::questions::{Known, USUAL_RATE};
use super::rows::Rows;
use crate::workload::streams::{positive_unit, stream};

/// The name of the random stream of made arrivals.
const ARRIVALS: &str = "import/arrivals";

/// Makes the arrivals of requests, or of conversations whose requests have times of their own.
pub(super) fn arrivals(rows: &mut Rows, known: Known) {
    let answers = &rows.plan.answers;
    let rate = answers.rate.or(known.rate).unwrap_or(USUAL_RATE);
    let mut random = stream(answers.seed, ARRIVALS);
    let process = answers.process;
    let mut clock = 0.0;
    let mut next = || {
        let now = clock;
        clock += match process {
            Process::Constant => 1.0 / rate,
            Process::Poisson => -libm::log(positive_unit(&mut random)) / rate,
        };
        // Up to 31 years; nanoseconds are exact far beyond what is asked of a made time.
        (now.min(1e9) * 1e9) as i64
    };
    if rows.plan.makes_arrivals {
        for time in &mut rows.columns.time {
            *time = next();
        }
    } else if known.starts_sessions {
        let mut starts = vec![None; rows.names.sessions.names.len()];
        for row in 0..rows.columns.len() {
            let session = rows.columns.session.get(row);
            if session != NONE {
                let start = *starts[session as usize].get_or_insert_with(&mut next);
                rows.columns.time[row] = rows.columns.time[row].saturating_add(start);
            }
        }
    }
}

//! What a run says about its cluster: overloaded, too short to tell, or steady.

use super::Outcome;
use super::growth::queue_growing;
use super::records::{EndReason, RequestState};
use serde::Serialize;

/// More than this share of the arrivals lost to load means overload.
const LOSSES: f64 = 0.001;
/// Arrivals that last less than so many mean residence times do not tell.
const RESIDENCES: f64 = 4.0;

/// The three verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum VerdictKind {
    /// More arrives than is served: a longer run would look worse.
    Overloaded,
    /// The run ended before the cluster had settled.
    TooShort,
    /// A longer run would look the same.
    Steady,
}

impl VerdictKind {
    /// The verdict as people read it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Overloaded => "overloaded",
            Self::TooShort => "too short to tell",
            Self::Steady => "steady",
        }
    }
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Certainty {
    /// Nothing speaks against it.
    Certain,
    /// A longer run might still change it.
    Likely,
}

/// Requests that got no answer, by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Losses {
    /// Gave up at their deadline although an idle instance would have met it: a sign of load.
    pub timed_out: u64,
    /// Refused by the admission policy.
    pub rejected: u64,
    /// Longer than the model's maximum or than the KV cache: no sign of load.
    pub too_long: u64,
    /// Had a deadline that not even an idle instance meets: no sign of load.
    pub hopeless: u64,
}

/// A verdict and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Verdict {
    /// Which of the three.
    pub kind: VerdictKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// One sentence with figures, without a full stop.
    pub reason: String,
    /// If the run is too short: about so many requests would be enough.
    pub enough_requests: Option<u64>,
    /// Requests that got no answer.
    pub losses: Losses,
}

/// Judges a run.
pub fn verdict(outcome: &Outcome) -> Verdict {
    let losses = losses(outcome);
    let arrived: u64 = outcome.gateway.arrivals_by_class.iter().sum();
    let made = |kind, reason| Verdict {
        kind,
        certainty: Certainty::Likely,
        reason,
        enough_requests: (kind == VerdictKind::TooShort).then_some(4 * arrived),
        losses,
    };
    if losses.timed_out as f64 > LOSSES * arrived as f64 {
        return made(VerdictKind::Overloaded, format!("{} of {arrived} requests gave up", losses.timed_out));
    }
    if queue_growing(outcome) {
        return made(VerdictKind::Overloaded, "the queue was still growing when arrivals stopped".to_owned());
    }
    let completed: Vec<i64> = outcome.rows().filter_map(|row| outcome.e2e(row)).collect();
    let residence = completed.iter().sum::<i64>() as f64 / completed.len().max(1) as f64;
    let last = outcome.requests.arrival.iter().max().map_or(0, |time| time.0) as f64;
    if last < RESIDENCES * residence {
        return made(VerdictKind::TooShort, "arrivals lasted only a few residence times".to_owned());
    }
    made(VerdictKind::Steady, "the number of requests in the system was level".to_owned())
}

fn losses(outcome: &Outcome) -> Losses {
    let count = |state| outcome.records.state.iter().filter(|&&other| other == state).count() as u64;
    let past_due = |row: &usize| outcome.records.end_reason[*row] == EndReason::PastDueAtEnqueue;
    let rows = 0..outcome.requests.len();
    let hopeless = rows.filter(past_due).count() as u64;
    Losses {
        timed_out: count(RequestState::TimedOut) - hopeless,
        rejected: outcome.gateway.rejected,
        too_long: count(RequestState::Dropped),
        hopeless,
    }
}

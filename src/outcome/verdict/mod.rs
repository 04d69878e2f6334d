//! What a run shows about its cluster: overloaded, too short to tell, or steady.
//!
//! | module | part |
//! |---|---|
//! | `evidence` | what is read off the run: levels, losses, load |
//! | `expected` | how many requests will be in the system in the long run |
//! | `judge` | which of the three, and by which sign |
//! | `reason` | the reason as a sentence, and how many requests would be enough |
//!
//! A run is judged by itself: by the requests in the system (waiting and running) while others arrived and the number to be
//! expected in the long run, by losses, evictions, and its load, the arrivals over what an instance could serve
//! ([`Service`](crate::record::Service)). The thresholds were chosen so that runs of 4 and 16 times the length bear the
//! verdicts out (`tests/it/verdict`), and mean nothing beyond that. That test was run over 9,000 random clusters around the
//! knee that had no part in the choice, its scenes from 50,000, from 300,000 and from 303,000 on, 3,000 each: 1.0% of
//! "steady" were refuted (23 of 2,300), 0.5% of "overloaded" were level (17 of 3,110), and 92.4% of the level runs with
//! room and length were called steady (1,419 of 1,536). Of the 23 refuted, 15 had at least 90% load, and in 5 of the
//! others arrivals come in bursts (with a coefficient of variation of 3.5) that are rarer than the run is long.

mod evidence;
mod expected;
mod judge;
mod reason;

use super::Outcome;
use evidence::Evidence;
use serde::Serialize;

/// The three verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum VerdictKind {
    /// More arrives than is served: a longer run would be worse.
    Overloaded,
    /// The run ended before the cluster had settled.
    TooShort,
    /// A longer run would be the same.
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
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Certainty {
    /// There is no evidence against it.
    Certain,
    /// A longer run might still change it.
    Likely,
}

/// Requests that got no answer, by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Losses {
    /// Gave up at their deadline although an idle instance would have met it: a sign of load.
    pub timed_out: u64,
    /// Were at an instance when it crashed, as configured: no sign of load.
    pub lost: u64,
    /// Refused by the admission policy, as configured.
    pub rejected: u64,
    /// Name a model that no instance serves: no sign of load.
    pub other_model: u64,
    /// Longer than the model's maximum or than the KV cache: no sign of load.
    pub too_long: u64,
    /// Had a deadline that not even an idle instance meets: no sign of load.
    pub hopeless: u64,
}

/// A verdict and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Verdict {
    /// Which of the three.
    pub kind: VerdictKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// One sentence with figures, without a full stop.
    pub reason: String,
    /// If the run is too short: about how many requests would be enough.
    pub enough_requests: Option<u64>,
    /// Requests that got no answer.
    pub losses: Losses,
}

/// Judges a run.
pub fn verdict(outcome: &Outcome) -> Verdict {
    let evidence = Evidence::of(outcome);
    let sign = judge::sign(&evidence);
    let enough_requests = reason::enough_requests(sign, &evidence);
    Verdict {
        kind: sign.kind(),
        certainty: judge::certainty(sign, &evidence),
        reason: reason::reason(sign, &evidence, enough_requests),
        enough_requests,
        losses: evidence.losses,
    }
}

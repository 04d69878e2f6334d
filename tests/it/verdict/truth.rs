//! What longer runs show, without asking the verdict.

use blis_playground::outcome::levels::Levels;
use blis_playground::record::RequestState;
use blis_playground::{Config, Outcome, simulate};

use super::scenes::longer;

/// Share of the arrivals that may be lost to load.
const LOSSES: f64 = 0.001;
/// A level counts as grown if it exceeds this many times the one of a quarter of the length.
const GROWN: f64 = 1.25;

/// A run, judged without its verdict.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Mean number of requests in the system over the second half of the arrivals.
    pub in_system: f64,
    /// Share of the arrivals that timed out although an idle instance would have served them.
    pub lost: f64,
}

impl Seen {
    /// Judges a run.
    pub fn of(outcome: &Outcome) -> Self {
        let in_system =
            Levels::of(outcome).map_or(0.0, |levels| levels.in_system[8..].iter().sum::<f64>() / 8.0);
        let timed_out =
            outcome.records.state.iter().filter(|&&state| state == RequestState::TimedOut).count();
        let lost = (timed_out as u64).saturating_sub(outcome.service.hopeless);
        Self { in_system, lost: lost as f64 / outcome.requests.len().max(1) as f64 }
    }
}

/// Runs of the same settings with 1, 4 and 16 times the requests, and 64 times where those leave a doubt.
#[derive(Clone, Debug)]
pub struct Truth {
    /// The runs.
    pub runs: Vec<Seen>,
    /// Number of instances.
    pub instances: f64,
}

impl Truth {
    /// Judges the longer runs beside the given one.
    pub fn of(config: &Config, outcome: &Outcome) -> Self {
        let run = |factor| Seen::of(&simulate(&longer(config, factor)).expect("settings that run"));
        let mut truth = Self {
            runs: vec![Seen::of(outcome), run(4), run(16)],
            instances: outcome.instances.len() as f64,
        };
        // Growth seen for the first time may be a burst, and an overloaded cluster grows in step with its run.
        let slowly = truth.runs[2].in_system < 2.0 * truth.runs[1].in_system;
        if truth.grows(2) && (!truth.grows(1) || slowly) && !truth.loses() {
            truth.runs.push(run(64));
        }
        truth
    }

    fn loses(&self) -> bool {
        self.runs[1..].iter().any(|run| run.lost > LOSSES)
    }

    fn grows(&self, longer: usize) -> bool {
        let (before, after) = (self.runs[longer - 1].in_system, self.runs[longer].in_system);
        after > GROWN * before && after - before > self.instances
    }

    /// Longer runs lose requests, or have clearly more in the system again and again.
    pub fn is_overloaded(&self) -> bool {
        let longest = self.runs.len() - 1;
        self.loses() || (self.grows(longest) && self.grows(longest - 1))
    }

    /// Nothing lost, and the level stays at last.
    pub fn is_level(&self) -> bool {
        !self.loses() && !self.grows(self.runs.len() - 1)
    }
}

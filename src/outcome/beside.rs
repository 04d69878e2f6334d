//! Figures of ours beside those of the reference, where those mislead. They never take their place.
//!
//! * Throughput and latencies count completed requests only. What was generated for the others, and how long those that
//!   gave up had waited, is missing from them.
//! * A mean over instances hides a router that sent everything to one of them.

use super::Outcome;
use super::samples::rate;
use super::statistics::{OrderedSamples, Samples};
use super::words::{count, duration, number, plural};
use crate::record::RequestState;
use crate::units::{InstanceIndex, RequestIndex};
use serde::Serialize;

/// Share of the requests from which on one instance counts as the only one that matters.
const NEARLY_ALL: f64 = 0.9;

/// Figures beside the headline's; each is there only where the headline misleads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Beside {
    /// What the headline's latencies and rates leave out; `null` if every admitted request was served to its end.
    pub unfinished: Option<Unfinished>,
    /// The instance that got (nearly) everything; `null` if there is none, or only one instance at all.
    pub concentration: Option<Concentration>,
}

/// Requests without a complete answer, and figures that count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Unfinished {
    /// Requests that gave up at their deadline.
    pub gave_up: u64,
    /// Requests that were lost when their instance crashed.
    pub lost: u64,
    /// Requests that were waiting, running or on their way when the run ended.
    pub in_system: u64,
    /// Tokens generated for all of these.
    pub output_tokens: u64,
    /// Output tokens per s, those included. (Tokens from before an eviction are not.)
    pub produced_tokens_per_sec: f64,
    /// 99th percentile of the time to first token of all requests that have arrived, ms. A lower bound: a request
    /// without a first token counts with the time that it had waited by then.
    pub ttft_p99_at_least_ms: f64,
    /// The same for the time to the last token.
    pub e2e_p99_at_least_ms: f64,
}

/// A router that sends (nearly) everything to one of several instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Concentration {
    /// The instance.
    pub instance: InstanceIndex,
    /// Requests that were routed to it.
    pub requests: u64,
    /// Requests that were routed.
    pub routed: u64,
    /// Instances there are.
    pub instances: u64,
}

/// The figures beside the headline's. A run without losses costs one pass over the instances.
pub fn beside(outcome: &Outcome) -> Beside {
    Beside { unfinished: unfinished(outcome), concentration: concentration(outcome) }
}

fn unfinished(outcome: &Outcome) -> Option<Unfinished> {
    let gave_up = outcome.total(|instance| instance.timed_out);
    let lost = outcome.total(|instance| instance.lost);
    let served =
        outcome.total(|instance| instance.completed + instance.dropped) + outcome.gateway.turned_away();
    let arrived: u64 = outcome.gateway.arrivals_by_class.iter().sum();
    let in_system = arrived.saturating_sub(gave_up + lost + served);
    if gave_up + lost + in_system == 0 {
        return None;
    }
    let output_tokens = outcome.total(|instance| instance.unfinished_output_tokens);
    let produced = outcome.total(|instance| instance.output_tokens) + output_tokens;
    let p99 = |latency: fn(&Outcome, RequestIndex) -> Option<i64>| {
        let sample = |row| latency(outcome, row).or_else(|| waited(outcome, row));
        Samples::from_micros(outcome.rows().filter_map(sample).collect()).percentile_ms(99.0)
    };
    Some(Unfinished {
        gave_up,
        lost,
        in_system,
        output_tokens,
        produced_tokens_per_sec: rate(produced, outcome.duration()),
        ttft_p99_at_least_ms: p99(Outcome::ttft),
        e2e_p99_at_least_ms: p99(Outcome::e2e),
    })
}

/// How long a request without a complete answer was in the system, µs.
fn waited(outcome: &Outcome, row: RequestIndex) -> Option<i64> {
    let until = match outcome.records.state[row] {
        RequestState::TimedOut | RequestState::Lost => outcome.records.ended_at[row].get()?,
        RequestState::InTransit | RequestState::Queued | RequestState::Running | RequestState::InTransfer => {
            outcome.duration().0
        }
        RequestState::NotArrived
        | RequestState::Rejected
        | RequestState::Completed
        | RequestState::LengthCapped
        | RequestState::Dropped => return None,
    };
    Some((until - outcome.requests.arrival[row].0).max(0))
}

fn concentration(outcome: &Outcome) -> Option<Concentration> {
    // With instances that stopped, it is no wonder, and no fault of the router.
    if !outcome.stops.is_empty() {
        return None;
    }
    let instances = outcome.instances.len() as u64;
    let routed = outcome.total(|instance| instance.routed);
    let numbered = InstanceIndex::first(outcome.instances.len()).zip(&outcome.instances);
    let (instance, busiest) =
        numbered.reduce(|max, other| if other.1.routed > max.1.routed { other } else { max })?;
    let nearly_all = busiest.routed as f64 >= NEARLY_ALL * routed as f64;
    // Fewer requests than instances are no evidence about a router.
    (instances > 1 && routed >= instances && nearly_all).then_some(Concentration {
        instance,
        requests: busiest.routed,
        routed,
        instances,
    })
}

/// The same in sentences, without a dot at the end; empty where the headline does not mislead.
pub fn notes(outcome: &Outcome) -> Vec<String> {
    let Beside { unfinished, concentration } = beside(outcome);
    let lost = unfinished.into_iter().flat_map(|unfinished| unfinished.notes(outcome));
    lost.chain(concentration.map(Concentration::note)).collect()
}

impl Unfinished {
    fn notes(self, outcome: &Outcome) -> Vec<String> {
        let parts = [
            (self.lost, "got lost when an instance crashed"),
            (self.gave_up, "gave up"),
            (self.in_system, "had no complete answer at the end"),
        ];
        let mut subject = String::new();
        let mut left = parts.iter().filter(|(number, _)| *number > 0).count();
        for (number, what) in parts.into_iter().filter(|(number, _)| *number > 0) {
            let first = subject.is_empty();
            left -= 1;
            subject.push_str(match (first, left) {
                (true, _) => "",
                (false, 0) => " and ",
                (false, _) => ", ",
            });
            subject.push_str(&if first { plural(number, "request") } else { count(number) });
            subject.push(' ');
            subject.push_str(what);
        }
        let latencies = format!(
            "{subject}; with the time they waited, TTFT p99 is at least {} and E2E p99 at least {}",
            duration(self.ttft_p99_at_least_ms),
            duration(self.e2e_p99_at_least_ms)
        );
        let completed = rate(outcome.total(|instance| instance.output_tokens), outcome.duration());
        let tokens = format!(
            "{} tokens/s were produced, {} of them for completed requests",
            number(self.produced_tokens_per_sec),
            number(completed)
        );
        let differ = number(self.produced_tokens_per_sec) != number(completed);
        if self.output_tokens > 0 && differ { vec![latencies, tokens] } else { vec![latencies] }
    }
}

impl Concentration {
    fn note(self) -> String {
        let Self { instance, requests, routed, instances } = self;
        if requests == routed {
            format!(
                "all {} went to instance {instance}, one of {}",
                plural(routed, "request"),
                count(instances)
            )
        } else {
            format!(
                "{} of {} went to instance {instance}, one of {}",
                count(requests),
                plural(routed, "request"),
                count(instances)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::units::Micros;

    #[test]
    fn a_run_that_was_served_evenly_to_its_end_has_nothing_beside_it() {
        let rows =
            [0, 1, 0, 1].map(|instance| RowBuilder { instance, ..RowBuilder::completed(0, 1000, &[]) });
        assert_eq!(beside(&outcome(2, &rows)), Beside::default());
        assert_eq!(beside(&outcome(3, &[])), Beside::default());
        assert_eq!(notes(&outcome(2, &rows)), [""; 0]);
    }

    #[test]
    fn those_who_gave_up_and_those_who_are_left_count_with_the_time_they_waited() {
        let gave_up = RowBuilder {
            state: RequestState::TimedOut,
            ttft: None,
            ended: Some(7_000_000),
            ..RowBuilder::completed(2_000_000, 0, &[])
        };
        let rows = [
            RowBuilder::completed(0, 1_000_000, &[1_000_000]),
            gave_up,
            RowBuilder::queued(6_000_000, 6_000_000),
            RowBuilder::rejected(0),
        ];
        let mut outcome = outcome(1, &rows);
        outcome.instances[0].end = Micros(10_000_000);
        outcome.instances[0].unfinished_output_tokens = 8;
        let unfinished = beside(&outcome).unfinished.expect("two are not answered");
        // Waits of 1, 5 and 4 s: p99 at rank 1.98 of 1, 4, 5. To the last token 2, 4 and 5 s.
        assert_eq!((unfinished.gave_up, unfinished.in_system), (1, 1));
        assert!((unfinished.ttft_p99_at_least_ms - 4980.0).abs() < 1e-9, "{unfinished:?}");
        assert!((unfinished.e2e_p99_at_least_ms - 4980.0).abs() < 1e-9, "{unfinished:?}");
        // Two tokens of the completed request and eight others in 10 s.
        assert_eq!(unfinished.produced_tokens_per_sec, 1.0);
        assert_eq!(
            notes(&outcome),
            [
                "1 request gave up and 1 had no complete answer at the end; with the time they waited, TTFT p99 is at \
                 least 4.98 s and E2E p99 at least 4.98 s",
                "1 tokens/s were produced, 0.2 of them for completed requests",
            ]
        );
    }

    #[test]
    fn a_router_that_uses_one_of_several_instances_is_named() {
        let to = |instances: &[u32]| {
            let rows: Vec<RowBuilder> = instances
                .iter()
                .map(|&instance| RowBuilder { instance, ..RowBuilder::completed(0, 10, &[]) })
                .collect();
            notes(&outcome(3, &rows))
        };
        assert_eq!(to(&[1; 1200]), ["all 1,200 requests went to instance 1, one of 3"]);
        let mut nearly = [2; 20];
        nearly[7] = 0;
        assert_eq!(to(&nearly), ["19 of 20 requests went to instance 2, one of 3"]);
        assert_eq!(to(&[0, 0, 1, 1]), [""; 0]);
        // Two requests cannot reach three instances.
        assert_eq!(to(&[0, 0]), [""; 0]);
        assert_eq!(
            notes(&outcome(1, &[RowBuilder::completed(0, 10, &[]), RowBuilder::completed(0, 10, &[])])),
            [""; 0]
        );
    }
}

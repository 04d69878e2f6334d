//! The figures of a run that a sweep compares, and their spread over seeds.

use crate::outcome::goodput::Goodput;
use crate::outcome::summary::Summary;
use serde::Serialize;

/// What the figures are taken from.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// The headline figures.
    pub summary: &'a Summary,
    /// What met the latency targets; none without targets.
    pub goodput: Option<&'a Goodput>,
    /// Whether decisions were compared, so that there is a regret (`trace.counterfactual_k`).
    pub regret: bool,
}

/// A figure with a name.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its place in the summary, or below `goodput`.
    pub name: &'static str,
    of: fn(Measured) -> Option<f64>,
}

impl Figure {
    /// The figure of a run; none where it was not measured.
    pub fn of(&self, run: Measured) -> Option<f64> {
        (self.of)(run)
    }
}

macro_rules! figures {
    ($($first:ident $(. $name:ident)*),+ $(,)?) => {
        [$(Figure {
            name: concat!(stringify!($first) $(, ".", stringify!($name))*),
            of: |run| Some(run.summary.$first$(.$name)* as f64),
        }),+]
    };
}

/// Those of every run.
const OF_SUMMARY: [Figure; 26] = figures![
    requests,
    completed,
    rejected,
    dropped,
    timed_out,
    length_capped,
    still_queued,
    still_running,
    preemptions,
    simulated_s,
    responses_per_sec,
    tokens_per_sec,
    ttft.mean_ms,
    ttft.p50_ms,
    ttft.p90_ms,
    ttft.p99_ms,
    itl.mean_ms,
    itl.p50_ms,
    itl.p90_ms,
    itl.p99_ms,
    e2e.mean_ms,
    e2e.p50_ms,
    e2e.p90_ms,
    e2e.p99_ms,
    scheduling_delay.p99_ms,
    cache_hit_rate,
];

/// Those of some.
const IF_MEASURED: [Figure; 5] = [
    Figure { name: "mean_regret", of: |run| run.regret.then_some(run.summary.mean_regret) },
    Figure { name: "goodput.goodput_rps", of: |run| Some(run.goodput?.goodput_rps) },
    Figure { name: "goodput.slo_attainment", of: |run| Some(run.goodput?.slo_attainment) },
    Figure { name: "cost.usd_per_hour", of: |run| Some(run.summary.cost?.usd_per_hour) },
    Figure { name: "cost.usd_per_million_tokens", of: |run| run.summary.cost?.usd_per_million_tokens },
];

/// All figures, in the order in which they are shown.
pub fn figures() -> impl Iterator<Item = Figure> {
    OF_SUMMARY.into_iter().chain(IF_MEASURED)
}

/// A figure over several runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The one in the middle; of an even number, the mean of the two in the middle.
    pub median: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

impl Spread {
    /// That of these values, in any order; none without values.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (&min, &max) = (values.first()?, values.last()?);
        let upper = values[values.len() / 2];
        let lower = values[(values.len() - 1) / 2];
        let median = if values.len() % 2 == 1 { upper } else { f64::midpoint(lower, upper) };
        Some(Self { median, min, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_middle_and_ends() {
        assert_eq!(Spread::of(vec![]), None);
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Some(Spread { median: 2.0, min: 1.0, max: 3.0 }));
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 8.0]), Some(Spread { median: 3.0, min: 1.0, max: 8.0 }));
    }

    #[test]
    fn figures_lie_in_the_summary_under_their_names() {
        let summary = crate::simulate(&crate::Config::default()).expect("valid").summary();
        let json = serde_json::to_value(&summary).expect("plain");
        for figure in OF_SUMMARY {
            let place = format!("/{}", figure.name.replace('.', "/"));
            let there = json.pointer(&place).and_then(serde_json::Value::as_f64);
            let run = Measured { summary: &summary, goodput: None, regret: true };
            assert!(there.is_some() && there == figure.of(run), "{}", figure.name);
        }
    }
}

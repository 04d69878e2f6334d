//! Every figure of a run under a name, for texts and claims about runs.
//!
//! In the JSON form the headline figures lie at the top (`ttft.p99_ms`), the others below: `good.requests`,
//! `limits.step_budget`, `theory.excess.capacity`, and `theory.occupancy.slots_measured` for what the run shows beside a prediction.

use crate::config::Config;
use crate::outcome::Outcome;
use crate::outcome::goodput::goodput;
use crate::outcome::limits::LimitShares;
use crate::outcome::summary::Summary;
use crate::outcome::verdict::VerdictKind;
use crate::theory::{self, Calibration, Overlays};
use serde::Serialize;
use std::collections::BTreeMap;

/// Figures of a closed form by name.
pub type TheoryFigures = BTreeMap<String, f64>;

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Figures {
    /// The headline figures.
    #[serde(flatten)]
    pub summary: Summary,
    /// Whether the verdict is "overloaded".
    pub overloaded: bool,
    /// Whether the verdict is "steady".
    pub steady: bool,
    /// Largest share of the routed requests that one instance got; 0 without any.
    pub busiest_share: f64,
    /// Requests that met the latency targets; `null` without targets.
    pub good: Option<Good>,
    /// Why requests waited, as shares over all instances; `null` if the run did not track limits.
    pub limits: Option<LimitShares>,
    /// Closed forms; `null` without a calibration.
    #[cfg_attr(feature = "js", tsify(type = "Record<string, Record<string, number>> | null"))]
    pub theory: Option<BTreeMap<&'static str, TheoryFigures>>,
}

/// Requests that met the latency targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Good {
    /// Their number.
    pub requests: f64,
    /// Their number per second of the run.
    pub per_sec: f64,
    /// Their share of all arrivals.
    pub share: f64,
}

/// The figures of a run of this configuration; closed forms only with a calibration.
pub fn figures(config: &Config, outcome: &Outcome, calibration: Option<&Calibration>) -> Figures {
    let summary = outcome.summary();
    let max = summary.requests_per_instance.iter().copied().max().unwrap_or(0);
    let routed: u64 = summary.requests_per_instance.iter().map(|&routed| u64::from(routed)).sum();
    let good = goodput(outcome, &config.goodput_targets()).map(|goodput| Good {
        // A whole number again: the rate was made from it.
        requests: (goodput.goodput_rps * summary.simulated_s).round(),
        per_sec: goodput.goodput_rps,
        share: goodput.slo_attainment,
    });
    Figures {
        overloaded: summary.verdict.kind == VerdictKind::Overloaded,
        steady: summary.verdict.kind == VerdictKind::Steady,
        busiest_share: if routed == 0 { 0.0 } else { f64::from(max) / routed as f64 },
        good,
        limits: outcome.limits.as_ref().map(|record| record.shares().overall),
        theory: calibration.map(|calibration| by_name(&theory::overlays(config, outcome, calibration))),
        summary,
    }
}

fn by_name(overlays: &Overlays) -> BTreeMap<&'static str, TheoryFigures> {
    let mut all = BTreeMap::new();
    for overlay in overlays.all() {
        let mut figures = TheoryFigures::new();
        for quantity in &overlay.values {
            figures.insert(quantity.name.to_owned(), quantity.value);
            if let Some(measured) = quantity.measured {
                figures.insert(format!("{}_measured", quantity.name), measured);
            }
        }
        all.insert(overlay.name, figures);
    }
    all
}

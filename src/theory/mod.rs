//! Closed forms to hold beside a simulation, each with the reason why it holds for this run or does not.
//!
//! | module | formula |
//! |---|---|
//! | [`calibration`] | the constants, measured with short runs of the engine |
//! | [`conditions`] | what the run was like: filled, steady, balanced, bursty |
//! | [`ceilings`] | the four limits of an instance's throughput, and which one binds |
//! | [`batch`] | size of the running batch and gap between tokens; how full the slots are |
//! | [`excess`] | arrivals per instance minus what it can serve |
//! | [`little`] | L = lambda W, as a test of steadiness |
//! | [`erlang`] | waiting for one of many slots |
//! | [`fluid`] | the queue of an overloaded cluster, by the age of its work |
//! | [`burstiness`] | how variable arrivals and answers are |
//!
//! Nothing here feeds back into a simulation, and no constant of a model or GPU is written down here.

pub mod batch;
pub mod burstiness;
pub mod calibration;
pub mod ceilings;
pub mod conditions;
pub mod erlang;
pub mod excess;
pub mod fluid;
pub mod little;

pub use calibration::{Calibration, calibrate};
pub use ceilings::{Ceiling, Ceilings};
pub use conditions::Conditions;

use crate::config::Config;
use crate::outcome::{Outcome, words};
use serde::Serialize;

/// A figure of an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Quantity {
    /// Its name, unique within the overlay.
    pub name: &'static str,
    /// The value of the formula; finite.
    pub value: f64,
    /// Unit of both figures; empty for a pure number.
    pub unit: &'static str,
    /// What the run shows, where it shows the same thing.
    pub measured: Option<f64>,
    /// How far the two may lie apart for the form to hold; there exactly where there is a measured figure.
    pub bound: Option<Bound>,
}

/// How far a prediction may lie from what the run shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Bound {
    /// As a share of the measured figure.
    pub share: f64,
    /// Differences up to this, in the unit of the figure, never count: the form does not see so small ones.
    pub slack: f64,
}

impl Bound {
    const fn share(share: f64) -> Self {
        Self { share, slack: 0.0 }
    }
}

impl Quantity {
    const fn new(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value, unit, measured: None, bound: None }
    }

    /// With what the run shows, which has to lie within the bound.
    const fn beside(self, measured: f64, bound: Bound) -> Self {
        Self { measured: Some(measured), bound: Some(bound), ..self }
    }

    /// The same, if the run shows this figure at all.
    const fn beside_if(self, shown: bool, measured: f64, bound: Bound) -> Self {
        if shown { self.beside(measured, bound) } else { self }
    }

    /// Why the prediction is too far off, if it is.
    fn miss(&self) -> Option<String> {
        let (measured, bound) = (self.measured?, self.bound?);
        let difference = (self.value - measured).abs();
        if difference <= (bound.share * measured.abs()).max(bound.slack) {
            return None;
        }
        let (predicted, shown) = (self.words(self.value), self.words(measured));
        let off = if measured == 0.0 {
            String::new()
        } else {
            format!(": off by {:.0}%", 100.0 * difference / measured.abs())
        };
        Some(format!("predicted {predicted}, measured {shown}{off}"))
    }

    fn words(&self, value: f64) -> String {
        match self.unit {
            "ms" => words::duration(value),
            "s" => words::duration(1000.0 * value),
            "requests/s" => format!("{}/s", words::number(value)),
            "" => words::number(value),
            unit => format!("{} {unit}", words::number(value)),
        }
    }
}

/// A closed form applied to a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Overlay {
    /// Name for programs.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it predicts; without the figures that do not exist for this load.
    pub values: Vec<Quantity>,
    /// Whether its assumptions hold for this run and its predictions come within their bounds. A chart hides it otherwise.
    pub holds: bool,
    /// Why it holds, or what fails first; the end of "holds because" or "fails because".
    pub because: String,
}

impl Overlay {
    /// The figure with this name, if it exists for this load.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.values.iter().find(|quantity| quantity.name == name).map(|quantity| quantity.value)
    }
}

/// All closed forms for one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Overlays {
    /// The ceiling that an instance meets first.
    pub binding: Ceiling,
    /// See [`ceilings`].
    pub ceilings: Overlay,
    /// See [`excess`].
    pub excess: Overlay,
    /// See [`batch::fixed_point`].
    pub batch: Overlay,
    /// See [`batch::occupancy`].
    pub occupancy: Overlay,
    /// See [`little`].
    pub little: Overlay,
    /// See [`erlang`].
    pub erlang: Overlay,
    /// See [`fluid`].
    pub fluid: Overlay,
    /// See [`burstiness`].
    pub burstiness: Overlay,
}

impl Overlays {
    /// All of them, in the order in which they are shown.
    pub const fn all(&self) -> [&Overlay; 8] {
        [
            &self.ceilings,
            &self.excess,
            &self.batch,
            &self.occupancy,
            &self.little,
            &self.erlang,
            &self.fluid,
            &self.burstiness,
        ]
    }
}

/// Applies every closed form to a run of this configuration.
pub fn overlays(config: &Config, outcome: &Outcome, calibration: &Calibration) -> Overlays {
    let run = Conditions::of(config, outcome, calibration);
    let ceilings = Ceilings::of(calibration);
    let steady = |overlay: Overlay| unless_disturbed(overlay, outcome);
    Overlays {
        binding: ceilings.binding(),
        ceilings: ceilings::overlay(&ceilings, &run),
        excess: steady(excess::overlay(&ceilings, calibration, &run)),
        batch: steady(batch::fixed_point(calibration, &run)),
        occupancy: steady(batch::occupancy(calibration, &run)),
        little: little::overlay(&run),
        erlang: steady(erlang::overlay(calibration, &run)),
        fluid: steady(fluid::overlay(&ceilings, calibration, &run, &outcome.requests.output)),
        burstiness: burstiness::overlay(calibration, &run),
    }
}

/// A closed form of a cluster that stays the same, which fails where an instance stops or a burst comes.
fn unless_disturbed(overlay: Overlay, outcome: &Outcome) -> Overlay {
    let disturbance = match (outcome.stops.first(), outcome.burst.len() as u64) {
        (Some(stop), _) => {
            format!("instance {} stopped at {}", stop.instance, words::duration(stop.at.as_secs() * 1000.0))
        }
        (None, 0) => return overlay,
        (None, burst) => format!("{} came in bursts beside the others", words::plural(burst, "request")),
    };
    Overlay { holds: false, because: disturbance, ..overlay }
}

/// Puts an overlay together: it fails at the first check that does not pass, for the reason beside it, or with the first
/// prediction that is too far off.
fn judged(
    (name, title): (&'static str, &'static str),
    values: Vec<Quantity>,
    checks: impl IntoIterator<Item = (bool, String)>,
    reason_to_hold: String,
) -> Overlay {
    let values: Vec<Quantity> = values.into_iter().filter(|quantity| quantity.value.is_finite()).collect();
    let failure = checks.into_iter().find(|(passes, _)| !passes).map(|(_, reason)| reason);
    let failure = failure.or_else(|| values.iter().find_map(Quantity::miss));
    let holds = failure.is_none();
    let because = failure.unwrap_or(reason_to_hold);
    Overlay { name, title, values, holds, because }
}

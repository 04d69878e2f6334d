//! Runs from JavaScript.

use super::values::{config_from_js, steps, to_js};
use super::{RunResult, js_error};
use crate::config::Config;
use crate::error::ConfigError;
use crate::estimate;
use crate::simulation::{Preparation, Progress, StagedRun};
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// Runs a configuration to its end. The thread does nothing else until then: `Simulation` cuts a run into slices.
///
/// @throws {ConfigError} if the configuration cannot be used
#[wasm_bindgen]
pub fn simulate(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<RunResult, Error> {
    let mut run = Run::new(config)?;
    run.staged.run_to_end().map_err(|error| js_error(&error))?;
    run.finish()
}

/// About how many requests a run has, and what time and memory it takes, without making it.
///
/// @throws {ConfigError} if the configuration cannot be used
#[wasm_bindgen(unchecked_return_type = "Estimate")]
pub fn estimate(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    to_js(&estimate::estimate(&config).map_err(|error| js_error(&error))?)
}

#[wasm_bindgen]
extern "C" {
    /// The time on a clock that only goes forward, ms.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;
}

/// Steps that are tried first, where it is not known what they cost: less than a millisecond.
const FIRST_STEPS: f64 = 1_000.0;

/// A run that is advanced in slices, so that it can show progress and be given up.
#[wasm_bindgen(js_name = Simulation)]
pub struct Run {
    config: Config,
    staged: StagedRun,
    /// Steps per millisecond, as far as the last ones tell; 0 while that is not known.
    pace: f64,
}

impl Run {
    /// A run before its first request.
    pub(super) fn of(config: Config) -> Result<Self, Error> {
        let preparation = Preparation::new(&config).map_err(|error| js_error(&error))?;
        Ok(Self { config, staged: StagedRun::new(preparation), pace: 0.0 })
    }

    fn work(&mut self, steps: f64) -> Result<Progress, Error> {
        self.staged.advance(self::steps(steps)?).map_err(|error| js_error(&error))
    }
}

#[wasm_bindgen(js_class = Simulation)]
impl Run {
    /// A run before its first request: the settings are checked, nothing else is done.
    ///
    /// @throws {ConfigError} if the configuration cannot be used
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<Self, Error> {
        Self::of(config_from_js(&config)?)
    }

    /// Notes why requests wait, for `Result.limits`. To be called before the run is advanced; later it changes nothing.
    #[wasm_bindgen(js_name = trackLimits)]
    pub fn track_limits(&mut self) {
        self.staged.track_limits();
    }

    /// Works on for at most about `steps` steps and decisions. The requests come first; generating four of them counts
    /// as a step. What a step takes depends on the cluster, between 0.02 µs (12 instances, round robin)
    /// and 0.7 µs (64 instances with 2,000,000 requests): `advanceFor` keeps to a time.
    ///
    /// @throws {ConfigError} if `steps` is not at least 1, or the requests turn out to be of no use
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn advance(&mut self, steps: f64) -> Result<JsValue, Error> {
        to_js(&self.work(steps)?)
    }

    /// Works on for about `ms` milliseconds. A few moments cannot be cut: where requests of several kinds are sorted (some 50 ns
    /// each), where a column of them is made, and where all are looked through before the first is served (5 to 20 ns each).
    ///
    /// @throws {ConfigError} if `ms` is no number of at least 0, or the requests turn out to be of no use
    #[wasm_bindgen(js_name = advanceFor, unchecked_return_type = "Progress")]
    pub fn advance_for(&mut self, ms: f64) -> Result<JsValue, Error> {
        if ms.is_nan() || ms < 0.0 {
            return Err(js_error(&ConfigError::invalid("ms", ms, "a number that is at least 0")));
        }
        let begin = now_ms();
        let mut before = begin;
        let mut phase = None;
        loop {
            let left = begin + ms - before;
            // Half of what is left: what the last steps took does not tell exactly what the next ones will.
            let steps = (0.5 * left * self.pace).max(FIRST_STEPS);
            let progress = self.work(steps)?;
            let after = now_ms();
            // Some browsers' clocks stand still for a while, and then the pace is not known. Nor does the generation of
            // requests tell how long it takes to serve them.
            self.pace = match phase.replace(progress.phase) {
                Some(former) if former != progress.phase => 0.0,
                _ if after > before => steps / (after - before),
                _ => 2.0 * self.pace,
            };
            before = after;
            if progress.done || after - begin >= ms {
                return to_js(&progress);
            }
        }
    }

    /// Warnings: the run goes ahead.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn warnings(&self) -> Vec<String> {
        self.staged.warnings().to_vec()
    }

    /// Ends the run, done or not, and gives what happened so far. What requests are missing is generated first. The
    /// run itself is used up by it.
    ///
    /// @throws {ConfigError} if the requests turn out to be of no use
    pub fn finish(self) -> Result<RunResult, Error> {
        let warnings = self.staged.warnings().to_vec();
        let outcome = self.staged.finish().map_err(|error| js_error(&error))?;
        Ok(RunResult::new(self.config, warnings, outcome))
    }
}

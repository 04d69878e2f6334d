//! Settings that stay in the engine between being read and being run.

use super::values::{config_to_js, pairs_from_js, to_js};
use super::{Problem, Run, js_error};
use crate::config::Config;
use crate::estimate::estimate;
use crate::simulation::Preparation;
use crate::workload::imported::imported;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// The default settings with some of them replaced. They can be run and checked without being described in between,
/// which would take longer than a short run.
#[wasm_bindgen]
pub struct Settings {
    pub(super) config: Config,
    pub(super) rejected: Vec<Problem>,
}

#[wasm_bindgen]
impl Settings {
    /// Reads pairs of a name (URL key, path or flag) and a text. What cannot be read is left out: see `rejected`.
    ///
    /// @throws {ConfigError} if these are no pairs
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Pairs")] pairs: JsValue) -> Result<Self, Error> {
        let pairs = pairs_from_js(&pairs)?;
        let mut config = Config::default();
        let mut rejected = Vec::new();
        for (name, text) in pairs {
            if let Err(error) = config.set(&name, &text) {
                rejected.push(Problem::from(&error));
            }
        }
        Ok(Self { config, rejected })
    }

    /// The configuration, complete.
    #[wasm_bindgen(getter, unchecked_return_type = "CompleteConfig")]
    pub fn config(&self) -> Result<JsValue, Error> {
        config_to_js(&self.config)
    }

    /// The settings that differ from the defaults, by URL key.
    #[wasm_bindgen(getter, unchecked_return_type = "[string, string][]")]
    pub fn pairs(&self) -> Result<JsValue, Error> {
        to_js(&self.config.to_pairs())
    }

    /// The keys of the settings that have no effect because of the values of others.
    #[wasm_bindgen(getter, js_name = withoutEffect, unchecked_return_type = "string[]")]
    pub fn without_effect(&self) -> Result<JsValue, Error> {
        to_js(&self.config.without_effect())
    }

    /// The pairs that could not be read, and why.
    #[wasm_bindgen(getter, unchecked_return_type = "Problem[]")]
    pub fn rejected(&self) -> Result<JsValue, Error> {
        to_js(&self.rejected)
    }

    /// The workload that replaces the settings' own; `null` if none does.
    #[wasm_bindgen(getter, unchecked_return_type = "Imported | null")]
    pub fn imported(&self) -> Result<JsValue, Error> {
        to_js(&imported(&self.config))
    }

    /// All problems of what could be read; an empty list means that it can be run.
    #[wasm_bindgen(unchecked_return_type = "Problem[]")]
    pub fn problems(&self) -> Result<JsValue, Error> {
        to_js(&problems_of(&self.config))
    }

    /// About how many requests a run of them has, and what time and memory it takes.
    ///
    /// @throws {ConfigError} if they cannot be used
    #[wasm_bindgen(unchecked_return_type = "Estimate")]
    pub fn estimate(&self) -> Result<JsValue, Error> {
        to_js(&estimate(&self.config).map_err(|error| js_error(&error))?)
    }

    /// A run before its first request.
    ///
    /// @throws {ConfigError} if the configuration cannot be used
    pub fn simulation(&self) -> Result<Run, Error> {
        Run::of(self.config.clone())
    }
}

/// Everything that is wrong with a configuration. Requests are generated only where it takes that to be sure.
pub(super) fn problems_of(config: &Config) -> Vec<Problem> {
    let mut problems = config.problems();
    if problems.is_empty() {
        let further = match Preparation::new(config) {
            Ok(run) if run.may_fail() => run.finish().err(),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        problems.extend(further);
    }
    problems.iter().map(Problem::from).collect()
}

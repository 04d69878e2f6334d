//! What makes a configuration invalid or pointless, before anything is computed.
//!
//! Single values are checked against [`schema`](super::schema), in its order; then the rules that tie settings
//! together, in the order of the chapters.

mod rules;
mod size;
mod warnings;

use super::json::shown;
use super::schema::{self, Setting, SettingKind};
use super::{Config, WorkloadSettings};
use crate::error::ConfigError;
use serde::Serialize;
use serde_json::Value;

/// A remark on settings that does not stop a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Warning {
    /// The setting, as a path into the configuration.
    pub path: String,
    /// What is odd about it.
    pub message: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl Config {
    /// Checks everything that can be checked without the model's data.
    ///
    /// # Errors
    /// The first problem, in the order of [`Config::problems`].
    pub fn validate(&self) -> Result<Vec<Warning>, ConfigError> {
        match self.problems().into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(self.warnings()),
        }
    }

    /// All problems: ranges of single settings first, then contradictions between settings.
    pub fn problems(&self) -> Vec<ConfigError> {
        let config = self.without_rows().to_value();
        let ranges = schema::settings().iter().filter_map(|setting| out_of_range(setting, &config));
        let mut problems: Vec<_> = ranges.collect();
        rules::check(self, &mut problems);
        size::check(self, &mut problems);
        problems
    }

    /// The same settings with the list of requests, if there is one, empty: no range or condition reads it,
    /// and it can be a million rows long.
    fn without_rows(&self) -> Self {
        let workload = &self.workload;
        Self {
            version: self.version,
            model: self.model.clone(),
            memory: self.memory.clone(),
            cluster: self.cluster.clone(),
            admission: self.admission.clone(),
            routing: self.routing.clone(),
            instance: self.instance.clone(),
            workload: WorkloadSettings {
                requests: workload.requests.as_ref().map(|_| Vec::new()),
                spec: workload.spec.clone(),
                kind: workload.kind,
                rate: workload.rate,
                num_requests: workload.num_requests,
                concurrency: workload.concurrency,
                think_time_ms: workload.think_time_ms,
                prefix_tokens: workload.prefix_tokens,
                prompt_tokens: workload.prompt_tokens,
                prompt_tokens_stdev: workload.prompt_tokens_stdev,
                prompt_tokens_min: workload.prompt_tokens_min,
                prompt_tokens_max: workload.prompt_tokens_max,
                output_tokens: workload.output_tokens,
                output_tokens_stdev: workload.output_tokens_stdev,
                output_tokens_min: workload.output_tokens_min,
                output_tokens_max: workload.output_tokens_max,
                timeout: workload.timeout,
            },
            trace: self.trace,
            slo: self.slo.clone(),
            seed: self.seed,
        }
    }

    /// Settings without effect, and runs that cannot show what their author expects.
    pub fn warnings(&self) -> Vec<Warning> {
        warnings::of(self)
    }
}

/// The problem with a setting's own value, if it has one and the value matters.
fn out_of_range(setting: &Setting, config: &Value) -> Option<ConfigError> {
    if setting.checked_only_if_applies && !setting.applies(config) {
        return None;
    }
    range_problem(setting, config)
}

/// The problem with a setting's own value, whether it matters or not.
pub(super) fn range_problem(setting: &Setting, config: &Value) -> Option<ConfigError> {
    let value = setting.value(config);
    let valid = match &setting.kind {
        SettingKind::Integer { min, max, nullable } => match value.as_i64() {
            Some(number) => min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max),
            None => *nullable && value.is_null(),
        },
        SettingKind::Number { min, max, exclusive_min } => value.as_f64().is_some_and(|number| {
            let above = if *exclusive_min { number > *min } else { number >= *min };
            above && max.is_none_or(|max| number <= max)
        }),
        _ => true,
    };
    if valid { None } else { Some(ConfigError::invalid(setting.path, given(value), setting.expected())) }
}

/// The offending value. JSON has no NaN and no infinity; they arrive here as `null`.
fn given(value: &Value) -> String {
    if value.is_null() { "a value that is not finite".to_owned() } else { shown(value) }
}

#[cfg(test)]
mod tests;

//! What makes a configuration invalid or pointless, before anything is computed.
//!
//! Single values are checked against [`schema`](super::schema), in its order; then the rules that tie settings
//! together, in the order of the chapters.

mod own_gpus;
mod own_models;
mod rules;
mod size;
mod warnings;

pub(super) use rules::tenant_budgets;

use super::schema::{self, Setting, SettingKind};
use super::setting_value::Number;
use crate::config::Config;
use crate::error::ConfigError;
use serde::Serialize;

/// A remark on settings that does not stop a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
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
        let ranges = schema::settings().iter().filter_map(|setting| out_of_range(setting, self));
        let mut problems: Vec<_> = ranges.collect();
        rules::check(self, &mut problems);
        own_gpus::check(self, &mut problems);
        own_models::check(self, &mut problems);
        size::check(self, &mut problems);
        problems
    }

    /// Settings without effect, and runs that cannot show what their author expects.
    pub fn warnings(&self) -> Vec<Warning> {
        warnings::of(self)
    }
}

/// The problem with a setting's own value, if it has one and the value matters.
fn out_of_range(setting: &Setting, config: &Config) -> Option<ConfigError> {
    if setting.checked_only_if_applies && !setting.applies(config) {
        return None;
    }
    range_problem(setting, config)
}

/// The problem with a setting's own value, whether it matters or not.
pub(super) fn range_problem(setting: &Setting, config: &Config) -> Option<ConfigError> {
    let number = setting.number(config);
    let valid = match (&setting.kind, number) {
        (SettingKind::Integer { min, max, .. }, Number::Whole(number)) => {
            min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
        }
        (SettingKind::Number { min, max, exclusive_min, .. }, Number::Real(number)) => {
            let above = if *exclusive_min { number > *min } else { number >= *min };
            number.is_finite() && above && max.is_none_or(|max| number <= max)
        }
        _ => true,
    };
    let given = || match number {
        Number::Real(number) if !number.is_finite() => "a value that is not finite".to_owned(),
        _ => setting.text(config),
    };
    if valid { None } else { Some(ConfigError::invalid(setting.path, given(), setting.expected())) }
}

#[cfg(test)]
mod tests;

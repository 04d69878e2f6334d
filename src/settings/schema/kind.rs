//! Types of settings: what is valid, and how that is worded.

use crate::config::{Choice, ChoiceOption, Config, SloTarget};
use crate::settings::field::Field;
use crate::settings::setting_value::SettingValue;
use serde::Serialize;
use serde_json::Value;

/// The groups of the form, in the order of a request's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Group {
    /// What is served, and on which GPUs.
    Model,
    /// KV cache of an instance.
    Memory,
    /// Number of instances, end of the run.
    Cluster,
    /// Which requests are let in.
    Admission,
    /// Which instance gets a request.
    Routing,
    /// Queue and batch of an instance.
    Instance,
    /// The requests.
    Workload,
    /// Latency targets for goodput.
    Targets,
    /// What is recorded about decisions.
    Trace,
}

/// A latency that a target can limit (metrics chapter, M-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum TargetDimension {
    /// Time to first token.
    #[serde(rename = "ttft_ms")]
    Ttft,
    /// Mean inter-token latency of a request.
    #[serde(rename = "itl_ms")]
    Itl,
    /// Arrival to last token.
    #[serde(rename = "e2e_ms")]
    E2e,
}

impl TargetDimension {
    /// The limit that a target sets.
    pub const fn limit(self, target: &SloTarget) -> Option<f64> {
        match self {
            Self::Ttft => target.ttft_ms,
            Self::Itl => target.itl_ms,
            Self::E2e => target.e2e_ms,
        }
    }

    /// The same to change.
    pub const fn limit_mut(self, target: &mut SloTarget) -> &mut Option<f64> {
        match self {
            Self::Ttft => &mut target.ttft_ms,
            Self::Itl => &mut target.itl_ms,
            Self::E2e => &mut target.e2e_ms,
        }
    }
}

/// Type and valid values of a setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum SettingKind {
    /// A whole number.
    Integer {
        /// Smallest valid value, `null` = any.
        min: Option<i64>,
        /// Largest valid value, `null` = any.
        max: Option<i64>,
        /// Whether `null` is valid ("derive it").
        nullable: bool,
    },
    /// A finite number.
    Number {
        /// Lower bound.
        min: f64,
        /// Upper bound, `null` = none.
        max: Option<f64>,
        /// Whether the lower bound itself is invalid.
        exclusive_min: bool,
        /// Whether `null` is valid ("derive it").
        nullable: bool,
    },
    /// On or off.
    Boolean,
    /// One of a closed set.
    Choice {
        /// The set.
        choices: Vec<ChoiceOption>,
    },
    /// A name.
    Text {
        /// Whether `null` is valid ("derive it").
        nullable: bool,
        /// Values to offer; others may be valid.
        suggestions: Vec<&'static str>,
    },
    /// A list of numbers >= 0 or `null`. Text form: `1,2.5,0`.
    Floats {
        /// Fewest entries of a list.
        min_length: usize,
    },
    /// Scorers with weights, in evaluation order. Text form: `queue-depth:2,kv-utilization:1`.
    Scorers {
        /// The scorers there are.
        choices: Vec<ChoiceOption>,
    },
    /// A latency target per SLO class. Text form: `critical=100ms,batch=1.5s`.
    Targets {
        /// Which latency.
        dimension: TargetDimension,
    },
    /// An integer per SLO class. Text form: `critical=4,batch=-1`.
    ClassPriorities {
        /// Smallest valid value.
        min: i64,
        /// Largest valid value.
        max: i64,
    },
    /// A number from 0 to 1 per tenant. Text form: `alice=0.25,bob=0`.
    TenantBudgets,
    /// Instances that stop. Text form: `2@1.5s,3@2s:crash`.
    Kills,
    /// Bursts of requests. Text form: `300@2s`.
    Bursts,
    /// A separate JSON document, or `null`.
    Document,
}

impl SettingKind {
    /// What is valid, as the end of "must be ...".
    pub fn expected(&self) -> String {
        match self {
            Self::Integer { min, max, .. } => match (min, max) {
                (Some(min), Some(max)) => format!("a whole number from {min} to {max}"),
                (Some(min), None) => format!("a whole number of at least {min}"),
                (None, Some(max)) => format!("a whole number of at most {max}"),
                (None, None) => format!("a 64-bit integer, {} to {}", i64::MIN, i64::MAX),
            },
            Self::Number { min, max, exclusive_min, .. } => {
                let above = if *exclusive_min { "greater than" } else { "of at least" };
                let below = max.map_or_else(String::new, |max| format!(" and at most {max}"));
                format!("a number {above} {min}{below}")
            }
            Self::Boolean => "true or false".to_owned(),
            Self::Choice { choices } => format!("one of {}", values(choices)),
            Self::Text { .. } => "a name".to_owned(),
            Self::Floats { min_length } => format!("at least {min_length} numbers, none of them negative"),
            Self::Scorers { choices } => {
                format!(
                    "name:weight,... with each name once, weights greater than 0, and names among {}",
                    values(choices)
                )
            }
            Self::Targets { .. } => {
                "class=duration,... with durations greater than 0 and a unit, such as 100ms or 1.5s"
                    .to_owned()
            }
            Self::ClassPriorities { min, max } => {
                format!("class=priority,... with whole numbers from {min} to {max}")
            }
            Self::TenantBudgets => {
                "tenant=fraction,... with numbers from 0 to 1, such as alice=0.25".to_owned()
            }
            Self::Kills => "instance@time,... or instance@time:crash,..., such as 2@1.5s".to_owned(),
            Self::Bursts => "requests@time,..., such as 300@2s".to_owned(),
            Self::Document => "a JSON document".to_owned(),
        }
    }

    /// Whether `null` is a value of this type.
    pub const fn nullable(&self) -> bool {
        matches!(
            self,
            Self::Integer { nullable: true, .. }
                | Self::Number { nullable: true, .. }
                | Self::Text { nullable: true, .. }
                | Self::Floats { .. }
                | Self::Document
        )
    }

    /// Whether an empty text means the default (`--routing-policy ""`).
    pub(in crate::settings) const fn allows_empty(&self) -> bool {
        matches!(
            self,
            Self::Choice { .. }
                | Self::Scorers { .. }
                | Self::Targets { .. }
                | Self::ClassPriorities { .. }
                | Self::TenantBudgets
                | Self::Kills
                | Self::Bursts
        )
    }

    pub(super) const fn integer(min: i64, max: i64) -> Self {
        Self::Integer { min: Some(min), max: Some(max), nullable: false }
    }

    pub(super) const fn optional_number(min: f64, max: f64) -> Self {
        Self::Number { min, max: Some(max), exclusive_min: false, nullable: true }
    }

    pub(super) const fn optional_integer(min: i64, max: i64) -> Self {
        Self::Integer { min: Some(min), max: Some(max), nullable: true }
    }

    /// A finite number > 0.
    pub(super) const fn positive() -> Self {
        Self::Number { min: 0.0, max: None, exclusive_min: true, nullable: false }
    }

    /// A number in (0, 1].
    pub(super) const fn fraction() -> Self {
        Self::Number { min: 0.0, max: Some(1.0), exclusive_min: true, nullable: false }
    }

    pub(super) fn choice<C: Choice>() -> Self {
        Self::Choice { choices: C::OPTIONS.to_vec() }
    }
}

/// The values of a choice, separated by commas.
pub(crate) fn values(choices: &[ChoiceOption]) -> String {
    choices.iter().map(|choice| choice.value).collect::<Vec<_>>().join(", ")
}

/// A condition on another setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Condition {
    /// Whether the other setting must have one of the values, or none of them.
    pub test: Test,
    /// The other setting.
    pub path: &'static str,
    /// Values as JSON.
    #[cfg_attr(feature = "js", tsify(type = "unknown[]"))]
    pub values: Vec<Value>,
    #[serde(skip)]
    field: &'static Field,
}

/// What a condition asks of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Test {
    /// It has one of the values.
    Is,
    /// It has none of the values.
    IsNot,
}

impl Condition {
    pub(super) fn is(field: &'static Field, value: &impl SettingValue) -> Self {
        Self { test: Test::Is, path: field.path(), values: vec![value.json()], field }
    }

    pub(super) fn is_not(field: &'static Field, value: &impl SettingValue) -> Self {
        Self { test: Test::IsNot, ..Self::is(field, value) }
    }

    pub(super) fn is_null(field: &'static Field) -> Self {
        Self { test: Test::Is, path: field.path(), values: vec![Value::Null], field }
    }

    pub(super) fn is_not_null(field: &'static Field) -> Self {
        Self { test: Test::IsNot, ..Self::is_null(field) }
    }

    /// Whether it holds in a configuration.
    pub fn holds(&self, config: &Config) -> bool {
        let among = self.values.iter().any(|value| self.field.of(config).is(value));
        among == (self.test == Test::Is)
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let not = match self.test {
            Test::Is => "",
            Test::IsNot if self.values == [Value::Null] => return write!(f, "{} is set", self.path),
            Test::IsNot => "not ",
        };
        let words: Vec<String> = self
            .values
            .iter()
            .map(|value| {
                value.as_str().map_or_else(
                    || if value.is_null() { "unset".to_owned() } else { value.to_string() },
                    str::to_owned,
                )
            })
            .collect();
        write!(f, "{} is {not}{}", self.path, words.join(" or "))
    }
}

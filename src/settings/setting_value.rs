//! The types of values that settings have: each is read from text and from JSON, and written as both.

use super::schema::SettingKind;
use super::scorer_list;
use crate::config::workload_spec::WorkloadSpec;
use crate::config::{
    AdmissionPolicyName, Choice, ExplicitRequests, KvCacheFormat, KvWindows, LatencyModelName, LayerCounting,
    MeasuredLatency, OwnGpus, OwnModels, PreemptionPolicyName, PriorityPolicyName, RoutingPolicyName,
    RoutingSettings, SchedulerName, SessionScripts, StreamsName, WeightedScorer, WorkloadKind,
};
use crate::error::ConfigError;
use crate::formats::json;
use crate::formats::reader::{Mismatch, read_owned};
use serde::Serialize;
use serde_json::Value;

/// Stands for a list without entries, which could otherwise not be told from "not set".
pub(super) const EMPTY_LIST: &str = "none";

/// A value of the configuration that a setting leads to.
pub(super) trait SettingValue {
    /// Takes over the value that a text stands for, if it stands for one. Ranges are checked later, by `validate`.
    fn read_text(&mut self, text: &str, kind: &SettingKind) -> Result<(), Refusal>;

    /// Takes over what an empty text stands for: "not set", or the default.
    fn clear(&mut self);

    /// The text form, as in flags and addresses; empty for "not set".
    fn text(&self) -> String;

    /// The JSON form.
    fn json(&self) -> Value;

    /// Whether this is the value in the JSON form.
    fn is(&self, value: &Value) -> bool {
        self.json() == *value
    }

    /// The value as a number.
    fn number(&self) -> Number {
        Number::Other
    }
}

/// Why a text is not taken over.
pub(super) enum Refusal {
    /// It is not of the setting's type.
    Type,
    /// It is not JSON, and why.
    Malformed(String),
    /// A part of it is wrong.
    Part(ConfigError),
    /// The document is well-formed, but a part of it does not fit.
    Document(Value, Mismatch),
}

/// A value, if it is a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// A whole number.
    Whole(i64),
    /// A number that may have a fraction, or be none.
    Real(f64),
    /// A number could stand here.
    Unset,
    /// Something else.
    Other,
}

/// Takes over what was read.
pub(super) fn take<T>(place: &mut T, read: Option<T>) -> Result<(), Refusal> {
    *place = read.ok_or(Refusal::Type)?;
    Ok(())
}

/// What is the same for almost all types.
macro_rules! common {
    () => {
        fn clear(&mut self) {
            *self = Self::default();
        }
    };
}

/// Whole numbers. A text that fits into 64 bits but not into the type is refused like any other.
macro_rules! whole_numbers {
    ($($integer:ty)+) => {$(
        impl SettingValue for $integer {
            common!();

            fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
                take(self, text.parse().ok())
            }

            fn text(&self) -> String {
                self.to_string()
            }

            fn json(&self) -> Value {
                Value::from(*self)
            }

            fn number(&self) -> Number {
                Number::Whole(i64::from(*self))
            }
        }
    )+};
}

whole_numbers! { u32 i32 i64 }

/// Values that may be left to the simulator.
impl<T> SettingValue for Option<T>
where
    T: SettingValue + Default + serde::de::DeserializeOwned,
{
    common!();

    fn read_text(&mut self, text: &str, kind: &SettingKind) -> Result<(), Refusal> {
        let mut value = T::default();
        value.read_text(text, kind)?;
        *self = Some(value);
        Ok(())
    }

    fn text(&self) -> String {
        self.as_ref().map_or_else(String::new, T::text)
    }

    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::json)
    }

    fn is(&self, value: &Value) -> bool {
        self.as_ref().map_or(value.is_null(), |own| own.is(value))
    }

    fn number(&self) -> Number {
        self.as_ref().map_or(Number::Unset, T::number)
    }
}

impl SettingValue for f64 {
    common!();

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        take(self, finite(text))
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn json(&self) -> Value {
        Value::from(*self)
    }

    fn number(&self) -> Number {
        Number::Real(*self)
    }
}

impl SettingValue for bool {
    common!();

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        take(self, text.parse().ok())
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn json(&self) -> Value {
        Value::from(*self)
    }
}

impl SettingValue for String {
    common!();

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        text.clone_into(self);
        Ok(())
    }

    fn text(&self) -> String {
        self.clone()
    }

    fn json(&self) -> Value {
        Value::from(self.as_str())
    }
}

macro_rules! named_choices {
    ($($choice:ty)+) => {$(
        impl SettingValue for $choice {
            common!();

            fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
                take(self, Self::parse(text))
            }

            fn text(&self) -> String {
                self.name().to_owned()
            }

            fn json(&self) -> Value {
                Value::from(self.name())
            }

            fn is(&self, value: &Value) -> bool {
                value == self.name()
            }
        }
    )+};
}

named_choices! {
    LatencyModelName LayerCounting KvCacheFormat KvWindows AdmissionPolicyName RoutingPolicyName SchedulerName PriorityPolicyName PreemptionPolicyName
    StreamsName
    WorkloadKind
}

/// Coefficients.
impl SettingValue for Vec<f64> {
    common!();

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        let items = if text == EMPTY_LIST { None } else { Some(text.split(',')) };
        take(self, items.into_iter().flatten().map(|item| finite(item.trim())).collect())
    }

    fn text(&self) -> String {
        if self.is_empty() {
            return EMPTY_LIST.to_owned();
        }
        self.iter().map(f64::to_string).collect::<Vec<_>>().join(",")
    }

    fn json(&self) -> Value {
        self.iter().copied().collect()
    }
}

impl SettingValue for Vec<WeightedScorer> {
    fn clear(&mut self) {
        *self = RoutingSettings::default().scorers;
    }

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        *self =
            if text == EMPTY_LIST { Self::new() } else { scorer_list::parse(text).map_err(Refusal::Part)? };
        Ok(())
    }

    fn text(&self) -> String {
        if self.is_empty() { EMPTY_LIST.to_owned() } else { scorer_list::write(self) }
    }

    fn json(&self) -> Value {
        plain(self)
    }
}

macro_rules! documents {
    ($($document:ty)+) => {$(
        impl SettingValue for $document {
            common!();

            fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
                let document = json::read(text).map_err(|error| Refusal::Malformed(error.to_string()))?;
                *self = read_owned(&document).map_err(|mismatch| Refusal::Document(document, mismatch))?;
                Ok(())
            }

            fn text(&self) -> String {
                self.json().to_string()
            }

            fn json(&self) -> Value {
                plain(self)
            }

            fn is(&self, value: &Value) -> bool {
                !value.is_null() && self.json() == *value
            }
        }
    )+};
}

documents! { WorkloadSpec ExplicitRequests SessionScripts OwnModels OwnGpus MeasuredLatency }

/// Plain values under text keys as JSON, which can always express them.
pub(super) fn plain(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

//! The way from a setting to its value: one list of names gives the path in the JSON form and the typed field.

use super::per_class::Limits;
use super::schema::TargetDimension;
use super::setting_value::{Refusal, SettingValue};
use crate::config::Config;
use std::fmt;
use std::ops::Deref;

/// A field of the configuration.
pub struct Field {
    path: &'static str,
    way: Way,
}

enum Way {
    Direct {
        get: fn(&Config) -> &(dyn SettingValue + 'static),
        get_mut: fn(&mut Config) -> &mut (dyn SettingValue + 'static),
    },
    /// One dimension of the targets of all SLO classes.
    Targets(TargetDimension),
}

/// The field that a list of names leads to, as in `field!(workload.rate)`.
macro_rules! field {
    ($first:ident $(. $name:ident)*) => {
        const {
            &$crate::settings::field::Field::direct(
                concat!(stringify!($first) $(, ".", stringify!($name))*),
                |config| &config.$first$(.$name)*,
                |config| &mut config.$first$(.$name)*,
            )
        }
    };
}
pub(super) use field;

impl Field {
    /// See `field!`, which takes care that the three agree.
    pub(super) const fn direct(
        path: &'static str,
        get: fn(&Config) -> &(dyn SettingValue + 'static),
        get_mut: fn(&mut Config) -> &mut (dyn SettingValue + 'static),
    ) -> Self {
        Self { path, way: Way::Direct { get, get_mut } }
    }

    /// A latency target, per class.
    pub(super) const fn targets(path: &'static str, dimension: TargetDimension) -> Self {
        Self { path, way: Way::Targets(dimension) }
    }

    /// Place in the JSON form (`routing.policy`). A `*` stands for the name of an SLO class.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The value in a configuration.
    pub(super) fn of<'c>(&self, config: &'c Config) -> FieldValue<'c> {
        match self.way {
            Way::Direct { get, .. } => FieldValue::Direct(get(config)),
            Way::Targets(dimension) => FieldValue::Targets(Limits::of(&config.slo, dimension)),
        }
    }

    /// Lets `change` have the value. If it fails, it must leave the value as it was.
    pub(super) fn change(
        &self,
        config: &mut Config,
        change: &dyn Fn(&mut dyn SettingValue) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match self.way {
            Way::Direct { get_mut, .. } => change(get_mut(config)),
            Way::Targets(dimension) => {
                let mut limits = Limits::of(&config.slo, dimension);
                change(&mut limits)?;
                limits.put(&mut config.slo, dimension);
                Ok(())
            }
        }
    }
}

/// The value of a field: one of the configuration's, or made of several.
pub(super) enum FieldValue<'c> {
    Direct(&'c (dyn SettingValue + 'static)),
    Targets(Limits),
}

impl Deref for FieldValue<'_> {
    type Target = dyn SettingValue;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Direct(value) => *value,
            Self::Targets(limits) => limits,
        }
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)
    }
}

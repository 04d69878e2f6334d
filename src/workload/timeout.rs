//! How long clients wait (workload chapter, W-9).

use crate::config::WorkloadSettings;
use crate::config::limits::MAX_TIME_US;
use crate::error::ConfigError;
use crate::units::Micros;

/// The timeout of the settings, which overrides that of every client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExplicitTimeout {
    /// Every client has its own.
    NotGiven,
    /// Clients wait forever.
    Never,
    /// Clients wait as long as this.
    After(Micros),
}

impl ExplicitTimeout {
    /// Reads the setting: a negative number of seconds is forever.
    pub(super) fn new(workload: &WorkloadSettings) -> Result<Self, ConfigError> {
        let longest = MAX_TIME_US / 1_000_000;
        match workload.timeout {
            None => Ok(Self::NotGiven),
            Some(seconds) if seconds < 0 => Ok(Self::Never),
            Some(seconds) if (1..=longest).contains(&seconds) => Ok(Self::After(Micros(seconds * 1_000_000))),
            Some(seconds) => Err(ConfigError::invalid(
                "workload.timeout",
                seconds,
                format!("1 to {longest} s, or a negative number for no timeout"),
            )),
        }
    }

    /// How long a client waits that has `default` where nothing else is given; `None` is forever.
    pub(super) fn or(self, default: Option<Micros>) -> Option<Micros> {
        match self {
            Self::NotGiven => default,
            Self::Never => None,
            Self::After(timeout) => Some(timeout),
        }
    }
}

//! The version of the configuration's format.

use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

/// Stands for the one version there is; a file that names another one is refused.
///
/// It counts up when a key changes its meaning or disappears, or when what is not given is taken otherwise. New keys with a
/// default do not change it. [`Config::from_value`](crate::Config::from_value) also reads version 1, from before there were
/// the streams of the reference: it means independent ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(type = "2"))]
pub struct FormatVersion;

impl FormatVersion {
    /// As it is written.
    pub const NUMBER: u64 = 2;
}

impl Serialize for FormatVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(Self::NUMBER)
    }
}

impl<'de> Deserialize<'de> for FormatVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(Known)
    }
}

struct Known;

impl Visitor<'_> for Known {
    type Value = FormatVersion;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} (or 1, for older settings), the version of the format, as a whole number",
            FormatVersion::NUMBER
        )
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<FormatVersion, E> {
        if number == FormatVersion::NUMBER {
            return Ok(FormatVersion);
        }
        Err(E::invalid_value(Unexpected::Unsigned(number), &self))
    }
}

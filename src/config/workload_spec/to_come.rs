//! Keys of the reference whose features are not simulated here yet: each is refused by its name, as its flags are.

use serde::de::{Error, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};

/// The value of such a key: always an error, except `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum ToCome {}

impl<'de> Deserialize<'de> for ToCome {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(Error::custom("not simulated here yet"))
    }
}

/// The error that names a feature.
fn refused<E: Error>(feature: &str) -> E {
    E::custom(format_args!("not simulated here yet ({feature})"))
}

fn refuse<'de, D: Deserializer<'de>>(deserializer: D, feature: &str) -> Result<Option<ToCome>, D::Error> {
    match Option::<IgnoredAny>::deserialize(deserializer)? {
        None => Ok(None),
        Some(_) => Err(refused(feature)),
    }
}

/// A folder of measured chunks.
pub(super) fn servegen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ToCome>, D::Error> {
    refuse(deserializer, "ServeGen data")
}

/// An adapter of the model; the empty text is none.
pub(super) fn adapter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ToCome>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.unwrap_or_default() {
        name if name.is_empty() => Ok(None),
        _ => Err(refused("LoRA adapters")),
    }
}

/// Token counts in a file, which the reference does not read either; the empty text is none.
pub(super) fn file<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ToCome>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.unwrap_or_default() {
        name if name.is_empty() => Ok(None),
        _ => Err(Error::custom(
            "files of lengths are not read, neither here nor in the reference; list them in params",
        )),
    }
}

//! JSON objects whose keys are names, read in the order of the file.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An entry that carries the key it stood under.
pub(super) trait Named {
    /// The key.
    fn key(&self) -> &str;
    /// Sets the key, and whatever has it as default.
    fn set_key(&mut self, key: String);
}

/// Reads `{"key": entry, ...}`; as everywhere in JSON, the last of two equal keys counts.
pub(super) fn in_file_order<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Named,
{
    struct Entries<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de> + Named> Visitor<'de> for Entries<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of named entries")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
            let mut entries: Vec<T> = Vec::new();
            while let Some((key, mut entry)) = map.next_entry::<String, T>()? {
                entries.retain(|other| other.key() != key);
                entry.set_key(key);
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_map(Entries(PhantomData))
}

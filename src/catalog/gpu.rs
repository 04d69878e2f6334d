//! What a GPU can do, and tables of GPUs.

use super::named::{Named, in_file_order};
use crate::config::Gpu;
use crate::error::ConfigError;
use crate::formats::json;
use crate::text::without_mark;
use serde::Deserialize;
use std::sync::LazyLock;

impl Named for Gpu {
    fn key(&self) -> &str {
        &self.name
    }

    fn set_key(&mut self, key: String) {
        if self.title.is_empty() {
            self.title.clone_from(&key);
        }
        self.name = key;
    }
}

#[derive(Deserialize)]
struct GpuTable {
    #[serde(deserialize_with = "in_file_order")]
    hardware: Vec<Gpu>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct BareGpuTable {
    #[serde(deserialize_with = "in_file_order")]
    hardware: Vec<Gpu>,
}

static GPUS: LazyLock<Vec<Gpu>> = LazyLock::new(|| {
    let table: GpuTable = serde_json::from_str(include_str!("hardware.json"))
        .expect("the bundled GPU table is valid: a unit test reads it");
    table.hardware
});

/// The bundled GPUs, in the order of the table.
pub fn gpus() -> &'static [Gpu] {
    &GPUS
}

/// The bundled GPU of this name.
///
/// # Errors
///
/// At `model.hardware`, with the known names.
pub fn find_gpu(name: &str) -> Result<&'static Gpu, ConfigError> {
    find_gpu_in(gpus(), name)
}

/// The GPU of this name in a table.
///
/// # Errors
///
/// At `model.hardware`, with the names of the table.
pub fn find_gpu_in<'a>(table: &'a [Gpu], name: &str) -> Result<&'a Gpu, ConfigError> {
    table.iter().find(|gpu| gpu.name == name).ok_or_else(|| {
        let known = table.iter().map(|gpu| gpu.name.as_str()).collect::<Vec<_>>().join(", ");
        ConfigError::invalid("model.hardware", format!("`{name}`"), format!("one of {known}"))
    })
}

/// Reads a user's table of GPUs: `{"H100": {"TFlopsPeak": ...}, ...}`, or the same under the key `hardware`.
///
/// # Errors
///
/// [`ConfigError::Malformed`] with the place below `hardware` if it is no such table.
pub fn parse_gpu_table(text: &str) -> Result<Vec<Gpu>, ConfigError> {
    let outer = json::read(text).map_err(|message| malformed("hardware", &message))?;
    let nested = outer.get("hardware").is_some_and(values_are_objects);
    if !nested && !values_are_objects(&outer) {
        return Err(malformed("hardware", "expected an object of GPUs by name, each an object of figures"));
    }
    // From the text once more: plain data does not keep the order of the file.
    let deserializer = &mut serde_json::Deserializer::from_str(without_mark(text));
    let table = if nested {
        serde_path_to_error::deserialize(deserializer).map(|table: GpuTable| table.hardware)
    } else {
        serde_path_to_error::deserialize(deserializer).map(|table: BareGpuTable| table.hardware)
    };
    let prefix = if nested { "" } else { "hardware." };
    table.map_err(|error| malformed(&format!("{prefix}{}", error.path()), &error.inner().to_string()))
}

fn malformed(path: &str, message: &str) -> ConfigError {
    ConfigError::malformed(path, message)
}

fn values_are_objects(table: &serde_json::Value) -> bool {
    table.as_object().is_some_and(|object| object.values().all(serde_json::Value::is_object))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str =
        r#"{"B200": {"TFlopsPeak": 2250, "BwPeakTBs": 8, "MemoryGiB": 180}, "A1": {"TFlopsPeak": 1}}"#;

    #[test]
    fn an_unknown_gpu_lists_the_known_ones() {
        let error = find_gpu("H200").expect_err("not in the table");
        assert_eq!(
            error.to_string(),
            "model.hardware: got `H200`, expected one of H100, A100-SXM, A100-80, L40S"
        );
    }

    #[test]
    fn a_table_is_read_bare_or_under_its_key_in_file_order() {
        for text in [TINY.to_owned(), format!("{{\"format\": \"hardware/1\", \"hardware\": {TINY}}}")] {
            let table = parse_gpu_table(&text).expect("valid");
            assert_eq!(table.iter().map(|gpu| gpu.name.as_str()).collect::<Vec<_>>(), ["B200", "A1"]);
            assert_eq!((table[0].memory_gib, table[0].fp8_tflops, table[1].memory_gib), (180.0, 0.0, 0.0));
            assert_eq!(table[0].title, "B200");
        }
    }

    #[test]
    fn a_wrong_figure_is_reported_with_its_place() {
        let error = parse_gpu_table(r#"{"H100": {"TFlopsPeak": "fast"}}"#).expect_err("text is no figure");
        assert_eq!(error.path(), "hardware.H100.TFlopsPeak");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["", "[]", "3", "{\"H100\": 3}", "{\"hardware\": []}"] {
            parse_gpu_table(text).expect_err(text);
        }
    }
}

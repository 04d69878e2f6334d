//! What a GPU can do, and tables of GPUs.

use super::named::{Named, in_file_order};
use crate::config::{Gpu, limits};
use crate::error::ConfigError;
use crate::formats::json;
use crate::text::without_mark;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
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

static GPUS: LazyLock<Vec<Gpu>> = LazyLock::new(|| {
    let table: GpuTable = serde_json::from_str(include_str!("hardware.json"))
        .expect("the bundled GPU table is valid: a unit test reads it");
    table.hardware
});

/// How many of the bundled GPUs the reference has; they come first.
pub const GPUS_OF_THE_REFERENCE: usize = 4;

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

/// Reads a user's table of GPUs: `{"H100": {"TFlopsPeak": ...}, ...}`, or the same under the key `hardware`. Other figures
/// than those of [`Gpu`] are passed over, as the reference does.
///
/// # Errors
///
/// [`ConfigError::Malformed`] with the place below `hardware` if it is no such table.
pub fn parse_gpu_table(text: &str) -> Result<Vec<Gpu>, ConfigError> {
    let mut outer = json::read(text).map_err(|message| malformed("hardware", &message))?;
    let nested = outer.get("hardware").is_some_and(values_are_objects);
    if !nested && !values_are_objects(&outer) {
        return Err(malformed("hardware", "expected an object of GPUs by name, each an object of figures"));
    }
    let table = if nested { &mut outer["hardware"] } else { &mut outer };
    let names = names_in_order(text, nested).map_err(|error| malformed("hardware", &error.to_string()))?;
    names.into_iter().map(|Name(name)| gpu(table[&name].take(), name)).collect()
}

/// The names of a table; plain data does not keep the order of the file.
fn names_in_order(text: &str, nested: bool) -> Result<Vec<Name>, serde_json::Error> {
    let text = without_mark(text);
    if nested {
        serde_json::from_str(text).map(|table: NameTable| table.hardware)
    } else {
        serde_json::from_str(text).map(|BareNameTable(names)| names)
    }
}

fn gpu(mut figures: Value, name: String) -> Result<Gpu, ConfigError> {
    if let Value::Object(figures) = &mut figures {
        figures.retain(|figure, _| FIGURES.contains(&figure.as_str()));
    }
    let read: Result<Gpu, _> = serde_path_to_error::deserialize(figures);
    let mut gpu = read.map_err(|error| {
        malformed(&format!("hardware.{name}.{}", error.path()), &error.inner().to_string())
    })?;
    let price = gpu.price_usd_per_hour.unwrap_or(0.0);
    if !(0.0..=limits::MAX_GPU_PRICE).contains(&price) {
        let path = format!("hardware.{name}.priceUsdPerHour");
        return Err(ConfigError::invalid(
            path,
            price,
            format!("a number from 0 to {}", limits::MAX_GPU_PRICE),
        ));
    }
    gpu.set_key(name);
    Ok(gpu)
}

/// The figures of a GPU by their names in a file.
const FIGURES: [&str; 14] = [
    "title",
    "TFlopsPeak",
    "TFlopsFP8",
    "TFlopsFP4",
    "BwPeakTBs",
    "mfuPrefill",
    "mfuDecode",
    "MemoryGiB",
    "calibrated",
    "priceUsdPerHour",
    "priceSource",
    "source",
    "note",
    "name",
];

/// A name alone, whatever belongs to it.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|IgnoredAny| Self(String::new()))
    }
}

impl Named for Name {
    fn key(&self) -> &str {
        &self.0
    }

    fn set_key(&mut self, key: String) {
        self.0 = key;
    }
}

#[derive(Deserialize)]
struct NameTable {
    #[serde(deserialize_with = "in_file_order")]
    hardware: Vec<Name>,
}

#[derive(Deserialize)]
struct BareNameTable(#[serde(deserialize_with = "in_file_order")] Vec<Name>);

fn malformed(path: &str, message: &str) -> ConfigError {
    ConfigError::malformed(path, message)
}

fn values_are_objects(table: &Value) -> bool {
    table.as_object().is_some_and(|object| object.values().all(Value::is_object))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str =
        r#"{"B200": {"TFlopsPeak": 2250, "BwPeakTBs": 8, "MemoryGiB": 180}, "A1": {"TFlopsPeak": 1}}"#;

    #[test]
    fn an_unknown_gpu_lists_the_known_ones() {
        let error = find_gpu("H1").expect_err("not in the table");
        let message = error.to_string();
        assert!(
            message.starts_with(
                "model.hardware: got `H1`, expected one of H100, A100-SXM, A100-80, L40S, H200,"
            ),
            "{message}"
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
    fn other_figures_are_passed_over() {
        let table = parse_gpu_table(r#"{"X": {"TFlopsPeak": 7, "vendor": {"deep": []}}}"#).expect("valid");
        assert_eq!((table[0].name.as_str(), table[0].peak_tflops), ("X", 7.0));
    }

    #[test]
    fn the_figures_are_those_that_are_written() {
        let written = serde_json::to_value(Gpu::default()).expect("plain data");
        let mut names: Vec<&str> =
            written.as_object().expect("an object").keys().map(String::as_str).collect();
        let mut known = FIGURES;
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
    }

    #[test]
    fn every_gpu_says_where_its_figures_come_from() {
        for gpu in gpus() {
            let figures = [gpu.peak_tflops, gpu.bandwidth_tb_per_second, gpu.memory_gib];
            assert!(figures.iter().all(|figure| *figure > 0.0), "{}", gpu.name);
            assert!(!gpu.source.is_empty(), "{}", gpu.name);
            assert_eq!(gpu.price_usd_per_hour.is_some(), !gpu.price_source.is_empty(), "{}", gpu.name);
            // Shares that were not fitted are borrowed from one of the four that were.
            assert!(gpu.calibrated || gpu.note.contains("Shares of the peak borrowed from"), "{}", gpu.name);
        }
    }

    #[test]
    fn the_dense_rate_of_l40s_is_a_choice_beside_the_one_of_the_reference() {
        let [reference, dense] = ["L40S", "L40S-dense"].map(|name| find_gpu(name).expect("bundled"));
        assert_eq!((reference.fp8_tflops, dense.fp8_tflops), (1466.0, 733.0));
        assert_eq!((reference.peak_tflops, reference.memory_gib), (dense.peak_tflops, dense.memory_gib));
    }

    #[test]
    fn a_price_is_no_negative_number() {
        let error =
            parse_gpu_table(r#"{"X": {"TFlopsPeak": 7, "priceUsdPerHour": -1}}"#).expect_err("negative");
        assert_eq!(
            (error.path(), error.expected().as_str()),
            ("hardware.X.priceUsdPerHour", "a number from 0 to 10000")
        );
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["", "[]", "3", "{\"H100\": 3}", "{\"hardware\": []}"] {
            parse_gpu_table(text).expect_err(text);
        }
    }
}

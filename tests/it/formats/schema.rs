//! The version of the configuration's format, and the published schema.

use blis_playground::Config;
use blis_playground::config::StreamsName;
use blis_playground::settings::{json_schema, schema};
use serde_json::Value;

/// What the page publishes and the README refers to.
const PUBLISHED: &str = include_str!("../../../docs/config.schema.json");

#[test]
fn the_published_schema_is_the_generated_one() {
    let published: Value = serde_json::from_str(PUBLISHED).expect("JSON");
    assert_eq!(published, json_schema(), "write it anew: blis schema > docs/config.schema.json");
}

#[test]
fn every_setting_is_described_in_the_schema() {
    let schema = json_schema();
    for setting in schema::settings() {
        let pointer: String =
            setting
                .path
                .split('.')
                .map(|name| {
                    if name == "*" {
                        "/additionalProperties".to_owned()
                    } else {
                        format!("/properties/{name}")
                    }
                })
                .collect();
        let leaf = schema.pointer(&pointer).unwrap_or_else(|| panic!("{} is missing", setting.path));
        assert_eq!(leaf["title"], setting.label, "{}", setting.path);
    }
}

#[test]
fn files_hold_the_version_and_other_versions_are_refused() {
    let text = Config::default().to_json();
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON")["version"], 2);
    assert_eq!(Config::from_json(&text).expect("its own"), Config::default());
    assert_eq!(Config::from_json("{}").expect("without a version"), Config::default());
    let old = Config::from_json(r#"{"version": 1, "seed": 7}"#).expect("an old file");
    assert_eq!(old, Config { streams: StreamsName::Independent, seed: 7, ..Config::default() });
    for (text, value) in [
        (r#"{"version": 3}"#, "3"),
        (r#"{"version": "1"}"#, "\"1\" (a text)"),
        (r#"{"version": null}"#, "null"),
    ] {
        let error = Config::from_json(text).expect_err(text).to_string();
        assert!(
            error.starts_with(&format!(
                "version: got {value}, expected 2 (or 1, for older settings), the version"
            )),
            "{error}"
        );
        let value = serde_json::from_str(text).expect("JSON");
        assert_eq!(Config::from_value(value).expect_err(text).to_string(), error);
    }
}

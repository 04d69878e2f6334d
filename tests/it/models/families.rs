//! Other families than those of the recorded figures, held against the sizes that their makers published.

use super::figures::files;
use blis_playground::catalog::public_model::read_model;
use blis_playground::latency::description::describe;
use serde_json::Value;

/// Files written by hand from published facts, with published totals in billions.
pub fn families() -> Value {
    serde_json::from_str(include_str!("../../models/families.json")).expect("JSON")
}

#[test]
fn totals_of_many_families_are_the_published_ones() {
    let families = families();
    let mut off = Vec::new();
    for (name, case) in families.as_object().expect("families") {
        let model = read_model(name, &case["config"].to_string(), None).expect(name);
        let described = describe(&model);
        let expected = case["total"].as_f64().expect("a total");
        let share = described.parameters / 1e9 / expected - 1.0;
        // As exact as makers give it: three digits at least.
        if share.abs() > 0.011 || (share.abs() > 0.0015 && expected.fract() != 0.0 && expected < 100.0) {
            off.push(format!("{name}: {:.4} instead of {expected}", described.parameters / 1e9));
        }
        if let Some(gigabytes) = case["gigabytes"].as_f64() {
            let share = described.weight_bytes / 1e9 / gigabytes - 1.0;
            if share.abs() > 0.002 {
                off.push(format!("{name}: {:.2} GB instead of {gigabytes}", described.weight_bytes / 1e9));
            }
        }
        if let Some(active) = case["active"].as_f64() {
            // Makers round, and count the embedding or not.
            let with = (described.active_parameters + embedding(&described)) / 1e9;
            let range = described.active_parameters / 1e9 * 0.84..=with * 1.16;
            if !range.contains(&active) {
                off.push(format!("{name}: active {:.2} to {with:.2}, published {active}", range.start()));
            }
        }
    }
    assert!(families.as_object().expect("families").len() > 45);
    assert!(off.is_empty(), "{}", off.join("\n"));
}

fn embedding(described: &blis_playground::latency::description::ModelDescription) -> f64 {
    described.parts.iter().find(|part| part.part == "embedding").map_or(0.0, |part| part.parameters)
}

#[test]
fn published_counts_are_met_by_the_recorded_files() {
    let mut compared = 0;
    for (name, text) in files().as_object().expect("files") {
        let model = read_model(name, text.as_str().expect("a text"), None).expect(name);
        let described = describe(&model);
        if let Some(published) = &described.published {
            compared += 1;
            let off = described.parameters / 1e9 / published.total_billion - 1.0;
            assert!(off.abs() < 0.03, "{name}: {off}");
        }
    }
    assert!(compared >= 55, "{compared}");
}

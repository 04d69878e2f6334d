//! Which models the reference covers, and what it makes of their files (models chapter, "Labels" and G-8).

use super::figures::{beside, figures, files};
use blis_playground::catalog::public_model::read_model;
use blis_playground::config::Model;
use blis_playground::latency::description::describe;

/// Parameters of shared experts as the reference counts them: in every layer that is not dense in front.
fn shared_experts(model: &Model) -> f64 {
    let layers = model.num_hidden_layers - model.first_k_dense_replace;
    (layers * 3 * model.hidden_size * model.shared_expert_intermediate_size) as f64
}

#[test]
fn labels_refusals_and_counts_of_the_reference_are_those_recorded() {
    let (files, figures) = (files(), figures());
    let mut off = Vec::new();
    for (name, text) in files.as_object().expect("files") {
        let text = text.as_str().expect("a text");
        let model = read_model(name, text, beside(name).as_deref()).expect(name);
        let described = describe(&model);
        let recorded = &figures[name];
        let covered = recorded["coverage"] == "as the reference";
        if (described.coverage.label() == "as in BLIS") != covered {
            off.push(format!("{name}: {}", described.coverage.label()));
        }
        let today = recorded["reference_today"].as_str().expect("what it does today");
        if described.reference.accepts == today.starts_with("refused") {
            off.push(format!("{name}: {today}, here `{}`", described.reference.reason));
        }
        // The record leaves shared experts out, which the reference counts (K-2).
        let count = recorded["reference_params_estimate"].as_f64();
        let with_shared =
            |count| if model.num_local_experts > 1 { count + shared_experts(&model) } else { count };
        if described.reference.parameters != count.map(with_shared) {
            off.push(format!("{name}: {count:?} parameters, here {:?}", described.reference.parameters));
        }
        for (what, recorded, got) in [
            ("weights", "weight_bytes", described.weight_bytes),
            ("parameters", "params_total", described.parameters),
            ("active", "params_active", described.active_parameters),
            ("KV bytes", "kv_bytes_per_token_bf16", described.kv_bytes_per_token),
            ("windows", "kv_window_bytes_bf16", described.window_bytes_per_sequence),
            ("states", "state_bytes_per_sequence", described.state_bytes_per_sequence),
        ] {
            let expected = figures[name][recorded].as_f64().expect(recorded);
            // Bytes are whole.
            if (got - expected).abs() >= 1.0 {
                off.push(format!("{name}: {what} {expected}, here {got}"));
            }
        }
    }
    assert!(off.is_empty(), "{} differ:\n{}", off.len(), off.join("\n"));
}

//! Every setting of the page's form changes something that the page shows, and those that it leaves out do not.

use blis_playground::config::Config;
use blis_playground::outcome::goodput_curve::goodput_curve;
use blis_playground::record::digest;
use blis_playground::settings::schema::{self, SettingKind};
use blis_playground::simulate;

/// All that a view can show of a run follows from this: its columns, and goodput at the targets.
fn shown(pairs: &[(&str, &str)]) -> String {
    let config = Config::from_pairs(&Config::default(), pairs.iter().copied()).expect("valid settings");
    let mut outcome = simulate(&config).unwrap_or_else(|error| panic!("{pairs:?}: {error}"));
    // No view reads the log of the router's alternatives.
    outcome.gateway.candidates.clear();
    outcome.gateway.candidates_per_decision = 0;
    let goodput = goodput_curve(&outcome, &config.goodput_targets(), 10);
    format!("{} {:?} {goodput:?}", digest(&outcome), outcome.rented)
}

/// A busy cluster with shared prefixes and little memory.
const BUSY: [(&str, &str); 8] = [
    ("streams", "independent"),
    ("instances", "3"),
    ("rate", "90"),
    ("n", "250"),
    ("prefix", "64"),
    ("blocks", "900"),
    ("route", "weighted"),
    ("scorers", "precise-prefix-cache:1,queue-depth:1,kv-utilization:1"),
];

/// Requests of two classes.
const CLASSES: &str = r#"{"aggregate_rate":90,"num_requests":250,"clients":[
    {"id":"a","slo_class":"critical","rate_fraction":0.5,"arrival":{"process":"poisson"},
     "input_distribution":{"type":"constant","params":{"value":300}},"output_distribution":{"type":"constant","params":{"value":300}}},
    {"id":"b","tenant_id":"t","slo_class":"batch","rate_fraction":0.5,"arrival":{"process":"poisson"},
     "input_distribution":{"type":"constant","params":{"value":300}},"output_distribution":{"type":"constant","params":{"value":300}}}]}"#;

/// Two prompts of two hash blocks, the first of which they have in common.
const HASHED: &str = r#"[{"arrival_us":0,"input_tokens":600,"output_tokens":1,"hash_ids":[1,2]},
    {"arrival_us":1000000,"input_tokens":600,"output_tokens":1,"hash_ids":[1,3]}]"#;

/// A small model, half of whose layers see 64 tokens.
const WINDOWED: &str = r#"[{"name":"me/windowed","hidden_size":512,"architecture":{
    "mixers":[{"layers":4,"elements_per_token":1024,"attn_flops_per_ctx":4096},
              {"kind":"sliding","window":64,"layers":4,"elements_per_token":1024,"attn_flops_per_ctx":4096}],
    "parts":{"attn":{"parameters":1e10},"embed":{"parameters":1e8}}}}]"#;

/// Per key: settings under which it has an effect, on top of the busy cluster, and another value.
#[allow(clippy::match_same_arms, reason = "in the order of the settings")]
fn change(key: &str) -> (Vec<(&'static str, &'static str)>, &'static str) {
    let plain = |value| (Vec::new(), value);
    match key {
        "model" => plain("meta-llama/llama-3.1-8b-instruct"),
        "gpu" => plain("A100-80"),
        "tp" | "k" | "priority" | "preemption" => match key {
            "tp" => plain("2"),
            "k" => plain("0"),
            "priority" => (vec![("scheduler", "priority-fcfs")], "slo-based"),
            _ => (vec![("spec", CLASSES)], "priority"),
        },
        "latency" => plain("roofline"),
        "alpha" => (vec![("beta", "1,1,1,1,1,1,1")], "1000,2000,3000"),
        "beta" => (vec![("alpha", "1,1,1")], "1,1,1,1,1,1,1"),
        "layers" => (vec![("latency", "roofline")], "by-kind"),
        "price" => plain("1"),
        "kvformat" => (vec![("layers", "by-kind"), ("latency", "roofline")], "fp8"),
        "kvwindows" => (
            vec![
                ("ownmodels", WINDOWED),
                ("model", "me/windowed"),
                ("gpu", "H100"),
                ("tp", "1"),
                ("latency", "roofline"),
                ("blocks", ""),
            ],
            "needed",
        ),
        "blocks" => plain("700"),
        "blocksize" => plain("32"),
        "cpublocks" => plain("2000"),
        "cpubandwidth" => (vec![("cpublocks", "2000")], "0.01"),
        "cpulatency" => (vec![("cpublocks", "2000")], "5000"),
        "gpumem" => (vec![("blocks", ""), ("n", "2000")], "0.5"),
        "maxlen" => plain("600"),
        "instances" => plain("2"),
        "horizon" => plain("2000000"),
        "admission" => plain("reject-all"),
        "admissionlatency" | "routinglatency" => plain("1000"),
        "bucket" => (vec![("admission", "token-bucket")], "20000"),
        "refill" => (vec![("admission", "token-bucket")], "30000"),
        "shedload" => (vec![("admission", "tier-shed"), ("spec", CLASSES)], "30"),
        "shedpriority" => (vec![("admission", "tier-shed"), ("spec", CLASSES)], "5"),
        "gaieqd" => (vec![("admission", "gaie-legacy"), ("spec", CLASSES)], "50"),
        "gaiekv" => (vec![("admission", "gaie-legacy"), ("spec", CLASSES)], "0.2"),
        "tenants" => (vec![("spec", CLASSES)], "t=0"),
        "priorities" => (vec![("admission", "tier-shed"), ("spec", CLASSES)], "batch=5"),
        "route" => plain("round-robin"),
        "scorers" => plain("queue-depth:1"),
        "refresh" | "cachedelay" => plain("1000000"),
        "scheduler" => plain("sjf"),
        "running" => plain("20"),
        "budget" => plain("256"),
        "chunk" => plain("100"),
        "workload" => plain("chatbot"),
        "rate" => plain("50"),
        "n" => plain("249"),
        "users" => plain("10"),
        "think" => (vec![("users", "10")], "500"),
        "prefix" => plain("128"),
        "prompt" => plain("300"),
        "promptsd" => plain("100"),
        "promptmin" => (vec![("promptsd", "450")], "400"),
        "promptmax" => plain("520"),
        "output" => plain("300"),
        "outputsd" => plain("100"),
        "outputmin" => (vec![("outputsd", "450")], "400"),
        "outputmax" => plain("520"),
        "timeout" => plain("2"),
        "streams" => plain("reference"),
        "hashblock" => (vec![("requests", HASHED)], "500"),
        "seed" => plain("43"),
        "kill" => plain("1@1s:crash"),
        "burst" => plain("50@1s"),
        "slottft" | "sloitl" | "sloe2e" => plain("default=30ms"),
        other => panic!("{other} is new: say when it has an effect"),
    }
}

#[test]
fn every_setting_of_the_form_changes_what_the_page_shows() {
    for setting in schema::settings().iter().filter(|setting| setting.in_page) {
        if setting.kind == SettingKind::Document {
            continue;
        }
        let (around, value) = change(setting.key);
        let others = BUSY.into_iter().filter(|(key, _)| around.iter().all(|(other, _)| other != key));
        // An empty text takes a setting of the busy cluster away.
        let base: Vec<_> =
            others.chain(around.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
        let mut changed: Vec<_> = base.iter().copied().filter(|(key, _)| *key != setting.key).collect();
        changed.push((setting.key, value));
        // Coefficients go together: the base has neither.
        let base: Vec<_> = base.into_iter().filter(|(key, _)| !["alpha", "beta"].contains(key)).collect();
        assert_ne!(shown(&base), shown(&changed), "{} changes nothing", setting.path);
    }
}

#[test]
fn what_the_form_leaves_out_changes_nothing_there() {
    let left_out: Vec<_> = schema::settings().iter().filter(|setting| !setting.in_page).collect();
    let paths: Vec<_> = left_out.iter().map(|setting| setting.path).collect();
    assert_eq!(paths, ["trace.record_candidates", "trace.record_steps"]);
    for setting in left_out {
        let mut changed = BUSY.to_vec();
        changed.push((setting.key, "true"));
        assert_eq!(shown(&BUSY), shown(&changed), "{}", setting.path);
    }
}

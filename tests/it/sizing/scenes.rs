//! Clusters to be planned: both latency models, several models, GPUs, policies and arrival processes, prefixes, tight KV.

use blis_playground::Config;
use blis_playground::config::SloTarget;
use blis_playground::sizing::Targets;
use serde_json::{Value, json};

/// What is planned for.
pub struct Scene {
    pub name: &'static str,
    pub config: Config,
    pub tp: u32,
    pub targets: Targets,
    /// The latency target, which the settings hold for every class.
    pub latency: SloTarget,
    /// Whether it is small enough to be checked with every run of the tests.
    pub quick: bool,
}

fn merged(base: &mut Value, more: &Value) {
    match (base, more) {
        (Value::Object(base), Value::Object(more)) => {
            for (key, value) in more {
                merged(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, more) => *base = more.clone(),
    }
}

fn scene(name: &'static str, tp: u32, quick: bool, latency: SloTarget, settings: &Value) -> Scene {
    let mut config =
        Config::from_json(&settings.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
    set_latency(&mut config, &latency);
    Scene { name, config, tp, targets: Targets::default(), latency, quick }
}

/// Gives every class this target.
pub fn set_latency(config: &mut Config, latency: &SloTarget) {
    let clients = config.workload.spec.iter().flat_map(|spec| &spec.clients);
    let classes: Vec<String> = clients.map(|client| client.slo_class.clone()).collect();
    config.slo.clear();
    config.slo.insert("default".to_owned(), *latency);
    config.slo.extend(classes.into_iter().filter(|class| !class.is_empty()).map(|class| (class, *latency)));
}

pub fn ttft(ms: f64) -> SloTarget {
    SloTarget { ttft_ms: Some(ms), ..SloTarget::default() }
}

fn model(name: &str, gpu: &str, latency: &str) -> Value {
    json!({ "model": { "name": name, "hardware": gpu, "latency_model": latency }, "seed": 5 })
}

/// Settings on top of others.
fn with(mut base: Value, more: &Value) -> Value {
    merged(&mut base, more);
    base
}

/// Short requests, so that a run settles soon.
fn short(rate: f64) -> Value {
    json!({ "workload": {
        "rate": rate, "num_requests": 500,
        "prompt_tokens": 200, "prompt_tokens_stdev": 80, "prompt_tokens_max": 600,
        "output_tokens": 60, "output_tokens_stdev": 30, "output_tokens_max": 200,
    }})
}

fn long(rate: f64) -> Value {
    json!({ "workload": { "rate": rate, "num_requests": 1000 } })
}

/// One client with this arrival process.
fn arrivals(rate: f64, arrival: &Value) -> Value {
    json!({ "workload": { "spec": {
        "version": "2", "seed": 3, "aggregate_rate": rate, "num_requests": 400,
        "clients": [{
            "id": "a", "rate_fraction": 1.0, "arrival": arrival,
            "input_distribution": { "type": "gaussian", "params": { "mean": 200, "std_dev": 80, "min": 10, "max": 600 } },
            "output_distribution": { "type": "exponential", "params": { "mean": 60, "min": 2, "max": 600 } },
        }],
    }}})
}

/// Two clients with a prefix each.
fn prefixes(rate: f64) -> Value {
    let client = |id: &str, fraction: f64| {
        json!({
            "id": id, "rate_fraction": fraction, "arrival": { "process": "poisson" },
            "prefix_group": id, "prefix_length": 800,
            "input_distribution": { "type": "gaussian", "params": { "mean": 100, "std_dev": 40, "min": 10, "max": 300 } },
            "output_distribution": { "type": "gaussian", "params": { "mean": 60, "std_dev": 20, "min": 2, "max": 200 } },
        })
    };
    json!({ "workload": { "spec": {
        "version": "2", "seed": 3, "aggregate_rate": rate, "num_requests": 400,
        "clients": [client("a", 0.7), client("b", 0.3)],
    }}})
}

const QWEN: &str = "qwen/qwen3-14b";
const LLAMA: &str = "meta-llama/llama-3.1-8b-instruct";
const BIG: &str = "meta-llama/llama-3.1-70b-instruct";
const ROOFLINE: &str = "roofline";
const TRAINED: &str = "trained-physics";

fn policy(name: &str) -> Value {
    json!({ "routing": { "policy": name } })
}

/// All of them; the settings name lengths that do not matter.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn scenes() -> Vec<Scene> {
    let gamma = |cv: f64| json!({ "process": "gamma", "cv": cv });
    let poisson = json!({ "process": "poisson" });
    let least_loaded = policy("least-loaded");
    let weighted = policy("weighted");
    vec![
        scene(
            "roofline, short, even",
            1,
            true,
            ttft(200.0),
            &with(model(QWEN, "H100", ROOFLINE), &short(300.0)),
        ),
        scene(
            "trained, short, even",
            1,
            true,
            ttft(200.0),
            &with(model(QWEN, "H100", TRAINED), &short(300.0)),
        ),
        scene(
            "roofline, short, Llama, A100",
            1,
            false,
            ttft(300.0),
            &with(model(LLAMA, "A100-80", ROOFLINE), &short(400.0)),
        ),
        scene(
            "trained, short, Llama, A100",
            1,
            false,
            ttft(300.0),
            &with(model(LLAMA, "A100-80", TRAINED), &short(400.0)),
        ),
        scene(
            "roofline, short, L40S",
            1,
            false,
            ttft(400.0),
            &with(model(LLAMA, "L40S", ROOFLINE), &with(short(150.0), &least_loaded)),
        ),
        scene(
            "trained, short, L40S, TP 2",
            2,
            false,
            ttft(400.0),
            &with(model(LLAMA, "L40S", TRAINED), &with(short(150.0), &least_loaded)),
        ),
        scene(
            "roofline, Poisson",
            1,
            true,
            ttft(300.0),
            &with(model(QWEN, "H100", ROOFLINE), &arrivals(200.0, &poisson)),
        ),
        scene(
            "trained, Poisson",
            1,
            false,
            ttft(300.0),
            &with(model(QWEN, "H100", TRAINED), &arrivals(200.0, &poisson)),
        ),
        scene(
            "roofline, bursts",
            1,
            false,
            ttft(500.0),
            &with(model(QWEN, "H100", ROOFLINE), &with(arrivals(200.0, &gamma(3.0)), &least_loaded)),
        ),
        scene(
            "trained, bursts",
            1,
            true,
            ttft(500.0),
            &with(model(LLAMA, "H100", TRAINED), &with(arrivals(300.0, &gamma(2.0)), &least_loaded)),
        ),
        scene(
            "trained, Weibull",
            2,
            false,
            ttft(500.0),
            &with(
                model(QWEN, "H100", TRAINED),
                &arrivals(250.0, &json!({ "process": "weibull", "cv": 1.5 })),
            ),
        ),
        scene(
            "roofline, bursts, round robin",
            2,
            false,
            ttft(800.0),
            &with(model(LLAMA, "A100-80", ROOFLINE), &arrivals(400.0, &gamma(2.5))),
        ),
        scene(
            "roofline, one prefix",
            1,
            false,
            ttft(300.0),
            &with(
                model(QWEN, "H100", ROOFLINE),
                &with(short(400.0), &json!({ "workload": { "prefix_tokens": 600 } })),
            ),
        ),
        scene(
            "trained, two prefixes, round robin",
            1,
            true,
            ttft(300.0),
            &with(model(QWEN, "H100", TRAINED), &prefixes(300.0)),
        ),
        scene(
            "roofline, two prefixes, weighted",
            1,
            false,
            ttft(300.0),
            &with(model(QWEN, "H100", ROOFLINE), &with(prefixes(300.0), &weighted)),
        ),
        scene(
            "trained, weighted, even",
            1,
            false,
            ttft(300.0),
            &with(model(LLAMA, "H100", TRAINED), &with(short(400.0), &weighted)),
        ),
        scene(
            "roofline, tight KV",
            1,
            true,
            ttft(300.0),
            &with(
                model(QWEN, "H100", ROOFLINE),
                &with(short(200.0), &json!({ "memory": { "total_kv_blocks": 700 } })),
            ),
        ),
        scene(
            "trained, tight KV",
            1,
            false,
            ttft(300.0),
            &with(
                model(QWEN, "H100", TRAINED),
                &with(short(200.0), &json!({ "memory": { "total_kv_blocks": 900 } })),
            ),
        ),
        scene(
            "roofline, tight KV, long",
            1,
            false,
            ttft(400.0),
            &with(
                model(QWEN, "H100", ROOFLINE),
                &with(long(40.0), &json!({ "memory": { "total_kv_blocks": 4000 } })),
            ),
        ),
        scene(
            "trained, tight KV, Poisson",
            1,
            false,
            ttft(500.0),
            &with(
                model(LLAMA, "H100", TRAINED),
                &with(arrivals(200.0, &poisson), &json!({ "memory": { "total_kv_blocks": 1000 } })),
            ),
        ),
        scene(
            "roofline, few slots",
            1,
            true,
            ttft(500.0),
            &with(
                model(QWEN, "H100", ROOFLINE),
                &with(short(100.0), &json!({ "instance": { "max_num_running_reqs": 16 } })),
            ),
        ),
        scene(
            "trained, few slots, Poisson",
            1,
            false,
            ttft(500.0),
            &with(
                model(LLAMA, "H100", TRAINED),
                &with(arrivals(120.0, &poisson), &json!({ "instance": { "max_num_running_reqs": 24 } })),
            ),
        ),
        scene(
            "roofline, small steps",
            1,
            false,
            ttft(500.0),
            &with(
                model(QWEN, "H100", ROOFLINE),
                &with(short(200.0), &json!({ "instance": { "max_num_scheduled_tokens": 512 } })),
            ),
        ),
        scene("trained, 70B, TP 4", 4, false, ttft(500.0), &with(model(BIG, "H100", TRAINED), &short(150.0))),
        scene(
            "roofline, 70B, TP 8",
            8,
            false,
            ttft(500.0),
            &with(model(BIG, "A100-80", ROOFLINE), &short(150.0)),
        ),
        scene(
            "roofline, ITL",
            1,
            false,
            SloTarget { itl_ms: Some(25.0), ..SloTarget::default() },
            &with(model(QWEN, "H100", ROOFLINE), &short(300.0)),
        ),
        scene(
            "trained, E2E",
            1,
            false,
            SloTarget { e2e_ms: Some(4000.0), ..SloTarget::default() },
            &with(model(QWEN, "H100", TRAINED), &short(300.0)),
        ),
        Scene {
            targets: Targets { goodput_percent: Some(99.0), ..Targets::default() },
            ..scene(
                "trained, goodput",
                2,
                false,
                ttft(100.0),
                &with(model(QWEN, "H100", TRAINED), &arrivals(300.0, &poisson)),
            )
        },
        scene("roofline, opening", 1, false, ttft(500.0), &with(model(QWEN, "H100", ROOFLINE), &long(200.0))),
        scene("trained, opening", 1, false, ttft(500.0), &with(model(QWEN, "H100", TRAINED), &long(200.0))),
        scene(
            "roofline, the trap",
            1,
            false,
            ttft(500.0),
            &with(model(LLAMA, "L40S", ROOFLINE), &with(long(30.0), &least_loaded)),
        ),
        scene(
            "trained, chatbot, shortest first",
            1,
            false,
            ttft(400.0),
            &with(
                model(LLAMA, "A100-80", TRAINED),
                &json!({ "workload": { "kind": "chatbot", "rate": 60.0 }, "instance": { "scheduler": "sjf" } }),
            ),
        ),
        scene(
            "roofline, summarization",
            1,
            false,
            ttft(1500.0),
            &with(
                model(LLAMA, "H100", ROOFLINE),
                &json!({ "workload": { "kind": "summarization", "rate": 12.0 } }),
            ),
        ),
        scene(
            "trained, stale router",
            1,
            false,
            ttft(300.0),
            &with(
                model(QWEN, "H100", TRAINED),
                &with(
                    short(300.0),
                    &with(least_loaded, &json!({ "routing": { "snapshot_refresh_interval": 500_000 } })),
                ),
            ),
        ),
    ]
}

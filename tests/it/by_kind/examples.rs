//! The worked steps of the models chapter, G-7.1.

use super::described;
use blis_playground::catalog::find_gpu;
use blis_playground::latency::{ByKind, LatencyModel, PrefillMember, StepLoad};
use serde_json::Value;

const GPUS: [(&str, &str); 5] = [
    ("H100 SXM", "H100"),
    ("H200 SXM", "H200"),
    ("B200 SXM", "B200"),
    ("B300 SXM", "B300"),
    ("RTX PRO 6000 Blackwell Server", "RTX-PRO-6000"),
];

fn close(got: f64, expected: &Value) -> bool {
    let expected = expected.as_f64().expect("a figure");
    (got - expected).abs() <= 1e-9 * expected.abs()
}

fn whole(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a whole number")).expect("small")
}

fn check(example: &Value, latency: &ByKind) {
    let prefills: Vec<PrefillMember> = example["prefill"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|member| {
            let (progress, new) = (whole(&member["present"]), whole(&member["new"]));
            PrefillMember { progress, input: progress + new, new }
        })
        .collect();
    let decode = &example["decode"];
    let (requests, present) =
        if decode.is_null() { (0, 0) } else { (whole(&decode["requests"]), whole(&decode["present"])) };
    let load = StepLoad {
        prefills: &prefills,
        decodes: u64::from(requests),
        context: u64::from(requests) * u64::from(present),
        others: 0,
    };
    let progress = |list: &mut Vec<u32>| list.extend(vec![present; requests as usize]);
    let times = latency.step_times(&load, progress);
    let what = &example["model"];
    assert!(close(times.compute, &example["compute_s"]), "{what}: {times:?} {example}");
    assert!(close(times.weight_bytes, &example["weights_bytes"]), "{what}: {times:?} {example}");
    assert!(close(times.other_bytes, &example["dynamic_bytes_per_gpu"]), "{what}: {times:?} {example}");
    assert!(close(times.memory, &example["memory_s"]), "{what}: {times:?} {example}");
    assert_eq!(latency.step_time(&load, progress).0, example["step_us"].as_i64().expect("µs"), "{what}");
}

#[test]
fn the_worked_steps_agree() {
    let recording = crate::common::golden_json("roofline-extension-examples.json");
    let examples = recording["examples"].as_array().expect("a list");
    let all = described::figures();
    let mut left_out = Vec::new();
    for example in examples {
        let name = example["model"].as_str().expect("a name");
        let Some(model) = described::of_name(&all, name) else {
            left_out.push(name);
            continue;
        };
        let gpu = GPUS.iter().find(|(title, _)| example["gpu"] == *title).expect("a known GPU").1;
        let gpu = find_gpu(gpu).expect("bundled");
        let element = example["kv_bytes_per_element"].as_f64().expect("bytes");
        let latency = ByKind::new(&model, gpu, whole(&example["tp"]), &[0.0; 3], element).expect("valid");
        check(example, &latency);
    }
    assert_eq!(examples.len(), 15);
    // Its file is not among those that can be copied.
    assert_eq!(left_out, ["moonshotai/Kimi-K3"]);
}

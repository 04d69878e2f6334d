//! The latency models of the program behind the same engine.

use super::check::check_example;
use super::example::Example;
use blis_playground::config::{LatencyModelName, MemorySettings, ModelSettings};
use blis_playground::latency::{LatencyChoice, ServingSetup};

/// Model qwen3-14b (40 layers, hidden 5120, 40 heads, 8 KV heads, FFN 17408, 2 bytes), H100, TP 1,
/// default coefficients: q = 15563, o = 45, x = 777.
#[test]
fn e14a_trained_physics() {
    let example = Example::parse(
        "
        Blocks 100 x 16; max running 8; token budget 2048
          request_0: arr 0 in 100 prefix 32 of G1 out 3
          request_1: arr 1000 in 52 prefix 32 of G1 out 2
          request_2: arr 20000 in 40 prefix 32 of G1 out 3
        t     | batch                                           | waiting | dt    | used | hits/misses | finished            | used after
        15563 | request_0 p100@0                                | -       | 12569 | 7    | 0/7         | -                   | 7
        28132 | request_0 d@100, request_1 p20@0                | -       | 12257 | 9    | 2/9         | -                   | 9
        40389 | request_0 d@101, request_1 d@52, request_2 p8@0 | -       | 12217 | 10   | 4/10        | request_0 request_1 | 3
        52606 | request_2 d@40                                  | -       | 12165 | 3    | 4/10        | -                   | 3
        64771 | request_2 d@41                                  | -       | 12165 | 3    | 4/10        | request_2           | 0
        request   | state     | delay | TTFT  | gaps         | E2E   | mean ITL
        request_0 | completed | 15563 | 28177 | 12302, 12262 | 53518 | 12282
        request_1 | completed | 27132 | 39434 | 12262        | 52473 | 12262
        request_2 | completed | 20389 | 32651 | 12210 x2     | 57848 | 12210
        Totals: completed 3, input tokens 192, output tokens 8, end time 76936, hit rate 0.285714, pooled gaps 5",
    );
    check_with_model(&example, LatencyModelName::TrainedPhysics);
}

/// Same requests with roofline: q = o = x = 0. request_1 and request_2 are admitted with cached prefixes
/// of 32 tokens but P = 0 in the step-time input.
#[test]
fn e14b_roofline() {
    let example = Example::parse(
        "
        Blocks 100 x 16; max running 8; token budget 2048
          request_0: arr 0 in 100 prefix 32 of G1 out 3
          request_1: arr 1000 in 52 prefix 32 of G1 out 2
          request_2: arr 20000 in 40 prefix 32 of G1 out 3
        t     | batch                            | waiting | dt   | used | hits/misses | finished            | used after
        0     | request_0 p100@0                 | -       | 5776 | 7    | 0/7         | -                   | 7
        5776  | request_0 d@100, request_1 p20@0 | -       | 5767 | 9    | 2/9         | -                   | 9
        11543 | request_0 d@101, request_1 d@52  | -       | 5767 | 9    | 2/9         | request_0 request_1 | 0
        20000 | request_2 p8@0                   | -       | 5760 | 3    | 4/10        | -                   | 3
        25760 | request_2 d@40                   | -       | 5761 | 3    | 4/10        | -                   | 3
        31521 | request_2 d@41                   | -       | 5761 | 3    | 4/10        | request_2           | 0
        request   | state     | delay | TTFT  | gaps    | E2E   | mean ITL
        request_0 | completed | 0     | 5776  | 5767 x2 | 17310 | 5767
        request_1 | completed | 4776  | 10543 | 5767    | 16310 | 5767
        request_2 | completed | 0     | 5760  | 5761 x2 | 17282 | 5761
        Totals: completed 3, input tokens 192, output tokens 8, end time 37282, hit rate 0.285714, pooled gaps 5",
    );
    check_with_model(&example, LatencyModelName::Roofline);
}

/// Runs the example with Qwen3-14B on one H100.
fn check_with_model(example: &Example, latency_model: LatencyModelName) {
    let model = ModelSettings {
        hardware: Some("H100".to_owned()),
        tp: Some(1),
        latency_model,
        ..ModelSettings::default()
    };
    let setup = ServingSetup::resolve(&model, &MemorySettings::default()).expect("a model of the catalogue");
    match &setup.latency {
        LatencyChoice::TrainedPhysics(latency) => check_example(example, latency),
        LatencyChoice::Roofline(latency) => check_example(example, latency),
        LatencyChoice::ByKind(latency) => check_example(example, latency),
    }
}

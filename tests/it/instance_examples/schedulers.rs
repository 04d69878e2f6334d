//! The order of the wait queue.

use super::check::check;
use std::fmt::Write;

/// The five requests behind request_0: number, arrival, prompt, class.
const WAITING: [(u32, u32, u32, &str); 5] = [
    (1, 10, 30, "class critical"),
    (2, 20, 10, "class batch"),
    (9, 30, 10, ""),
    (10, 30, 10, "class unknown-tier"),
    (11, 40, 20, "class background"),
];

/// I-E5: five requests wait behind a long one, with one running slot, and are then served alone. `order` is the
/// queue at step 2; `starts` are the times of steps 3 to 7; `ttfts` belong to requests 1, 2, 9, 10, 11.
///
/// request_9 and request_10 tie in length, priority and arrival: the id decides as text, but fcfs keeps the
/// order of enqueueing.
fn check_order(scheduler: &str, order: [u32; 5], starts: [u32; 5], ttfts: [u32; 5]) {
    let mut text = format!(
        "Blocks 100 x 16; max running 1; token budget 2048; scheduler {scheduler}
         request_0: arr 0 in 40 out 2 class standard\n"
    );
    for (number, arrival, input, class) in WAITING {
        let line = format!("request_{number}: arr {arrival} in {input} out 1 {class}");
        writeln!(text, "{}", line.trim_end()).expect("a string takes all");
    }
    text += "t | batch | waiting | dt | used | hits/misses | finished | used after
             0 | request_0 p40@0 | - | 1400 | 3 | 0/3 | - | 3\n";
    let names = |rest: &[u32]| match rest {
        [] => "-".to_owned(),
        rest => rest.iter().map(|number| format!("request_{number}")).collect::<Vec<_>>().join(" "),
    };
    writeln!(text, "1400 | request_0 d@40 | {} | 1100 | 3 | 0/3 | request_0 | 0", names(&order))
        .expect("a string takes all");
    let mut misses = 3;
    for (place, number) in order.into_iter().enumerate() {
        let (_, _, input, _) = WAITING.into_iter().find(|row| row.0 == number).expect("one of the five");
        let (start, rest, duration) = (starts[place], names(&order[place + 1..]), 1000 + 10 * input);
        let blocks = input.div_ceil(16);
        misses += blocks;
        writeln!(
            text,
            "{start} | request_{number} p{input}@0 | {rest} | {duration} | {blocks} | 0/{misses} | \
             request_{number} | 0"
        )
        .expect("a string takes all");
    }
    text += "request | state | delay | TTFT | gaps | E2E | mean ITL
             request_0 | completed | 0 | 1407 | 1107 | 2534 | 1107\n";
    for ((number, arrival, ..), ttft) in WAITING.into_iter().zip(ttfts) {
        let place = order.iter().position(|&other| other == number).expect("one of the five");
        let (delay, e2e) = (starts[place] - arrival, ttft + 20);
        writeln!(text, "request_{number} | completed | {delay} | {ttft} | - | {e2e} | 0")
            .expect("a string takes all");
    }
    text += "Totals: completed 6, input tokens 120, output tokens 7, end time 8300, pooled gaps 1";
    check(&text);
}

#[test]
fn e5_fcfs_serves_in_the_order_of_enqueueing() {
    check_order("fcfs", [1, 2, 9, 10, 11], [2500, 3800, 4900, 6000, 7100], [3797, 4887, 5977, 7077, 8267]);
}

#[test]
fn e5_sjf_serves_the_shortest_prompt_first() {
    check_order("sjf", [2, 10, 9, 11, 1], [2500, 3600, 4700, 5800, 7000], [8297, 3587, 5777, 4677, 6967]);
}

#[test]
fn e5_priority_fcfs_serves_the_most_urgent_first() {
    let (starts, ttfts) = ([2500, 3800, 4900, 6000, 7100], [3797, 7087, 5977, 4877, 8267]);
    check_order("priority-fcfs", [1, 10, 9, 2, 11], starts, ttfts);
}

#[test]
fn e5_reverse_priority_serves_the_least_urgent_first() {
    let (starts, ttfts) = ([2500, 3700, 4800, 5900, 7000], [8297, 4787, 6977, 5877, 3667]);
    check_order("reverse-priority", [11, 2, 10, 9, 1], starts, ttfts);
}

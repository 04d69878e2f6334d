//! A worked example as text: settings, requests, and the tables of what happens.
//!
//! ```text
//! Blocks 100 x 16; max running 8; token budget 2048; queueing delay 50
//!   a: arr 0 in 20 prefix 8 of G1 out 3 budget 3 deadline 900 class batch
//! t | batch | waiting | dt | used | hits/misses | finished | used after
//! 50 | a p20@0 | - | 1200 | 2 | 0/2 | - | 2
//! request | state | delay | TTFT | gaps | E2E | mean ITL
//! a | completed | 50 | 1357 | 1237, 1207 | 3821 | 1222
//! Totals: completed 4, input tokens 43
//! t=150: d times out at enqueue, then batch 2, queue 1, used 3
//! ```
//!
//! A batch entry is `p20@0` = 20 prompt tokens on top of 0, `d@20` = a decode token at progress 20, `-@4` =
//! no token. `b*` among the waiting was evicted in this step. `used` and `hits/misses` are taken before
//! completions.

use crate::common::single_instance::{Row, Settings};
use blis_playground::config::{PreemptionPolicyName, SchedulerName};
use blis_playground::units::Micros;
use serde::de::DeserializeOwned;

/// A parsed example; the tables stay lines of text, with single spaces.
#[derive(Debug)]
pub struct Example {
    pub settings: Settings,
    pub queueing_delay: i64,
    pub rows: Vec<Row>,
    pub steps: Vec<String>,
    pub results: Vec<String>,
    pub totals: String,
    pub events: Vec<String>,
}

impl Example {
    pub fn parse(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let (settings, queueing_delay) = parse_settings(lines.next().expect("a line of settings"));
        let mut example = Self {
            settings,
            queueing_delay,
            rows: Vec::new(),
            steps: Vec::new(),
            results: Vec::new(),
            totals: String::new(),
            events: Vec::new(),
        };
        let mut in_results = false;
        for line in lines {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            match cells[..] {
                ["t", ..] => in_results = false,
                ["request", ..] => in_results = true,
                [text] if text.starts_with("Totals: ") => text[8..].clone_into(&mut example.totals),
                [text] if text.starts_with("t=") => example.events.push(text.to_owned()),
                [text] => example.rows.push(parse_row(text)),
                _ if in_results => example.results.push(cells.join(" | ")),
                _ => example.steps.push(step_line(&cells)),
            }
        }
        assert!(!example.rows.is_empty() && !example.steps.is_empty() && !example.results.is_empty());
        example
    }
}

/// The waiting requests in the order of their names: the engine records which requests wait, not in which order.
fn step_line(cells: &[&str]) -> String {
    let mut waiting: Vec<&str> = cells[2].split_whitespace().collect();
    waiting.sort_unstable();
    let waiting = waiting.join(" ");
    let mut cells = cells.to_vec();
    cells[2] = &waiting;
    cells.join(" | ")
}

fn parse_settings(line: &str) -> (Settings, i64) {
    let mut settings = Settings {
        total_blocks: 0,
        block_size: 0,
        max_running: 8,
        token_budget: 0,
        prefill_threshold: 0,
        max_model_len: 0,
        scheduler: SchedulerName::Fcfs,
        preemption: PreemptionPolicyName::Fcfs,
        horizon: Micros::FOREVER,
    };
    let mut queueing_delay = 0;
    for item in line.split("; ") {
        let (name, value) = item.rsplit_once(' ').expect("a name and a value");
        match name.strip_prefix("Blocks ").unwrap_or(name) {
            "max running" => settings.max_running = number(value),
            "token budget" => settings.token_budget = number(value),
            "long-prefill threshold" => settings.prefill_threshold = number(value),
            "max-model-len" => settings.max_model_len = number(value),
            "queueing delay" => queueing_delay = number(value),
            "horizon" => settings.horizon = Micros(number(value)),
            "scheduler" => settings.scheduler = named(value),
            "preemption" => settings.preemption = named(value),
            blocks => {
                settings.total_blocks = number(blocks.strip_suffix(" x").expect("blocks x block size"));
                settings.block_size = number(value);
            }
        }
    }
    (settings, queueing_delay)
}

fn parse_row(line: &str) -> Row {
    let (id, line) = line.split_once(": ").expect("a name and what it is");
    let mut row = Row { id: id.to_owned(), ..Row::default() };
    let mut budget = None;
    let mut words = line.split(' ');
    while let Some(name) = words.next() {
        let value = words.next().expect("a value");
        match name {
            "arr" => row.arrival = number(value),
            "in" => row.input = number(value),
            "out" => row.output = number(value),
            "budget" => budget = Some(number(value)),
            "deadline" => row.deadline = number(value),
            "class" => value.clone_into(&mut row.class),
            "prefix" => {
                assert_eq!(words.next(), Some("of"));
                row.prefix = Some((words.next().expect("a group").to_owned(), number(value)));
            }
            _ => panic!("unknown word {name}"),
        }
    }
    row.budget = budget.unwrap_or(row.output as i32);
    row
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("not a number: {text}"))
}

fn named<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).expect("a known name")
}

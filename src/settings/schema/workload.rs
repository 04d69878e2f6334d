//! Settings of the requests (workload chapter, W-2, W-8 and W-9).

use super::kind::SettingKind;
use super::{Condition, Setting};
use crate::config::{StreamsName, WorkloadKind, limits};
use crate::settings::field::{Field, field};

const SPEC: &Field = field!(workload.spec);
const REQUESTS: &Field = field!(workload.requests);
const CONCURRENCY: &Field = field!(workload.concurrency);

impl Setting {
    /// Without effect when a specification or a list of requests replaces the built-in workloads.
    fn of_built_in_workloads(self) -> Self {
        self.applies_when(Condition::is_null(SPEC)).applies_when(Condition::is_null(REQUESTS))
    }

    /// Without effect unless the lengths are given by hand.
    fn of_lengths(self) -> Self {
        self.of_built_in_workloads()
            .applies_when(Condition::is(field!(workload.kind), &WorkloadKind::Distribution))
            .checked_only_if_applies()
    }
}

pub(super) fn workload() -> Vec<Setting> {
    let mut settings = vec![
        Setting::new(field!(workload.kind), "workload", "Workload", SettingKind::choice::<WorkloadKind>())
            .flag("--workload")
            .help("How long prompts and answers are. Arrivals are evenly spaced in all of these")
            .of_built_in_workloads(),
    ];
    settings.extend(arrivals());
    settings.extend(lengths());
    settings.extend([
        Setting::new(field!(workload.timeout),
            "timeout",
            "Patience",
            SettingKind::Integer { min: None, max: Some(limits::MAX_TIMEOUT_S), nullable: true },
        )
        .flag("--timeout")
        .unit("s")
        .help("How long a client waits before it gives up. Negative means for ever; if not set, 300 s")
        .advanced()
        .applies_when(Condition::is_null(REQUESTS))
        .slider(-1.0, 600.0, 1.0),
        Setting::new(SPEC, "spec", "Workload specification", SettingKind::Document)
            .flag("--workload-spec")
            .help("Several clients with their own arrivals, lengths, classes and shared prefixes, in place of the workload above")
            .advanced()
            .applies_when(Condition::is_null(REQUESTS)),
        Setting::new(REQUESTS, "requests", "List of requests", SettingKind::Document)
            .help("Every request with its arrival time and lengths, in place of the workload above")
            .advanced(),
        Setting::new(field!(workload.sessions), "sessions", "Conversations of the list", SettingKind::Document)
            .help("The later rounds of conversations whose first round is in the list of requests. Not in BLIS")
            .advanced()
            .applies_when(Condition::is_not_null(REQUESTS)),
        Setting::new(
            field!(workload.hash_block),
            "hashblock",
            "Hash block",
            SettingKind::integer(1, i64::from(limits::MAX_TOKENS_PER_REQUEST)),
        )
        .flag("--hash-block")
        .unit("tokens")
        .help("How many tokens of a prompt each hash id in a list of requests stands for. Not in BLIS")
        .advanced()
        .applies_when(Condition::is_not_null(REQUESTS)),
        Setting::new(field!(workload.bursts), "burst", "Send bursts", SettingKind::Bursts)
            .flag("--burst")
            .help("Requests that come all at once, beside the others: 300@2s sends 300 at 2 s. Not in BLIS")
            .advanced(),
        Setting::new(field!(streams), "streams", "Random streams", SettingKind::choice::<StreamsName>())
            .flag("--streams")
            .help("Where random numbers come from. As in BLIS: it gives the same figures for the same seed, digit by digit. Independent: other figures, but runs with the same seed differ only in what is changed. Not in BLIS")
            .advanced(),
        Setting::new(field!(seed), "seed", "Seed", SettingKind::Integer { min: None, max: None, nullable: false })
            .flag("--seed")
            .help("Seed of the random number generator: the same seed gives the same run, to the last bit"),
    ]);
    settings
}

fn arrivals() -> [Setting; 4] {
    [
        Setting::new(field!(workload.rate), "rate", "Arrival rate", SettingKind::positive())
            .flag("--rate")
            .unit("requests/s")
            .help("Requests arriving at the whole cluster per second")
            .of_built_in_workloads()
            .applies_when(Condition::is(CONCURRENCY, &0_u32))
            .checked_only_if_applies()
            .log_slider(1.0, 500.0, 1.0),
        Setting::new(field!(workload.num_requests),
            "n",
            "Requests",
            SettingKind::integer(0, limits::MAX_REQUESTS as i64),
        )
        .flag("--num-requests")
        .help("Number of requests; 0 means all that arrive before the end of the run. Short runs hide overload")
        .of_built_in_workloads()
        .log_slider(100.0, 5000.0, 100.0),
        Setting::new(CONCURRENCY, "users", "Users", SettingKind::integer(0, limits::MAX_USERS))
            .flag("--concurrency")
            .unit("users")
            .help("Users who each wait for an answer before asking again; 0 means that requests arrive at the given rate")
            .advanced()
            .of_built_in_workloads()
            .slider(0.0, 1024.0, 1.0),
        Setting::new(field!(workload.think_time_ms),
            "think",
            "Thinking time",
            SettingKind::integer(0, i64::from(u32::MAX)),
        )
        .flag("--think-time-ms")
        .unit("ms")
        .help("How long a user pauses between an answer and the next question")
        .advanced()
        .of_built_in_workloads()
        .applies_when(Condition::is_not(CONCURRENCY, &0_u32))
        .slider(0.0, 10_000.0, 100.0),
    ]
}

fn lengths() -> Vec<Setting> {
    let max = i64::from(limits::MAX_TOKENS_PER_REQUEST);
    let tokens = |field, key, label, flag, min, ui_max| {
        Setting::new(field, key, label, SettingKind::integer(min, max))
            .flag(flag)
            .unit("tokens")
            .of_lengths()
            .slider(min as f64, ui_max, 1.0)
    };
    vec![
        tokens(field!(workload.prefix_tokens), "prefix", "Shared prefix", "--prefix-tokens", 0, 4096.0)
            .help("Tokens that every prompt begins with, such as instructions")
            .advanced(),
        tokens(field!(workload.prompt_tokens), "prompt", "Prompt length", "--prompt-tokens", 0, 8192.0)
            .help("Mean number of tokens in a prompt"),
        tokens(
            field!(workload.prompt_tokens_stdev),
            "promptsd",
            "Spread of prompts",
            "--prompt-tokens-stdev",
            0,
            4096.0,
        )
        .help("Standard deviation of the prompt length; 0 makes all prompts equally long")
        .advanced(),
        tokens(
            field!(workload.prompt_tokens_min),
            "promptmin",
            "Shortest prompt",
            "--prompt-tokens-min",
            1,
            8192.0,
        )
        .help("Shorter prompts are padded to this length")
        .advanced(),
        tokens(
            field!(workload.prompt_tokens_max),
            "promptmax",
            "Longest prompt",
            "--prompt-tokens-max",
            1,
            32_768.0,
        )
        .help("Longer prompts are cut to this length")
        .advanced(),
        tokens(field!(workload.output_tokens), "output", "Answer length", "--output-tokens", 0, 8192.0)
            .help("Mean number of tokens in an answer"),
        tokens(
            field!(workload.output_tokens_stdev),
            "outputsd",
            "Spread of answers",
            "--output-tokens-stdev",
            0,
            4096.0,
        )
        .help("Standard deviation of the answer length; 0 makes all answers equally long")
        .advanced(),
        tokens(
            field!(workload.output_tokens_min),
            "outputmin",
            "Shortest answer",
            "--output-tokens-min",
            1,
            8192.0,
        )
        .help("Shorter answers are padded to this length")
        .advanced(),
        tokens(
            field!(workload.output_tokens_max),
            "outputmax",
            "Longest answer",
            "--output-tokens-max",
            1,
            32_768.0,
        )
        .help("Longer answers are cut to this length")
        .advanced(),
    ]
}

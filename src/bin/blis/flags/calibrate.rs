//! Flags of `blis calibrate`, and the one that takes what it writes.

use super::{file, heading, model_flags, policy_config, setting_flags};
use blis_playground::settings::schema::{self, Group, Setting};
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

/// Takes a file of `blis calibrate`.
pub fn measured() -> Arg {
    file("measured").help_heading(heading(Group::Model)).help(
        "Coefficients of the latency model as measured: a file that `blis calibrate -o` has written. Not in BLIS",
    )
}

pub fn command() -> Command {
    const MEASUREMENTS: &str = "Measurements";
    let length = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("FLOAT")
            .help_heading(MEASUREMENTS)
            .value_parser(value_parser!(f64))
            .help(help)
    };
    let of_workload = |setting: &&Setting| setting.group == Group::Workload && setting.path != "seed";
    Command::new("calibrate")
        .about("Fits the latency model to results of benchmarks")
        .long_about(
            "Fits coefficients of the latency model to measurements: results of `vllm bench serve`, of SGLang's benchmark, of \
             GuideLLM or AIPerf, or tables (CSV, TSV, Markdown) with a column for the rate, for prompt and output lengths, TTFT and \
             ITL. Shows what was read, the coefficients with their standard errors, which of them the measurements do not \
             determine and why, and measured against predicted. The flags of `blis run` say what was measured: model, GPU, TP, \
             instances, batch limits. Three to five rates from idle to near saturation tell most.",
        )
        .args_override_self(true)
        .arg(
            Arg::new("files")
                .value_name("FILE")
                .num_args(1..)
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("Results, one file per rate or several rates in a file, gzipped or not; - is standard input"),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("TEXT")
                .help_heading(MEASUREMENTS)
                .help("What the result is called"),
        )
        .arg(length("input-tokens", "Mean prompt length of rows that do not say"))
        .arg(length("output-tokens", "Mean output length of rows that do not say"))
        .arg(
            Arg::new("arrivals")
                .long("arrivals")
                .value_name("NAME")
                .value_parser(["poisson", "constant"])
                .hide_possible_values(true)
                .help_heading(MEASUREMENTS)
                .help("When requests were sent, for rows that do not say [one of poisson, constant; default: what fits]"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help_heading("Output")
                .help("Writes the coefficients to this file, for --measured"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help_heading("Output")
                .help("Prints what was read and what came of it as one JSON document"),
        )
        .args(schema::settings().iter().filter(|setting| !of_workload(setting)).flat_map(setting_flags))
        .args(model_flags())
        .args(policy_config())
        .arg(super::config_file())
}

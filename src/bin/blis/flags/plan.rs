//! The flags of `blis plan`.

use super::{config_file, model_flags, policy_config, setting_flags, trace_input};
use blis_playground::settings::schema;
use clap::{Arg, ArgGroup, Command};

/// As `run`, also with the requests from a trace, and with targets instead of outputs.
pub(super) fn command() -> Command {
    Command::new("plan")
        .about("Searches how many instances keep to latency targets, and how high a rate the cluster takes")
        .long_about(
            "Searches the smallest cluster that keeps to the latency targets (--slo-ttft, --slo-itl, --slo-e2e: the 99th \
             percentile of each class; without any, a TTFT of 500 ms), for each number of GPUs per instance, and the \
             highest rate that the cluster of the flags takes. Every cluster is run until it is steady or found \
             overloaded, however many requests --num-requests names. Prints one JSON object per line: the answer for \
             each --tps, the rate, and the recommendation. All flags of `blis run` hold but those of its output.",
        )
        .args_override_self(true)
        .args(targets())
        .arg(threads().help_heading("Targets"))
        .args(schema::settings().iter().flat_map(setting_flags))
        .args(trace_input())
        .group(ArgGroup::new("input").args(["trace", "trace-data"]))
        .args(model_flags())
        .args(policy_config())
        .arg(config_file())
}

fn targets() -> [Arg; 6] {
    let target = |name: &'static str, unit: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(unit)
            .help_heading("Targets")
            .help(help)
            .allow_hyphen_values(true)
    };
    [
        target(
            "goodput",
            "PERCENT",
            "Smallest share of requests that meet every latency target of their class",
        ),
        target(
            "seeds",
            "INT",
            "Runs, each with its own seed, that all have to meet the targets [1 to 20; default 5]",
        ),
        target("max-instances", "INT", "Largest cluster that is tried [default 256]"),
        target("max-requests", "INT", "Longest run that is tried [default 1000000]"),
        target("tps", "LIST", "GPUs per instance to try [default 1,2,4,8]"),
        target(
            "gpus",
            "LIST",
            "GPUs to try, with a price per hour where it is not the usual one: H100,H200=3.5,L40S; the cheapest cluster is recommended [default: the one of --hardware]",
        ),
    ]
}

pub(super) fn threads() -> Arg {
    let threads = Arg::new("threads").long("threads").value_name("INT").allow_hyphen_values(true);
    threads.help("Runs at a time [default: as many as there are cores, or RAYON_NUM_THREADS]")
}

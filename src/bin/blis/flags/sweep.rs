//! The flags of `blis sweep`.

use super::plan::threads;
use super::{
    config_file, model_flags, policy_config, reference_horizon, setting_flags, trace_input, trace_level,
};
use blis_playground::settings::schema;
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use std::path::PathBuf;

const HEADING: &str = "Sweep";

const ABOUT: &str = "\
Runs every combination of the values that --vary names, each with every seed of --seeds, on all cores, and prints one line per \
run or per combination. All other flags are those of `blis run` but for its output, or of `blis replay`: with a trace, its \
requests are those of every run.

Values are a list (10,20,40), a range of step 1 (1..16), of another step (0.1..0.9:0.2) or by a factor (5..80*2), or ranges in \
a list (1..4,8,16). Names of a choice are listed (--vary routing-policy=round-robin,least-loaded). Where a value is itself a \
list, values are separated by a semicolon.

The output is in the order of the grid, the last --vary fastest and seeds fastest of all, and the same to the byte on any \
number of threads. A combination that cannot be run, as where a model does not fit its GPUs, is a line with its reason.

--shard I/N makes every N-th line from the I-th on; `blis sweep --merge FILES` puts the shards together again, to the bytes of \
the whole.";

/// `blis sweep`.
pub fn sweep() -> Command {
    Command::new("sweep")
        .about("Runs a grid of settings and seeds on all cores")
        .long_about(ABOUT)
        .args_override_self(true)
        .args(own())
        .args(schema::settings().iter().flat_map(setting_flags))
        .args(trace_input())
        .arg(reference_horizon())
        .group(ArgGroup::new("input").args(["trace", "trace-data"]))
        .args(model_flags())
        .arg(trace_level())
        .args(policy_config())
        .arg(config_file())
}

fn own() -> [Arg; 7] {
    let own = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).help_heading(HEADING)
    };
    [
        own("vary", "NAME=VALUES")
            .action(ArgAction::Append)
            .help("Setting to vary, by the name of its flag, and its values; several make a grid"),
        own("seeds", "SEEDS").allow_hyphen_values(true).help(
            "Seeds of each combination: how many from --seed on (5), a range (1..5) or a list (1,2,9) [default: --seed alone]",
        ),
        own("rows", "NAME").hide_possible_values(true).value_parser(["runs", "points"]).help(
            "One line per run, or per combination with median, min and max over its seeds [one of runs, points; default runs]",
        ),
        own("format", "NAME").hide_possible_values(true).value_parser(["jsonl", "csv"]).help(
            "JSON, one object a line, or a table with a head [one of jsonl, csv; default jsonl]",
        ),
        threads().help_heading(HEADING),
        own("shard", "I/N").help("Makes only the I-th of N parts of the output, from 1/N to N/N"),
        own("merge", "FILE")
            .num_args(1..)
            .value_parser(value_parser!(PathBuf))
            .exclusive(true)
            .help("Prints the lines of all shards in the order of the whole, which it must be, and runs nothing"),
    ]
}

//! Flags of files with requests, and `blis trace`.

use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

/// Flags that say how a file is read and what of it is used.
pub fn reading() -> Vec<Arg> {
    const READING: &str = "Reading a trace";
    const SLICES: &str = "Slices of a trace, in this order";
    let arg = |name: &'static str, value: &'static str, heading: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help_heading(heading).allow_hyphen_values(true).help(help)
    };
    let switch = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help_heading(SLICES).help(help)
    };
    vec![
        arg(
            "trace-format",
            "NAME",
            READING,
            "Format of the file [auto, or as `blis trace` names it; default auto]",
        ),
        arg(
            "trace-map",
            "LIST",
            READING,
            "What the columns hold, role=column[:unit],... (arrival=when:s,input=prompt,output=answer)",
        ),
        arg(
            "trace-delimiter",
            "CHAR",
            READING,
            "Between the cells of a table [one of , ; | tab; default found out]",
        ),
        arg(
            "trace-decimal",
            "CHAR",
            READING,
            "Before the fraction of a number [one of . ,; default found out]",
        ),
        arg(
            "trace-names",
            "BOOL",
            READING,
            "Whether the first line names the columns [true, false; default found out]",
        ),
        Arg::new("trace-keep-failures")
            .long("trace-keep-failures")
            .action(ArgAction::SetTrue)
            .help_heading(READING)
            .help("Keeps requests that failed or have no output, with one output token"),
        arg(
            "trace-hash-block",
            "INT",
            READING,
            "Tokens that a hash id stands for [default: what fits the prompts]",
        ),
        arg(
            "trace-answer",
            "ID=VALUE",
            READING,
            "Answers another question that `blis trace` shows (arrivals=constant, rate=5, rounds=all)",
        )
        .action(ArgAction::Append),
        arg(
            "trace-from",
            "TIME",
            SLICES,
            "Beginning of a window, from the first arrival of the file: 90, 90s, 5m, 1h",
        ),
        arg("trace-to", "TIME", SLICES, "End of the window"),
        arg(
            "trace-filter",
            "TEST",
            SLICES,
            "Keeps rows of which this is true: input<=8000, class=gold, session!=",
        )
        .action(ArgAction::Append),
        arg("trace-every", "INT", SLICES, "Keeps row 0, this one, twice this one, ..."),
        arg("trace-sample", "FLOAT", SLICES, "Keeps this share of the rows, at random"),
        arg("trace-sample-seed", "INT", SLICES, "Seed of that choice [default 0]"),
        arg("trace-first", "INT", SLICES, "Keeps this many rows"),
        arg("trace-max-input", "INT", SLICES, "Cuts longer prompts to this many tokens"),
        arg("trace-max-output", "INT", SLICES, "Cuts longer answers to this many tokens"),
        arg("trace-input-scale", "FLOAT", SLICES, "Multiplies the input tokens"),
        arg("trace-output-scale", "FLOAT", SLICES, "Multiplies the output tokens"),
        switch("trace-spread", "Spreads rows of one time until the next"),
        arg("trace-speed", "FLOAT", SLICES, "Lets arrivals come this much faster: 2 takes half the time"),
        arg("trace-time-scale", "FLOAT", SLICES, "Multiplies the times: 0.5 takes half the time")
            .conflicts_with("trace-speed"),
        arg("trace-rate", "FLOAT", SLICES, "Mean arrivals per second, reached by their speed")
            .conflicts_with_all(["trace-speed", "trace-time-scale"]),
        arg("trace-repeat", "INT", SLICES, "Plays the trace this many times, one after the other"),
        switch("trace-repeat-fresh", "Lets repetitions share no prefixes with each other"),
    ]
}

/// `blis trace`.
pub fn command() -> Command {
    Command::new("trace")
        .about("Shows what a file of requests is, and writes it as a trace")
        .long_about(
            "Shows what a file of requests is: its format, its columns, the rows that are kept and dropped and why, how long it \
             is, its rates and lengths, and what is asked about it. Reads public traces (Azure, BurstGPT, Mooncake, Bailian, \
             TraceLab, vidur), results of benchmark tools (vLLM, GuideLLM, inference-perf, AIPerf), ShareGPT, traces of BLIS, and \
             any table or list of objects by mapping its columns; gzipped or not.",
        )
        .args_override_self(true)
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The file, or - for standard input"),
        )
        .arg(
            Arg::new("trace-header")
                .long("trace-header")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help_heading("Reading a trace")
                .help("Header of a trace of BLIS, YAML; may be left out"),
        )
        .args(reading())
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("PREFIX")
                .value_parser(value_parser!(PathBuf))
                .help("Writes the requests as a trace to PREFIX.yaml and PREFIX.csv"),
        )
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Prints everything as one JSON document"))
}

//! The command line, built from the table of settings.

mod calibrate;
mod plan;
mod sweep;
mod trace;

use crate::say::LogLevel;
use blis_playground::settings::schema::{self, Group, Setting, SettingKind};
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use std::path::PathBuf;
use std::str::FromStr;

/// The flags that name a file to read, or standard input as `-`.
pub const FILES_READ: [&str; 7] =
    ["config", "policy-config", "workload-spec", "trace-header", "trace-data", "hardware-config", "measured"];

/// The whole command line.
pub fn command() -> Command {
    Command::new("blis")
        .about("Simulates clusters of LLM-serving instances, deterministically")
        .version(env!("CARGO_PKG_VERSION"))
        .args_override_self(true)
        .arg(
            Arg::new("log")
                .long("log")
                .global(true)
                .value_name("LEVEL")
                .value_parser(value_parser!(LogLevel))
                .hide_possible_values(true)
                .help("What standard error gets [one of trace, debug, info, warn, error, fatal, panic; default info]"),
        )
        .subcommand(run())
        .subcommand(replay())
        .subcommand(plan::command())
        .subcommand(sweep::sweep())
        .subcommand(trace::command())
        .subcommand(calibrate::command())
        .subcommand(check())
        .subcommand(lesson())
        .subcommand(model())
        .subcommand(schema_command())
}

fn run() -> Command {
    Command::new("run")
        .about("Simulates one run and prints its metrics")
        // As in the reference: of a repeated flag the last one counts.
        .args_override_self(true)
        .args(schema::settings().iter().flat_map(setting_flags))
        .args(model_flags())
        .args(output_flags())
        .args(trace_output())
        .args(policy_config())
}

/// As `run`, with the requests from a trace.
fn replay() -> Command {
    let of_workload = |setting: &&Setting| setting.group == Group::Workload && setting.path != "seed";
    Command::new("replay")
        .about("Serves the requests of a trace and prints the metrics")
        .long_about(
            "Serves the requests of a trace and prints the metrics. Takes the flags of `blis run` except those of the \
             workload. Latency targets in the trace's header apply unless flags set some; deadlines come from the \
             trace. Unlike in the reference, the run ends when every request is done, so the trace of a run \
             reproduces its figures. --horizon ends it earlier, --reference-horizon where the reference would.",
        )
        .args_override_self(true)
        .args(trace_input())
        .arg(reference_horizon())
        .arg(think_time())
        .group(ArgGroup::new("input").args(["trace", "trace-data"]).required(true))
        .args(schema::settings().iter().filter(|setting| !of_workload(setting)).flat_map(setting_flags))
        .args(model_flags())
        .args(output_flags())
        .args(trace_output())
        .args(policy_config())
        .arg(
            file("results-path")
                .help_heading("Output")
                .help("Writes a JSON list with the latencies of every completed request to this file"),
        )
}

fn schema_command() -> Command {
    Command::new("schema").about("Prints the JSON Schema of a configuration file").arg(
        Arg::new("settings")
            .long("settings")
            .action(ArgAction::SetTrue)
            .help("Prints the table of all settings instead, with flags, units, ranges and defaults"),
    )
}

fn trace_input() -> Vec<Arg> {
    let input = |arg: Arg| arg.help_heading("Trace");
    let files = [
        input(file("trace").value_name("PREFIX")).help("Reads the trace PREFIX.yaml and PREFIX.csv"),
        input(file("trace-header")).requires("trace-data").help("Header of the trace, YAML; may be left out"),
        input(file("trace-data"))
            .conflicts_with("trace")
            .help("File with the requests, in any format that `blis trace` shows, gzipped or not"),
    ];
    let reading = trace::reading().into_iter().map(|arg| arg.requires("input"));
    files.into_iter().chain(reading).chain(sessions()).collect()
}

/// How conversations of a trace are replayed.
fn sessions() -> [Arg; 2] {
    let own = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).help_heading("Trace")
    };
    [
        own("session-mode", "MODE").hide_possible_values(true).value_parser(["fixed", "closed-loop"]).requires("input").help(
            "Sends each round of a conversation at its own time, or when the answer before it is there and has been thought about [one of fixed, closed-loop; default fixed]",
        ),
        own("think-time-dist", "DISTRIBUTION").requires("input").help(
            "Pauses between an answer and the next round: constant:value=500ms, lognormal:mu=2.0,sigma=0.6[,min=3s,max=30s] (of the logarithm of seconds). If not set, those of the trace, or the gaps between its arrivals",
        ),
    ]
}

/// The same pause before all rounds.
fn think_time() -> Arg {
    Arg::new("think-time-ms")
        .long("think-time-ms")
        .value_name("MS")
        .help_heading("Trace")
        .help("Pause between an answer and the next round of a conversation, with --session-mode closed-loop; 0 = not set")
}

fn reference_horizon() -> Arg {
    Arg::new("reference-horizon")
        .long("reference-horizon")
        .action(ArgAction::SetTrue)
        .conflicts_with("horizon")
        .help_heading("Trace")
        .help("Ends the run at twice the latest arrival, as the reference does")
}

fn trace_output() -> [Arg; 1] {
    let output = file("trace-output").value_name("PREFIX").help_heading("Output");
    [output.help("Writes the requests as a trace to PREFIX.yaml and PREFIX.csv")]
}

fn policy_config() -> [Arg; 1] {
    let bundle = file("policy-config").help_heading("Policies");
    [bundle.help("Takes admission, routing, scheduling, preemption and tenant budgets from a policy file of the reference, YAML; flags given as well win")]
}

fn check() -> Command {
    Command::new("check")
        .about("Holds recordings of the reference against this simulator")
        .arg(
            Arg::new("files")
                .value_name("FILE")
                .num_args(1..)
                .value_parser(value_parser!(PathBuf))
                .help("Recorded cases (JSON, also gzipped)"),
        )
        .arg(recordings("step-times", "Recorded step times (JSON, also gzipped)"))
        .arg(recordings("kv-capacity", "Recorded block counts and maximum lengths (JSON, also gzipped)"))
}

fn lesson() -> Command {
    Command::new("lesson").about("Checks lessons, and tries their claims on 20 seeds").arg(
        Arg::new("files")
            .value_name("FILE")
            .num_args(1..)
            .required(true)
            .value_parser(value_parser!(PathBuf))
            .help("Lessons (JSON)"),
    )
}

fn model() -> Command {
    Command::new("model")
        .about("Shows what is understood of a model's config.json, or lists the bundled models")
        .long_about(
            "Shows what is understood of a model: its layers by kind, parameters by part with their number formats, cache and \
             state, what is approximated, and what BLIS makes of it. Without FILE it lists the bundled models.",
        )
        .arg(
            Arg::new("model")
                .value_name("FILE")
                .help("A public config.json (with the hf_quant_config.json beside it), its folder, - for standard input, or the name of a bundled model"),
        )
        .arg(Arg::new("name").long("name").value_name("TEXT").help("Name of the model in the file [default: that of the file]"))
        .arg(
            Arg::new("search")
                .long("search")
                .value_name("TEXT")
                .conflicts_with("model")
                .help("Lists only models whose name has these words"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Prints the model as an entry of model.own_models; in a list what is understood of each"),
        )
}

fn recordings(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("FILE")
        .action(ArgAction::Append)
        .value_parser(value_parser!(PathBuf))
        .help(help)
}

/// The names of a setting's flag without the dashes, the older one last; each is also its id for clap.
pub fn long_names(setting: &Setting) -> impl Iterator<Item = &'static str> + use<> {
    [setting.flag, setting.older_flag].into_iter().flatten().map(|flag| flag.trim_start_matches('-'))
}

/// The flag of a setting, and its older name, which help leaves out.
fn setting_flags(setting: &'static Setting) -> impl Iterator<Item = Arg> {
    let mut newer = None;
    long_names(setting).map(move |name| {
        let flag = setting_flag(setting, name);
        match newer.replace(name) {
            Some(newer) => flag.hide(true).conflicts_with(newer),
            None => flag,
        }
    })
}

fn setting_flag(setting: &'static Setting, name: &'static str) -> Arg {
    let arg = Arg::new(name).long(name).value_name(value_name(setting)).help(help(setting));
    let arg = arg.help_heading(heading(setting.group)).allow_hyphen_values(true);
    match setting.kind {
        SettingKind::Integer { .. } => arg.value_parser(|text: &str| typed::<i64>(setting, text)),
        SettingKind::Number { .. } => arg.value_parser(|text: &str| typed::<f64>(setting, text)),
        SettingKind::Floats { .. } => arg.value_parser(numbers),
        _ => arg.value_parser(value_parser!(String)),
    }
}

/// As the type of a flag that is no setting.
fn whole_number(text: &str) -> Result<String, String> {
    text.parse::<i64>().map(|_| text.to_owned()).map_err(|_| "expected a whole number".to_owned())
}

/// Only the type is checked while parsing; a range has an error of its own.
fn typed<Number: FromStr>(setting: &Setting, text: &str) -> Result<String, String> {
    text.parse::<Number>().map(|_| text.to_owned()).map_err(|_| format!("expected {}", setting.expected()))
}

fn numbers(text: &str) -> Result<String, String> {
    let number = |item: &str| item.trim().parse::<f64>().map(|_| ());
    text.split(',').try_for_each(number).map_err(|_| "expected numbers, separated by commas".to_owned())?;
    Ok(text.to_owned())
}

fn value_name(setting: &Setting) -> &'static str {
    match &setting.kind {
        SettingKind::Integer { .. } => "INT",
        SettingKind::Number { .. } => "FLOAT",
        SettingKind::Floats { .. } => "FLOATS",
        SettingKind::Document => "FILE",
        SettingKind::Targets { .. }
        | SettingKind::ClassPriorities { .. }
        | SettingKind::TenantBudgets
        | SettingKind::Scorers { .. }
        | SettingKind::Kills
        | SettingKind::Bursts => "LIST",
        SettingKind::Boolean | SettingKind::Choice { .. } | SettingKind::Text { .. } => "NAME",
    }
}

/// The setting's own line, its unit, choices and default.
fn help(setting: &Setting) -> String {
    let mut notes = Vec::new();
    notes.extend(setting.unit.map(str::to_owned));
    match &setting.kind {
        SettingKind::Choice { .. } => notes.push(setting.expected()),
        SettingKind::Document => notes.push("YAML or JSON".to_owned()),
        _ => {}
    }
    notes.extend(setting.older_flag.map(|flag| format!("formerly {flag}")));
    notes.extend(default_text(setting).map(|default| format!("default {default}")));
    if notes.is_empty() {
        setting.help.to_owned()
    } else {
        format!("{} [{}]", setting.help, notes.join("; "))
    }
}

/// The default on the command line, where it is the reference's.
fn default_text(setting: &Setting) -> Option<String> {
    match setting.path {
        "model.name" => None,
        "admission.tier_shed_min_priority" | "trace.counterfactual_k" => Some("0".to_owned()),
        _ => Some(setting.default_text.clone()).filter(|text| !text.is_empty()),
    }
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Model => "Model and GPUs",
        Group::Memory => "Memory",
        Group::Cluster => "Cluster",
        Group::Admission => "Admission",
        Group::Routing => "Routing",
        Group::Instance => "Instance",
        Group::Workload => "Workload",
        Group::Targets => "Latency targets",
        Group::Trace => "Decision trace",
    }
}

/// A switch that also takes `=false`.
fn switch(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .num_args(0..=1)
        .require_equals(true)
        .value_name("BOOL")
        .default_missing_value("true")
        .value_parser(value_parser!(bool))
}

fn file(name: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf))
}

/// Flags about the model that are no settings of a run in themselves.
fn model_flags() -> [Arg; 8] {
    let in_group = |arg: Arg| arg.help_heading(heading(Group::Model));
    [
        in_group(file("model-config-folder").value_name("FOLDER"))
            .help("Folder with the config.json (and hf_quant_config.json) of a model that is not bundled, or the file itself"),
        in_group(
            Arg::new("gpu")
                .long("gpu")
                .value_name(crate::own_gpu::FORM)
                .action(ArgAction::Append),
        )
        .help("A GPU of your own, such as Big:like=H200,memory=200,price=4.5; without --hardware it is the one served on. May be given several times. Not in BLIS"),
        in_group(file("hardware-config")).help("JSON table of GPUs to use instead of the bundled one"),
        in_group(
            Arg::new("dp").long("dp").value_name("INT").allow_hyphen_values(true).value_parser(whole_number),
        )
        .help("Data parallelism; only 1 is simulated [default 1]"),
        in_group(switch("lazy-generation"))
            .help("Accepted and without effect: requests of specifications are always made in portions"),
        Arg::new("kv-offload-threshold")
            .long("kv-offload-threshold")
            .value_name("NUMBER")
            .allow_hyphen_values(true)
            .help_heading(heading(Group::Memory))
            .help("Accepted and without effect: full blocks are copied to CPU memory in every step [default 0.9]"),
        in_group(switch("enable-expert-parallel"))
            .help("Accepted for mixture-of-experts models; changes nothing without data parallelism"),
        calibrate::measured(),
    ]
}

fn config_file() -> Arg {
    let config = file("config").help_heading("Output");
    config.help(
        "Takes the settings from a JSON file, or from standard input if it is -; flags given as well win",
    )
}

fn trace_level() -> Arg {
    let level = Arg::new("trace-level").long("trace-level").value_name("NAME");
    let level = level.help_heading(heading(Group::Trace));
    level.help("Whether decisions are recorded [one of none, decisions; default none]")
}

fn output_flags() -> [Arg; 7] {
    let trace = |arg: Arg| arg.help_heading(heading(Group::Trace));
    let output = |arg: Arg| arg.help_heading("Output");
    [
        trace_level(),
        trace(switch("summarize-trace")).help("Prints a summary of the recorded decisions"),
        output(file("metrics-path")).help("Writes the metrics with one row per request to this file"),
        output(
            Arg::new("fitness-weights").long("fitness-weights").value_name("LIST").allow_hyphen_values(true),
        )
        .help("Prints a score from key:weight,... (throughput, tokens_per_sec, p99_ttft, mean_e2e, ...)"),
        config_file(),
        output(Arg::new("format").long("format").value_name("NAME").value_parser(["text", "json"])).help(
            "How the results are printed: as the reference does, or as one JSON document [one of text, json; default text]",
        ),
        output(switch("print-config")).help("Prints the settings as JSON and does not run"),
    ]
}

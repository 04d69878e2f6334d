//! From parsed flags to a configuration and the options of the output.

use crate::failure::Failure;
use crate::files::in_file;
use crate::flags::{FILES_READ, long_names};
use crate::policy_file::PolicyFile;
use crate::remark::Remark;
use crate::sources::Sources;
use crate::trace_files;
use crate::{measured_file, own_gpu};
use blis_playground::config::{LatencyModelName, RoutingPolicyName};
use blis_playground::formats::trace::Mode;
use blis_playground::settings::Warning;
use blis_playground::settings::saved::{self, Saved};
use blis_playground::settings::schema::{self, Setting};
use blis_playground::workload::specification::from_yaml;
use blis_playground::{Config, ConfigError};
use clap::ArgMatches;
use std::path::PathBuf;

/// One call of the command line: the settings of the run and what it prints and writes.
#[derive(Debug)]
pub struct Invocation {
    /// The settings, checked.
    pub config: Config,
    /// What is odd about them.
    pub remarks: Vec<Remark>,
    /// What is printed on standard output.
    pub printed: Printed,
    /// Print the decision-trace summary.
    pub summarize_trace: bool,
    /// Weights of the fitness score, as given; read after the run, as in the reference.
    pub fitness_weights: Option<String>,
    /// Where the metrics with one row per request go.
    pub metrics_path: Option<PathBuf>,
    /// Where the trace goes, without the endings of its two files.
    pub trace_output: Option<PathBuf>,
    /// Where the result list of a replay goes.
    pub results_path: Option<PathBuf>,
    /// Where the requests come from.
    pub mode: Mode,
    /// Folder with a model's own description.
    pub model_config_folder: Option<PathBuf>,
    /// Own table of GPUs.
    pub hardware_config: Option<PathBuf>,
    /// Whether expert parallelism is on, which only mixture-of-experts models have.
    pub expert_parallel: bool,
}

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// The settings; nothing is run.
    Settings,
    /// The figures as the reference prints them.
    Report,
    /// One JSON document, in which everything is that is otherwise said beside the figures.
    Document,
}

impl Invocation {
    /// Reads and checks the flags of `blis run` or `blis replay`.
    pub fn from_flags(flags: &ArgMatches) -> Result<Self, Failure> {
        Self::of_a_variant(flags, &Sources::default())
    }

    /// The same for one of several variants, which have their files in common.
    pub fn of_a_variant(flags: &ArgMatches, sources: &Sources) -> Result<Self, Failure> {
        Self::checked_by(flags, sources, Config::validate)
    }

    /// Reads and checks the flags of `blis plan`: events are left out of a plan, so that they need not fit the instances,
    /// whose number is searched for.
    pub fn of_a_plan(flags: &ArgMatches) -> Result<Self, Failure> {
        Self::checked_by(flags, &Sources::default(), |config| config.undisturbed().validate())
    }

    fn checked_by(
        flags: &ArgMatches,
        sources: &Sources,
        check: impl Fn(&Config) -> Result<Vec<Warning>, ConfigError>,
    ) -> Result<Self, Failure> {
        one_standard_input(flags)?;
        let mut base = base(flags, sources)?;
        let mut policies = PolicyFile::read(flags, &mut base, sources)?;
        let mut config = Config::from_pairs(&base, setting_pairs(flags))?;
        policies.shed_priority(flags, &mut config);
        let gpus = flags.try_get_many::<String>("gpu").ok().flatten().into_iter().flatten();
        own_gpu::add(&mut config, gpus, text(flags, "hardware").is_some())?;
        measured_file::apply(flags, &mut config, sources)?;
        // The reference's own way to say that there is no horizon (W-2.1).
        config.cluster.horizon = config.cluster.horizon.filter(|&horizon| horizon != i64::MAX);
        let mut remarks = std::mem::take(&mut policies.remarks);
        remarks.extend(routing_scorers(flags, &mut config)?);
        let mode = if is_replay(flags) { Mode::Replayed } else { Mode::Generated };
        if mode == Mode::Replayed {
            let replayed = trace_files::replayed(flags, &config, sources)?;
            config = replayed.0;
            remarks.extend(replayed.1);
        } else {
            closed_loop(flags, &mut config)?;
            read_spec(flags, &mut config, sources)?;
        }
        let tracing = trace(flags, &mut config)?;
        expert_settings(flags, &config)?;
        remarks.extend(tracing.remarks);
        remarks.extend(offload_threshold(flags, &config)?);
        let problems = check(&config)?;
        let matters = |warning: &&Warning| !policies.is_idle_value(flags, &config, warning);
        remarks.extend(problems.iter().filter(matters).map(crate::failure::of_warning));
        let path = |name| flags.try_get_one::<PathBuf>(name).ok().flatten().cloned();
        Ok(Self {
            config,
            remarks,
            printed: match (switch(flags, "print-config"), is_json(flags)) {
                (true, _) => Printed::Settings,
                (_, true) => Printed::Document,
                _ => Printed::Report,
            },
            summarize_trace: tracing.summarize,
            fitness_weights: text(flags, "fitness-weights").map(str::to_owned),
            metrics_path: path("metrics-path"),
            trace_output: path("trace-output"),
            results_path: path("results-path"),
            mode,
            model_config_folder: path("model-config-folder"),
            hardware_config: path("hardware-config"),
            expert_parallel: switch(flags, "enable-expert-parallel"),
        })
    }
}

/// Only `blis replay` has flags that name a trace.
fn is_replay(flags: &ArgMatches) -> bool {
    flags.try_contains_id("input").unwrap_or(false)
}

/// Whether one JSON document is printed.
fn is_json(flags: &ArgMatches) -> bool {
    text(flags, "format") == Some("json")
}

/// `-` names standard input, which can be read once.
fn one_standard_input(flags: &ArgMatches) -> Result<(), Failure> {
    let named = FILES_READ.into_iter().filter(|flag| given(flags, flag).is_some_and(|name| name == "-"));
    let named: Vec<String> = named.map(|flag| format!("--{flag} -")).collect();
    if named.len() < 2 {
        return Ok(());
    }
    Err(Failure::Flag(format!("{}: standard input can be read only once", named.join(" and "))))
}

/// Where the flags start from: a file, or the reference's defaults.
fn base(flags: &ArgMatches, sources: &Sources) -> Result<Config, Failure> {
    if let Some(path) = flags.get_one::<PathBuf>("config") {
        const FLAG: &str = "--config";
        return match saved::read(&sources.text(FLAG, path)?) {
            Ok(Saved::Settings(config)) => Ok(*config),
            Ok(Saved::Specification(_)) => {
                let error =
                    ConfigError::malformed("", "a workload specification, which --workload-spec reads");
                Err(in_file(FLAG, path, &error))
            }
            Err(error @ ConfigError::Malformed { .. }) => Err(in_file(FLAG, path, &error)),
            Err(other) => Err(Failure::Setting(other)),
        };
    }
    // The form for programs is none of the reference's, and every setting has a default in it.
    if text(flags, "model").is_none() && !is_json(flags) {
        return Err(Failure::Flag("--model is required".to_owned()));
    }
    Ok(Config::default())
}

/// The flags that were given and can be taken as they are.
fn setting_pairs(flags: &ArgMatches) -> impl Iterator<Item = (&'static str, String)> + '_ {
    // These need more than their own text; see the functions below.
    let special = ["workload.spec", "routing.scorers", "trace.counterfactual_k"];
    schema::settings().iter().filter(move |setting| !special.contains(&setting.path)).filter_map(|setting| {
        let words = long_names(setting).find_map(|name| text(flags, name))?;
        Some((setting.path, as_pair(setting, words)))
    })
}

/// The text as our settings want it, where the reference's flag differs.
fn as_pair(setting: &Setting, words: &str) -> String {
    match setting.path {
        "model.name" => words.to_lowercase(),
        // 0 is the reference's way of saying "not given".
        "model.tp" if words.parse() == Ok(0) => String::new(),
        _ => words.to_owned(),
    }
}

/// Scorers are not even read unless they matter (routing chapter, R-1).
fn routing_scorers(flags: &ArgMatches, config: &mut Config) -> Result<Vec<Remark>, Failure> {
    let Some(words) = text(flags, "routing-scorers").filter(|words| !words.is_empty()) else {
        return Ok(Vec::new());
    };
    if config.routing.policy == RoutingPolicyName::Weighted {
        config.routing.scorers = blis_playground::settings::scorer_list::parse(words)?;
        return Ok(Vec::new());
    }
    let text = "--routing-scorers has no effect unless --routing-policy is weighted";
    Ok(vec![Remark::Warning(text.to_owned())])
}

/// The closed loop counts only explicit flags (workload chapter, W-8).
fn closed_loop(flags: &ArgMatches, config: &mut Config) -> Result<(), Failure> {
    let users = config.workload.concurrency;
    if users == 0 {
        return Ok(());
    }
    for other in ["rate", "workload-spec"] {
        if let Some(value) = given(flags, other) {
            return Err(Failure::Flag(format!(
                "--concurrency {users} cannot be combined with --{other} {value}"
            )));
        }
    }
    let from_file = given(flags, "config").is_some();
    if given(flags, "num-requests").is_none() && !from_file {
        if given(flags, "horizon").is_none() {
            let rule = "--concurrency needs --num-requests or --horizon";
            return Err(Failure::Flag(format!("{rule}, got neither")));
        }
        config.workload.num_requests = 0;
    }
    Ok(())
}

/// A specification, with explicit flags written into it (workload chapter, W-5).
fn read_spec(flags: &ArgMatches, config: &mut Config, sources: &Sources) -> Result<(), Failure> {
    const FLAG: &str = "--workload-spec";
    let Some(path) = text(flags, "workload-spec").filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(());
    };
    let malformed = |message: String| Failure::File { flag: FLAG, path: path.clone(), message };
    let mut spec = from_yaml(&sources.text(FLAG, &path)?).map_err(|error| malformed(error.to_string()))?;
    // The flags have been read as settings; the file knows them under the same names.
    if given(flags, "num-requests").is_some() {
        spec.num_requests = Some(config.workload.num_requests.into());
    }
    if given(flags, "horizon").is_some() {
        spec.horizon = config.cluster.horizon;
    }
    if given(flags, "seed").is_some() {
        spec.seed = Some(config.seed);
    }
    config.workload.spec = Some(spec);
    // It is in the specification now, and would only draw a warning here.
    config.workload.num_requests = Config::default().workload.num_requests;
    Ok(())
}

/// The settings of the trace flags.
struct Tracing {
    summarize: bool,
    remarks: Vec<Remark>,
}

/// Decisions are compared only if they are recorded, and on the command line only on request.
fn trace(flags: &ArgMatches, config: &mut Config) -> Result<Tracing, Failure> {
    let level = text(flags, "trace-level").unwrap_or("none");
    let recorded = match level {
        "decisions" => true,
        "none" | "" => false,
        other => {
            return Err(Failure::Flag(format!("--trace-level must be one of none, decisions, got {other}")));
        }
    };
    let summarize = switch(flags, "summarize-trace");
    let k = text(flags, "counterfactual-k");
    let mut remarks = Vec::new();
    if let Some(k) = k {
        *config = Config::from_pairs(config, [("trace.counterfactual_k", k)])?;
    }
    let from_file = given(flags, "config").is_some() && given(flags, "trace-level").is_none();
    if !from_file && (k.is_none() || !recorded) {
        config.trace.counterfactual_k = 0;
    }
    if !recorded && !from_file {
        let pointless =
            [("--counterfactual-k", k.is_some_and(|k| k != "0")), ("--summarize-trace", summarize)];
        let named = pointless.into_iter().filter(|(_, given)| *given);
        let pointless = |flag| format!("{flag} has no effect without --trace-level decisions");
        remarks.extend(named.map(|(flag, _)| Remark::Warning(pointless(flag))));
    } else if summarize && config.trace.counterfactual_k == 0 {
        let text = "the regret is 0 because --counterfactual-k is 0; give 1 or more to compute it";
        remarks.push(Remark::Note(text.to_owned()));
    }
    Ok(Tracing { summarize: summarize && (recorded || from_file), remarks })
}

/// The share of used blocks above which blocks would be copied is checked, and has no effect (KV tiers chapter, T-1).
fn offload_threshold(flags: &ArgMatches, config: &Config) -> Result<Option<Remark>, Failure> {
    const FLAG: &str = "--kv-offload-threshold";
    let Some(threshold) = text(flags, "kv-offload-threshold") else { return Ok(None) };
    let number = threshold.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    let Some(number) = number else {
        return Err(Failure::Flag(format!("{FLAG} must be a number from 0 to 1, got {threshold}")));
    };
    let pointless = config.memory.kv_cpu_blocks > 0 && number != 0.0;
    Ok(pointless.then(|| {
        Remark::Warning(format!("{FLAG} has no effect: full blocks are copied to CPU memory in every step"))
    }))
}

/// Data and expert parallelism are accepted only where they change nothing (latency chapter, L-8).
fn expert_settings(flags: &ArgMatches, config: &Config) -> Result<(), Failure> {
    if let Some(dp) = text(flags, "dp").filter(|dp| dp.parse() != Ok(1)) {
        return Err(Failure::Flag(format!("--dp must be 1 (data parallelism is not simulated), got {dp}")));
    }
    let roofline = config.model.latency_model == LatencyModelName::Roofline;
    if switch(flags, "enable-expert-parallel") && roofline {
        let rule = "--enable-expert-parallel cannot be combined with --latency-model roofline";
        return Err(Failure::Flag(format!("{rule}: trained-physics only")));
    }
    Ok(())
}

/// The text of a flag, if it was given.
fn text<'a>(flags: &'a ArgMatches, name: &str) -> Option<&'a str> {
    // A command without the flag has not been given it.
    flags.try_get_one::<String>(name).ok().flatten().map(String::as_str)
}

/// A flag as it was typed, if it was given.
fn given(flags: &ArgMatches, name: &str) -> Option<String> {
    let mut raw = flags.try_get_raw(name).ok().flatten()?;
    raw.next_back().map(|value| value.to_string_lossy().into_owned())
}

fn switch(flags: &ArgMatches, name: &str) -> bool {
    // A command without the switch has not been given it.
    flags.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests;

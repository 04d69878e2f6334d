//! The combinations of values that are run, and the seeds.

use super::values::{seeds, values};
use super::{MOST_POINTS, MOST_RUNS};
use crate::custom_catalog::custom_catalog;
use crate::failure::Failure;
use crate::flags::{command, long_names};
use crate::invocation::Invocation;
use crate::remark::Remark;
use crate::sources::Sources;
use blis_playground::config::ExplicitRequests;
use blis_playground::latency::setup::{CustomCatalog, ServingSetup};
use blis_playground::settings::schema::{self, Group, Setting, SettingKind};
use blis_playground::{Config, ConfigError};
use clap::ArgMatches;
use serde_json::Value;
use std::ffi::OsString;
use std::fmt::Write as _;
use xxhash_rust::xxh3::xxh3_64;

/// Everything that is to be run.
#[derive(Debug)]
pub struct Grid {
    pub axes: Vec<Axis>,
    /// In the order of the output: the last axis is the fastest.
    pub points: Vec<Point>,
    pub seeds: Seeds,
    /// The user's own model and GPUs.
    pub custom: CustomCatalog,
}

/// A setting that is varied.
#[derive(Debug)]
pub struct Axis {
    /// Its flag without the dashes, as it is typed today.
    pub name: &'static str,
    setting: &'static Setting,
    /// The flag by which it is given to each run.
    flag: &'static str,
    values: Vec<String>,
}

/// A combination of values.
#[derive(Debug)]
pub struct Point {
    /// The value of each axis in its JSON form.
    pub settings: Vec<Value>,
    /// The settings of its runs and what is odd about them, or why there can be none.
    pub run: Result<(Config, Vec<Remark>), String>,
}

/// The seeds of every point.
#[derive(Debug, PartialEq, Eq)]
pub enum Seeds {
    /// That of the settings.
    Own,
    /// These, each as with `--seed`.
    Given(Vec<i64>),
}

impl Seeds {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Own => 1,
            Self::Given(seeds) => seeds.len(),
        }
    }

    /// One of them; none for that of the settings.
    pub fn get(&self, index: usize) -> Option<i64> {
        match self {
            Self::Own => None,
            Self::Given(seeds) => seeds.get(index).copied(),
        }
    }
}

impl Grid {
    /// The grid that the flags name, which were read from these arguments.
    pub fn new(flags: &ArgMatches, arguments: &[OsString]) -> Result<Self, Failure> {
        let axes = axes(flags)?;
        of_replay(flags, &axes)?;
        one_model(flags, &axes)?;
        let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len()));
        let count = count.filter(|&count| count <= MOST_POINTS).ok_or_else(|| {
            let sizes: Vec<String> = axes.iter().map(|axis| axis.values.len().to_string()).collect();
            too_large(format_args!("{MOST_POINTS} combinations"), format_args!("{}", sizes.join(" × ")))
        })?;
        let sources = Sources::default();
        let mut parser = command();
        let mut custom = None;
        let mut refusals = Vec::new();
        let mut points = Vec::new();
        for chosen in combinations(&axes, count) {
            let flags = with_values(&mut parser, arguments, &axes, &chosen)?;
            let flags = flags.subcommand().map_or(&flags, |(_, flags)| flags);
            let invocation = Invocation::of_a_variant(flags, &sources);
            let run = invocation.and_then(|invocation| {
                let own = custom_catalog(&invocation, &sources)?;
                let Invocation { config, remarks, .. } = invocation;
                ServingSetup::resolve_with(&config.model, &config.memory, &own)?;
                custom.get_or_insert(own);
                Ok((config, remarks))
            });
            let run = run.map_err(|failure| {
                let text = failure.to_string();
                refusals.push(failure);
                text
            });
            points.push(Point { settings: settings(&axes, &chosen), run });
        }
        if refusals.len() == points.len()
            && let Some(first) = refusals.into_iter().next()
        {
            return Err(first);
        }
        let seeds = read_seeds(flags, &points)?;
        if points.len() * seeds.len() > MOST_RUNS {
            let got = format_args!("{} combinations × {} seeds", points.len(), seeds.len());
            return Err(too_large(format_args!("{MOST_RUNS} runs"), got));
        }
        Ok(Self { axes, points, seeds, custom: custom.unwrap_or_default() })
    }

    /// Runs in all.
    pub fn runs(&self) -> usize {
        self.points.len() * self.seeds.len()
    }

    /// The seed of a run, as it is shown.
    pub fn seed(&self, point: usize, index: usize) -> Option<i64> {
        self.seeds.get(index).or_else(|| Some(own_seed(&self.points[point].run.as_ref().ok()?.0)))
    }

    /// 16 digits that differ if anything that the rows depend on differs; `form` is that of the rows.
    pub fn fingerprint(&self, form: &str) -> String {
        let mut text = format!("{} {form} {:?} {:?}", env!("CARGO_PKG_VERSION"), self.seeds, self.custom);
        for axis in &self.axes {
            let _ = write!(text, "\n{} {:?}", axis.name, axis.values);
        }
        // A list of requests is the same for all.
        let mut requests: Option<ExplicitRequests> = None;
        for point in &self.points {
            let _ = match &point.run {
                Ok((config, _)) => {
                    let mut config = config.clone();
                    requests = requests.or(config.workload.requests.take());
                    config.workload.requests = None;
                    write!(text, "\n{}", config.to_document())
                }
                Err(reason) => write!(text, "\n{reason}"),
            };
        }
        if let Some(requests) = requests {
            let mut config = Config::default();
            config.workload.requests = Some(requests);
            text.push_str(&config.to_document().to_string());
        }
        format!("{:016x}", xxh3_64(text.as_bytes()))
    }
}

fn too_large(most: std::fmt::Arguments<'_>, got: std::fmt::Arguments<'_>) -> Failure {
    Failure::Flag(format!("--vary and --seeds must lead to at most {most}, got {got}"))
}

fn axes(flags: &ArgMatches) -> Result<Vec<Axis>, Failure> {
    let mut axes: Vec<Axis> = Vec::new();
    for text in flags.get_many::<String>("vary").into_iter().flatten() {
        let wrong = || {
            let form = "a setting by the name of its flag and its values, such as num-instances=1..16";
            Failure::Flag(format!("--vary must be {form}, got {text}"))
        };
        let (typed, listed) = text.split_once('=').ok_or_else(wrong)?;
        let axis = axis(typed.trim().trim_start_matches("--"), listed, flags)?.ok_or_else(wrong)?;
        if axes.iter().any(|other| other.name == axis.name) {
            return Err(Failure::Flag(format!(
                "--vary must name every setting once, got {} twice",
                axis.name
            )));
        }
        axes.push(axis);
    }
    Ok(axes)
}

/// The setting of this name with these values; none if there is no such setting with a flag.
fn axis(typed: &str, listed: &str, flags: &ArgMatches) -> Result<Option<Axis>, Failure> {
    let Some(setting) = schema::by_name(&format!("--{typed}")).or_else(|| schema::by_name(typed)) else {
        return Ok(None);
    };
    let Some(name) = long_names(setting).next() else { return Ok(None) };
    if setting.path == "seed" {
        return Err(Failure::Flag(format!("--vary seed={listed}: seeds are given with --seeds {listed}")));
    }
    let values = values(name, &setting.kind, listed)?;
    for value in &values {
        check(setting, value)?;
    }
    // Of two names of a flag, the one that is given: the other would contradict it.
    let given = |flag: &&str| flags.try_get_raw(flag).is_ok_and(|values| values.is_some());
    let flag = long_names(setting).find(given).unwrap_or(name);
    Ok(Some(Axis { name, setting, flag, values }))
}

/// Refuses a value that no other setting can make valid.
fn check(setting: &Setting, value: &str) -> Result<(), Failure> {
    if setting.kind == SettingKind::Document {
        return Ok(());
    }
    let mut alone = Config::default();
    alone.set(setting.path, value)?;
    let own =
        |problem: &ConfigError| problem.path() == setting.path && problem.expected() == setting.expected();
    alone.problems().into_iter().find(own).map_or(Ok(()), |problem| Err(problem.into()))
}

/// With a trace, nothing else gives requests.
fn of_replay(flags: &ArgMatches, axes: &[Axis]) -> Result<(), Failure> {
    if !flags.contains_id("input") {
        return Ok(());
    }
    let of_workload = |setting: &&Setting| setting.group == Group::Workload && setting.path != "seed";
    for setting in schema::settings().iter().filter(of_workload) {
        let given = |flag: &str| flags.try_get_raw(flag).is_ok_and(|values| values.is_some());
        let varied = axes.iter().any(|axis| axis.setting.path == setting.path);
        if let Some(flag) = long_names(setting).find(|flag| varied || given(flag)) {
            let reason = "the requests are those of the trace";
            return Err(Failure::Flag(format!("--{flag} cannot be combined with a trace: {reason}")));
        }
    }
    Ok(())
}

/// A folder holds one model.
fn one_model(flags: &ArgMatches, axes: &[Axis]) -> Result<(), Failure> {
    if flags.contains_id("model-config-folder") && axes.iter().any(|axis| axis.name == "model") {
        let rule = "--vary model cannot be combined with --model-config-folder: it holds one model";
        return Err(Failure::Flag(rule.to_owned()));
    }
    Ok(())
}

/// For every point, which value of each axis it has.
fn combinations(axes: &[Axis], count: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..count).map(|point| {
        let mut rest = point;
        let mut chosen: Vec<usize> = axes
            .iter()
            .rev()
            .map(|axis| {
                let value = rest % axis.values.len();
                rest /= axis.values.len();
                value
            })
            .collect();
        chosen.reverse();
        chosen
    })
}

/// The flags as if the values of a point had been given as well, after all others.
fn with_values(
    parser: &mut clap::Command,
    arguments: &[OsString],
    axes: &[Axis],
    chosen: &[usize],
) -> Result<ArgMatches, Failure> {
    let values = axes.iter().zip(chosen).map(|(axis, &value)| {
        let Axis { flag, values, .. } = axis;
        format!("--{flag}={}", values[value]).into()
    });
    let all: Vec<OsString> = arguments.iter().cloned().chain(values).collect();
    parser.try_get_matches_from_mut(all).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Failure::Flag(format!("--vary: {first}"))
    })
}

/// The values of a point in the JSON form of their settings; a file goes by its name.
fn settings(axes: &[Axis], chosen: &[usize]) -> Vec<Value> {
    let value = |(axis, &at): (&Axis, &usize)| {
        let text = &axis.values[at];
        let mut alone = Config::default();
        match axis.setting.kind {
            SettingKind::Document => Value::from(text.as_str()),
            _ if alone.set(axis.setting.path, text).is_ok() => axis.setting.json(&alone),
            _ => Value::from(text.as_str()),
        }
    };
    axes.iter().zip(chosen).map(value).collect()
}

/// The seeds that the flags name; a count begins at the seed of the run.
fn read_seeds(flags: &ArgMatches, points: &[Point]) -> Result<Seeds, Failure> {
    let Some(text) = flags.get_one::<String>("seeds") else { return Ok(Seeds::Own) };
    let first =
        points.iter().find_map(|point| point.run.as_ref().ok()).map_or(0, |(config, _)| own_seed(config));
    seeds(text, first, MOST_RUNS).map(Seeds::Given)
}

/// The seed of the requests: a specification has one of its own.
fn own_seed(config: &Config) -> i64 {
    let spec = config.workload.spec.as_ref();
    spec.map_or(config.seed, |spec| spec.seed.unwrap_or(0))
}

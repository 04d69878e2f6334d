//! `blis plan`: the answers as JSON lines on standard output, progress on standard error.

use crate::custom_catalog::custom_catalog;
use crate::document;
use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::say;
use crate::sources::Sources;
use crate::threads::pool;
use blis_playground::latency::{CustomCatalog, ServingSetup};
use blis_playground::outcome::goodput::has_targets;
use blis_playground::sizing::targets::PROPOSED_TTFT_MS;
use blis_playground::sizing::{
    Answer, Question, Row, RowKind, Search, Targets, cheapest_first, fewest_gpus_first,
};
use blis_playground::{Config, ConfigError, catalog};
use clap::ArgMatches;
use rayon::ThreadPool;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use serde::Serialize;
use std::process::ExitCode;
use std::str::FromStr;

/// The last line of the output.
#[derive(Serialize)]
struct Recommendation<'a> {
    /// GPUs per instance, and what the runs show; `null` if nothing meets the targets.
    recommended: Option<Recommended<'a>>,
}

#[derive(Serialize)]
struct Recommended<'a> {
    hardware: &'a str,
    tp: u32,
    #[serde(flatten)]
    answer: &'a Answer,
}

/// Answers the questions that the flags name.
pub fn plan(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let targets = targets(flags)?;
    let tps = tensor_parallel(flags)?;
    let invocation = Invocation::of_a_plan(flags)?;
    invocation.remarks.iter().for_each(say::remark);
    if !has_targets(&invocation.config.goodput_targets()) {
        say::line(format_args!(
            "no latency target given, for example --slo-ttft default=300ms: a TTFT of {PROPOSED_TTFT_MS} ms is taken"
        ));
    }
    let custom = custom_catalog(&invocation, &Sources::default())?;
    let clusters = clusters(flags, &invocation.config, &custom)?;
    let mut questions: Vec<(&Config, Question)> = Vec::new();
    for config in &clusters {
        questions.extend(tps.iter().map(|&tp| (config, Question::Instances { tp })));
    }
    questions.push((&invocation.config, Question::Rate));
    let searches = questions
        .into_iter()
        .map(|(config, question)| Search::new(config, question, targets, custom.clone()))
        .collect::<Result<Vec<_>, ConfigError>>()?;
    let several_gpus = flags.contains_id("gpus");
    let threads = pool(flags.get_one::<String>("threads").map(String::as_str))?;
    let mut rows = Vec::new();
    // A thread for each question, which waits for the threads of the pool, which work for all of them.
    std::thread::scope(|scope| {
        let running: Vec<_> = searches
            .into_iter()
            .map(|search| scope.spawn(|| search_to_end(search, several_gpus, &threads)))
            .collect();
        running.into_iter().try_for_each(|search| {
            // A thread ends early only by a defect, which has been reported then.
            let row = search.join().unwrap_or_else(|defect| std::panic::resume_unwind(defect));
            print(&row)?;
            rows.push(row);
            Ok::<_, Failure>(())
        })
    })?;
    let order = if several_gpus { cheapest_first } else { fewest_gpus_first };
    let best = rows.iter().filter(|row| row.question == RowKind::Instances).min_by(|a, b| order(a, b));
    let recommended = best.and_then(|row| {
        Some(Recommended { hardware: &row.hardware, tp: row.tp, answer: row.answer.as_ref()? })
    });
    print(&Recommendation { recommended })?;
    Ok(ExitCode::SUCCESS)
}

/// Searches to the end on these threads and reports each change of activity.
fn search_to_end(mut search: Search, names_gpu: bool, threads: &ThreadPool) -> Row {
    let row = search.row();
    let gpu =
        if names_gpu && row.question == RowKind::Instances { row.hardware + " " } else { String::new() };
    let mut shown = String::new();
    loop {
        let progress = threads.install(|| {
            search
                .advance_several(&|count, run| (0..count).into_par_iter().with_max_len(1).map(run).collect())
        });
        if progress.done {
            return search.row();
        }
        if progress.doing != shown {
            shown = progress.doing;
            say::line(format_args!("{gpu}{}: {shown}", search.name()));
        }
    }
}

/// The settings once for each GPU of `--gpus`, or as they are.
fn clusters(flags: &ArgMatches, config: &Config, custom: &CustomCatalog) -> Result<Vec<Config>, Failure> {
    let Some(text) = flags.get_one::<String>("gpus") else { return Ok(vec![config.clone()]) };
    let own = ServingSetup::resolve_with(&config.model, &config.memory, custom).ok();
    let own = config.model.hardware.clone().or(own.map(|setup| setup.gpu.name));
    text.split(',')
        .map(|part| {
            let (name, price) =
                part.split_once('=').map_or((part, None), |(name, price)| (name, Some(price)));
            let name = name.trim();
            if !is_known(name, config, custom) {
                catalog::find_gpu_in(custom.gpus.as_deref().unwrap_or_else(|| catalog::gpus()), name)?;
            }
            let mut config = config.clone();
            // A price that the settings give is that of their own GPU.
            if own.as_deref() != Some(name) {
                config.model.gpu_price = None;
            }
            config.model.hardware = Some(name.to_owned());
            if let Some(price) = price {
                config = Config::from_pairs(&config, [("model.gpu_price", price)])?;
                config.validate()?;
            }
            Ok(config)
        })
        .collect()
}

/// Whether this is one of the GPUs of the settings.
fn is_known(name: &str, config: &Config, custom: &CustomCatalog) -> bool {
    let own = config.model.own_gpus.iter().flat_map(|own| &own.0);
    own.chain(custom.gpus.iter().flatten()).any(|gpu| gpu.name == name)
}

fn print(line: &impl Serialize) -> Result<(), Failure> {
    document::print(line)
}

fn targets(flags: &ArgMatches) -> Result<Targets, Failure> {
    let defaults = Targets::default();
    let targets = Targets {
        goodput_percent: read(flags, "goodput")?,
        seeds: read(flags, "seeds")?.unwrap_or(defaults.seeds),
        max_instances: read(flags, "max-instances")?.unwrap_or(defaults.max_instances),
        max_requests: read(flags, "max-requests")?.unwrap_or(defaults.max_requests),
    };
    targets.check().map_err(|error| match error {
        ConfigError::Invalid { path, value, expected, .. } => {
            Failure::Flag(format!("{} must be {expected}, got {value}", flag_of(&path)))
        }
        other => other.into(),
    })?;
    Ok(targets)
}

/// The flag of a target.
fn flag_of(path: &str) -> String {
    let name = path.trim_start_matches("targets.");
    let name = name.trim_end_matches("_percent").replace('_', "-");
    format!("--{name}")
}

/// A number that a flag gives.
fn read<Number: FromStr>(flags: &ArgMatches, name: &str) -> Result<Option<Number>, Failure> {
    let Some(text) = flags.get_one::<String>(name) else { return Ok(None) };
    let kind = if name.contains("max-") || name == "seeds" { "a whole number >= 1" } else { "a number > 0" };
    text.parse().map(Some).map_err(|_| Failure::Flag(format!("--{name} must be {kind}, got {text}")))
}

fn tensor_parallel(flags: &ArgMatches) -> Result<Vec<u32>, Failure> {
    let text = flags.get_one::<String>("tps").map_or("1,2,4,8", String::as_str);
    let wrong =
        || Failure::Flag(format!("--tps must be a list of whole numbers >= 1 such as 1,2,4, got {text}"));
    let one = |part: &str| part.trim().parse().ok().filter(|&tp| tp >= 1).ok_or_else(wrong);
    text.split(',').map(one).collect()
}

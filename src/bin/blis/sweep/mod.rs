//! `blis sweep`: a grid of settings and seeds, run on all cores; one line per run or per combination, in their order.

mod collect;
mod grid;
mod merge;
mod progress;
mod rows;
mod shard;
mod values;

use crate::document::Judged;
use crate::failure::Failure;
use crate::remark::Remark;
use crate::say;
use crate::simulate::run_to_end;
use crate::threads::pool;
use blis_playground::outcome::goodput::goodput;
use blis_playground::sweep::{PlannedRun, SharedRuns};
use blis_playground::{Config, ConfigError};
use clap::ArgMatches;
use collect::{Collector, runs_of_a_row};
use grid::{Grid, Point};
use progress::Progress;
use rayon::iter::{ParallelBridge, ParallelIterator};
use rows::{Form, Run, Shown, Subject, Writer};
use shard::Shard;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

/// Most combinations of values.
const MOST_POINTS: usize = 10_000;
/// Most runs of a sweep, all shards together.
const MOST_RUNS: usize = 100_000;

/// Runs what the flags name, or merges what was run; `arguments` are the words from which the flags were read.
pub fn sweep(flags: &ArgMatches, arguments: impl IntoIterator<Item = OsString>) -> Result<ExitCode, Failure> {
    if let Some(files) = flags.get_many::<PathBuf>("merge") {
        let files: Vec<PathBuf> = files.cloned().collect();
        return merge::merge(&files, std::io::stdout().lock()).map(|()| ExitCode::SUCCESS);
    }
    let text = |name| flags.get_one::<String>(name).map(String::as_str);
    let shard = text("shard").map_or(Ok(Shard::WHOLE), str::parse)?;
    let pool = pool(text("threads"))?;
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let grid = Grid::new(flags, &arguments)?;
    let subject = if text("rows") == Some("points") { Subject::Points } else { Subject::Runs };
    let form = if text("format") == Some("csv") { Form::Csv } else { Form::JsonLines };
    let fingerprint = grid.fingerprint(&format!("{subject:?} {form:?}"));
    let writer = Writer { grid: &grid, fingerprint, subject, form };
    remarks_of_all(&grid).into_iter().for_each(say::remark);
    run(&writer, shard, &pool)?;
    Ok(ExitCode::SUCCESS)
}

/// What is to be said about every combination that can be run.
fn remarks_of_all(grid: &Grid) -> Vec<&Remark> {
    let mut runs = grid.points.iter().filter_map(|point| point.run.as_ref().ok());
    let first = runs.next().map_or(&[] as &[Remark], |(_, remarks)| remarks);
    let others: Vec<_> = runs.collect();
    let all = |remark: &&Remark| others.iter().all(|(_, remarks)| remarks.contains(remark));
    first.iter().filter(all).collect()
}

/// Makes the runs of a shard and prints their rows.
fn run(writer: &Writer<'_>, shard: Shard, pool: &rayon::ThreadPool) -> Result<(), Failure> {
    let grid = writer.grid;
    let rows: Vec<usize> = shard.rows(writer.rows()).collect();
    let of_a_row = runs_of_a_row(writer);
    let numbers = rows.iter().flat_map(|row| (row - 1) * of_a_row..row * of_a_row);
    let planned: Vec<(usize, Option<i64>)> =
        numbers.map(|run| (run / grid.seeds.len(), grid.seeds.get(run % grid.seeds.len()))).collect();
    let progress = Mutex::new(Progress::new(writer, shard, planned.len(), pool.current_num_threads()));
    let collector = Mutex::new(Collector::new(writer, rows, std::io::stdout())?);
    let take = |run: usize, shown: Shown| {
        let refused = shown.as_ref().err().cloned();
        // A defect in another thread has been reported there.
        collector.lock().unwrap_or_else(PoisonError::into_inner).take(run, shown)?;
        progress.lock().unwrap_or_else(PoisonError::into_inner).count(refused);
        Ok::<(), Failure>(())
    };
    // Those that can be run, by their place in the list.
    let (mut places, mut runs) = (Vec::new(), Vec::new());
    for (place, &(point, seed)) in planned.iter().enumerate() {
        match &grid.points[point].run {
            Ok(_) => {
                places.push(place);
                runs.push(PlannedRun { variant: point, seed });
            }
            Err(reason) => take(place, Err(reason.clone()))?,
        }
    }
    let variant =
        |point: &Point| point.run.as_ref().map_or_else(|_| Config::default(), |(config, _)| config.clone());
    let variants = grid.points.iter().map(variant).collect();
    let shared = SharedRuns::new(variants, grid.custom.clone(), &runs);
    let order = shared.order(pool.current_num_threads());
    pool.install(|| {
        order.into_iter().par_bridge().try_for_each(|index| {
            let remarks = grid.points[runs[index].variant]
                .run
                .as_ref()
                .map_or(&[] as &[Remark], |(_, remarks)| remarks);
            let shown = show(&shared, index, remarks);
            take(places[index], shown.map_err(|error| Failure::from(error).to_string()))
        })
    })?;
    let progress = progress.into_inner().unwrap_or_else(PoisonError::into_inner);
    progress.end()
}

/// Makes a run and keeps what it shows; `remarks` are those about its settings.
fn show(shared: &SharedRuns, index: usize, remarks: &[Remark]) -> Result<Run, ConfigError> {
    let config = shared.config(index);
    let finished = run_to_end(shared.run(index)?, &config);
    let remarks = remarks.iter().cloned().chain(finished.remarks());
    Ok(Run {
        judged: Judged::new(&finished.outcome, remarks),
        goodput: goodput(&finished.outcome, &config.goodput_targets()),
        regret: config.trace.counterfactual_k > 0,
    })
}

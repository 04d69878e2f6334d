//! Times of one scenario of the performance table as JSON, for `scripts/bench.mjs`, which interleaves them with
//! those of the browser: `cargo run --release --example measure -- SCENARIO REPEATS`. Beside the scenarios
//! there are `floor`, `sweep` and `mooncake` (an hour of prompts with hash ids, `mooncake-text` prints it); with a third argument, the
//! path of `blis`, the time of its whole process is measured. `NAME@N` is a scenario with a CPU tier of N blocks.

#[path = "../benches/scenarios/mod.rs"]
mod scenarios;

use blis_playground::workload::{Pattern, Workload};
use blis_playground::{Config, Outcome, Simulation, simulate, workload};
use scenarios::{Floor, SWEEP_COUNTS, SWEEP_SEEDS, times};
use serde_json::{Value, json};
use std::error::Error;
use std::hint::black_box;
use std::process::{Command, Stdio};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("which scenario?")?;
    let repeats = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let report = match (name.as_str(), arguments.next()) {
        (_, Some(program)) => process(&name, repeats, &program)?,
        ("floor", None) => floor(repeats)?,
        ("sweep", None) => sweep(repeats)?,
        ("mooncake", None) => mooncake(repeats)?,
        ("sessions", None) => sessions(repeats)?,
        ("mooncake-text", None) => {
            print!("{}", scenarios::mooncake::text(scenarios::mooncake::ROWS));
            return Ok(());
        }
        (_, None) => scenario(&name, repeats)?,
    };
    println!("{report}");
    Ok(())
}

fn scenario(name: &str, repeats: usize) -> Result<Value, Box<dyn Error>> {
    let (plain, blocks) = name.split_once('@').unwrap_or((name, "0"));
    let mut scenario = scenarios::named(plain).ok_or("no scenario of this name")?;
    if let Some(blocks) = Some(blocks.parse()?).filter(|&blocks| blocks > 0) {
        scenario.config.memory.kv_cpu_blocks = blocks;
    }
    let outcome = simulate(&scenario.config)?;
    let (steps, preemptions) = (scenarios::steps(&outcome), scenarios::preemptions(&outcome));
    let requests = outcome.requests.len();
    drop(outcome);
    let ms = times(repeats, || Ok(simulate(&scenario.config)?))?;
    Ok(json!({ "name": name, "ms": ms, "steps": steps, "requests": requests, "preemptions": preemptions }))
}

/// `blis run` with the flags of a scenario of the built-in workload, from start to end of its process.
fn process(name: &str, repeats: usize, program: &str) -> Result<Value, Box<dyn Error>> {
    let Config { model, cluster, workload, streams, .. } =
        scenarios::named(name).ok_or("no scenario of this name")?.config;
    let flags = [
        ("--model", model.name),
        ("--num-instances", cluster.num_instances.to_string()),
        ("--rate", workload.rate.to_string()),
        ("--num-requests", workload.num_requests.to_string()),
        ("--streams", streams.to_string()),
    ];
    let arguments: Vec<String> =
        flags.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]).collect();
    let ms = times(repeats, || {
        let ended = Command::new(program).arg("run").args(&arguments).stdout(Stdio::null()).output()?;
        if ended.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&ended.stderr).into()) }
    })?;
    Ok(json!({ "name": name, "ms": ms, "arguments": arguments }))
}

/// The floor of 12 × 100,000, and writing the columns that it leaves out.
fn floor(repeats: usize) -> Result<Value, Box<dyn Error>> {
    let large = scenarios::named("large").ok_or("no scenario of this name")?;
    let outcome = simulate(&large.config)?;
    let floor = Floor::new(scenarios::steps(&outcome), outcome.requests.len() as u64);
    let ms = times(repeats, || Ok(floor.run()))?;
    let columns = times(repeats, || Ok(black_box(floor.write_columns())))?;
    Ok(json!({ "name": "floor", "ms": ms, "columns": columns }))
}

/// Rows with hash ids: `ms` serves them, `parse` reads them from their file, `both` does both; `columns` is for the workload from
/// a list of requests in settings.
fn mooncake(repeats: usize) -> Result<Value, Box<dyn Error>> {
    let text = scenarios::mooncake::text(scenarios::mooncake::ROWS);
    let config = scenarios::mooncake::config(&text)?;
    let workload = workload::generate(&config)?;
    let serve = |workload| -> Result<Outcome, Box<dyn Error>> {
        let mut simulation = Simulation::with_workload(&config, workload)?;
        simulation.run_to_end();
        Ok(simulation.finish())
    };
    let outcome = serve(workload.clone())?;
    let (steps, preemptions) = (scenarios::steps(&outcome), scenarios::preemptions(&outcome));
    let hits: u64 = outcome.instances.iter().map(|instance| instance.cache_hits).sum();
    let misses: u64 = outcome.instances.iter().map(|instance| instance.cache_misses).sum();
    let completed: u64 = outcome.instances.iter().map(|instance| instance.completed).sum();
    let blocks = outcome.requests.input.iter().map(|&input| u64::from(input / 16)).sum::<u64>();
    drop(outcome);
    let columns = times(repeats, || Ok(workload::generate(&config)?))?;
    let parse = times(repeats, || Ok(scenarios::mooncake::parsed(&text)?))?;
    let both = times(repeats, || {
        let requests = scenarios::mooncake::parsed(&text)?;
        serve(Workload { requests, pattern: Pattern::List, ..Workload::default() })
    })?;
    let mut copies = vec![workload; repeats];
    let ms = times(repeats, || serve(copies.pop().ok_or("a copy for each repetition")?))?;
    Ok(json!({
        "name": "mooncake", "ms": ms, "parse": parse, "both": both, "columns": columns, "bytes": text.len(), "steps": steps, "preemptions": preemptions,
        "requests": scenarios::mooncake::ROWS, "completed": completed, "prompt_blocks": blocks,
        "hits": hits, "misses": misses,
    }))
}

/// Conversations, and beside them (`plain`) the same requests without any relation: `ms` of the runs alone, the lists being there.
fn sessions(repeats: usize) -> Result<Value, Box<dyn Error>> {
    let config = scenarios::sessions::config();
    let run = |config: &Config, workload| -> Result<Outcome, Box<dyn Error>> {
        let mut simulation = Simulation::with_workload(config, workload)?;
        simulation.run_to_end();
        Ok(simulation.finish())
    };
    let outcome = run(&config, workload::generate(&config)?)?;
    let plain = scenarios::sessions::plain(&outcome, &config);
    let (requests, steps) = (outcome.requests.len(), scenarios::steps(&outcome));
    let preemptions = scenarios::preemptions(&outcome);
    let hits: u64 = outcome.instances.iter().map(|instance| instance.cache_hits).sum();
    let plain_steps = scenarios::steps(&run(&plain, workload::generate(&plain)?)?);
    drop(outcome);
    let times_of = |config: &Config| {
        let mut copies = vec![workload::generate(config)?; repeats];
        times(repeats, || run(config, copies.pop().ok_or("a copy for each repetition")?))
    };
    let mut tiered = config.clone();
    tiered.memory.kv_cpu_blocks = 50_000;
    let (ms, plain, tiered) = (times_of(&config)?, times_of(&plain)?, times_of(&tiered)?);
    Ok(json!({
        "name": "sessions", "ms": ms, "plain": plain, "tier": tiered, "requests": requests, "steps": steps, "plain_steps": plain_steps,
        "preemptions": preemptions, "hits": hits,
    }))
}

/// Every instance count with every seed, one workload per seed.
fn sweep(repeats: usize) -> Result<Value, Box<dyn Error>> {
    let base = scenarios::named("story").ok_or("no scenario of this name")?.config;
    let ms = times(repeats, || {
        let mut runs = 0;
        for seed in SWEEP_SEEDS {
            let mut config = Config { seed, ..base.clone() };
            let workload = workload::generate(&config)?;
            for count in SWEEP_COUNTS {
                config.cluster.num_instances = count;
                let mut simulation = Simulation::with_workload(&config, workload.clone())?;
                simulation.run_to_end();
                drop(simulation.finish());
                runs += 1;
            }
        }
        Ok(runs)
    })?;
    Ok(json!({ "name": "sweep", "ms": ms }))
}

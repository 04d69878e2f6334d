//! The rows of the performance table, in process: `cargo bench`, or `cargo bench -- large` for one of them.

mod scenarios;

use blis_playground::{Config, Simulation, simulate, workload};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use scenarios::{Floor, SWEEP_COUNTS, SWEEP_SEEDS, Scenario};
use std::hint::black_box;
use std::time::Duration;

/// Runs with more requests than this get few samples.
const LARGE: u32 = 50_000;

fn run(scenario: &Scenario) -> blis_playground::Outcome {
    simulate(&scenario.config).expect("a valid scenario")
}

/// Every scenario; throughput in steps, so that "per step" can be read off.
fn runs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run");
    for scenario in scenarios::all() {
        let large = scenario.config.workload.num_requests > LARGE;
        group.sampling_mode(if large { SamplingMode::Flat } else { SamplingMode::Auto });
        group.sample_size(if large { 10 } else { 30 });
        group.measurement_time(Duration::from_secs(if large { 10 } else { 3 }));
        group.throughput(Throughput::Elements(scenarios::steps(&run(&scenario))));
        group.bench_with_input(
            BenchmarkId::from_parameter(&scenario.name),
            &scenario,
            |bencher, scenario| {
                // The outcome is dropped outside the measured time.
                bencher.iter_with_large_drop(|| run(black_box(scenario)));
            },
        );
    }
    group.finish();
}

/// Every instance count with every seed, one workload per seed.
fn sweep(criterion: &mut Criterion) {
    let base = scenarios::named("story").expect("the opening story is a scenario").config;
    let mut group = criterion.benchmark_group("sweep");
    group.sample_size(10).sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(5));
    group.bench_function("12 counts x 20 seeds", |bencher| bencher.iter(|| sweep_all(black_box(&base))));
    group.finish();
}

fn sweep_all(base: &Config) -> u64 {
    let mut finished = 0;
    for seed in SWEEP_SEEDS {
        let mut config = Config { seed, ..base.clone() };
        let workload = workload::generate(&config).expect("a valid scenario");
        for count in SWEEP_COUNTS {
            config.cluster.num_instances = count;
            let mut simulation =
                Simulation::with_workload(&config, workload.clone()).expect("a valid scenario");
            simulation.run_to_end();
            finished += scenarios::steps(&simulation.finish());
        }
    }
    finished
}

/// What 12 × 100,000 cannot go below.
fn floor(criterion: &mut Criterion) {
    let large = scenarios::named("large").expect("12 x 100,000 is a scenario");
    let floor = Floor::new(scenarios::steps(&run(&large)), u64::from(large.config.workload.num_requests));
    let mut group = criterion.benchmark_group("floor");
    group.sample_size(20).sampling_mode(SamplingMode::Flat);
    group.bench_function("12 x 100,000", |bencher| bencher.iter(|| black_box(&floor).run()));
    group.finish();
}

criterion_group!(benches, runs, sweep, floor);
criterion_main!(benches);

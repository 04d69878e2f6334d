//! Times of a loop that can do nothing but one scenario of the performance table, as JSON, for `scripts/bench.mjs`:
//! `cargo run --release --example one_scenario -- REPEATS`. Apart from the other measurements: as a further caller of the
//! latency formula it would change how that is compiled there.

#[path = "../benches/scenarios/mod.rs"]
mod scenarios;

use blis_playground::record::InstanceRecord;
use blis_playground::{Outcome, simulate};
use scenarios::{OneScenario, Results, times};
use serde_json::json;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let repeats = std::env::args().nth(1).map_or(Ok(1), |text| text.parse())?;
    let large = scenarios::named("large").ok_or("no scenario of this name")?;
    let outcome = simulate(&large.config)?;
    let loop_alone = OneScenario::new(large.config);
    if let Some(difference) = difference(&outcome, &loop_alone.run()?) {
        return Err(format!("not what the engine found: {difference}").into());
    }
    drop(outcome);
    let ms = times(repeats, || Ok(loop_alone.run()?))?;
    println!("{}", json!({ "name": "one-scenario", "ms": ms }));
    Ok(())
}

/// Where the results of the two differ, if they do.
fn difference(outcome: &Outcome, results: &Results) -> Option<String> {
    let (ours, theirs) = (&outcome.records, &results.records);
    let times = [
        ("admitted_at", &ours.admitted_at, &theirs.admitted_at),
        ("routed_at", &ours.routed_at, &theirs.routed_at),
        ("enqueued_at", &ours.enqueued_at, &theirs.enqueued_at),
        ("first_scheduled_at", &ours.first_scheduled_at, &theirs.first_scheduled_at),
        ("last_scheduled_at", &ours.last_scheduled_at, &theirs.last_scheduled_at),
        ("ttft", &ours.ttft, &theirs.ttft),
        ("e2e", &ours.e2e, &theirs.e2e),
        ("ended_at", &ours.ended_at, &theirs.ended_at),
    ];
    let others = [
        ("requests", outcome.requests == results.requests),
        ("state", ours.state == theirs.state),
        ("instance", ours.instance == theirs.instance),
        ("end_reason", ours.end_reason == theirs.end_reason),
        ("priority", ours.priority == theirs.priority),
        ("preemptions", ours.preemptions == theirs.preemptions),
        ("cached", ours.cached_first == theirs.cached_first && ours.cached_last == theirs.cached_last),
        ("itl_sum", ours.itl_sum == theirs.itl_sum),
        ("itl_count", ours.itl_count == theirs.itl_count),
        ("gateway", outcome.gateway == results.gateway),
        ("instances", outcome.instances.iter().map(sorted).eq(results.instances.iter().map(sorted))),
    ];
    let columns = times.into_iter().map(|(name, ours, theirs)| (name, ours == theirs)).chain(others);
    columns.into_iter().find(|&(_, same)| !same).map(|(name, _)| name.to_owned())
}

/// The totals of an instance, with its gaps in a definite order.
fn sorted(record: &InstanceRecord) -> InstanceRecord {
    let mut itls: Vec<_> = record.itls.iter().copied().collect();
    itls.sort_unstable();
    InstanceRecord { itls: itls.into_iter().collect(), ..record.clone() }
}

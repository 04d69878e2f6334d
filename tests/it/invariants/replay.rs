//! Sums that the engine keeps against the same figures added up request by request, step by step (I-14).

use blis_playground::Outcome;
use blis_playground::latency::{LatencyModel, PrefillMember, StepLoad};
use blis_playground::record::StepRecord;

/// A request's life so far.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub progress: u32,
    pub gaps: Vec<i64>,
    /// Time of the first token, the per-token overhead included.
    pub first_token: Option<i64>,
    admissions: u32,
}

/// Derives every request's life from the steps, and checks every step's duration against its members.
pub fn replay<L: LatencyModel>(latency: &L, outcome: &Outcome) -> Vec<Life> {
    let mut lives = vec![Life::default(); outcome.requests.len()];
    for step in &outcome.steps {
        replay_step(latency, outcome, step, &mut lives);
    }
    lives
}

fn replay_step<L: LatencyModel>(latency: &L, outcome: &Outcome, step: &StepRecord, lives: &mut [Life]) {
    for &request in &step.preempted {
        let life = &mut lives[request];
        *life = Life { admissions: life.admissions, ..Life::default() };
    }
    let mut prefills = Vec::new();
    let mut decodes = Vec::new();
    for &(request, new) in step.batch.iter().filter(|member| member.1 > 0) {
        let (progress, input) = (lives[request].progress, outcome.requests.input[request]);
        if progress < input {
            prefills.push(PrefillMember { progress, input, new });
        } else {
            assert_eq!(new, 1);
            decodes.push(progress);
        }
    }
    let load = StepLoad {
        prefills: &prefills,
        decodes: decodes.len() as u64,
        context: decodes.iter().map(|&progress| u64::from(progress)).sum(),
        others: 0,
    };
    let expected = if load.is_empty() { 1 } else { latency.step_time(&load, |list| list.extend(&decodes)).0 };
    assert_eq!(step.duration.0, expected, "duration of the step at {}", step.start);
    let gap = expected + latency.output_overhead().0;
    for &(request, new) in &step.batch {
        let row = request.index();
        let life = &mut lives[row];
        let input = outcome.requests.input[row];
        if life.progress >= input {
            if new > 0 {
                life.progress += 1;
                life.gaps.push(gap);
            }
            continue;
        }
        if step.newly_scheduled.contains(&request) {
            life.admissions += 1;
            // The first and the last admission are recorded; with two at most, these are all.
            let records = &outcome.records;
            let cached = if life.admissions == 1 { &records.cached_first } else { &records.cached_last };
            life.progress = cached[row];
        }
        life.progress += new;
        if life.progress == input {
            life.first_token = Some(step.start.0 + gap);
        }
    }
}

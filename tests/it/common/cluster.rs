//! Small clusters serving Qwen3-14B on one H100 per instance, as in the worked examples of the chapters.

use blis_playground::config::ExplicitRequest;
use blis_playground::config::LatencyModelName;
use blis_playground::record::{Candidate, StepRecord};
use blis_playground::units::{Micros, Tokens};
use blis_playground::{Config, Outcome, simulate};

/// No overheads: requests reach the queue when they are routed.
pub const ROOFLINE: LatencyModelName = LatencyModelName::Roofline;

/// The default model, with 15 563 µs between routing and queue.
pub const TRAINED_PHYSICS: LatencyModelName = LatencyModelName::TrainedPhysics;

/// A cluster with everything recorded.
pub fn config(latency_model: LatencyModelName, instances: u32, requests: Vec<ExplicitRequest>) -> Config {
    let mut config = Config::default();
    "qwen/qwen3-14b".clone_into(&mut config.model.name);
    config.model.hardware = Some("H100".to_owned());
    config.model.tp = Some(1);
    config.model.latency_model = latency_model;
    config.cluster.num_instances = instances;
    config.trace.counterfactual_k = instances;
    config.trace.record_candidates = true;
    config.trace.record_steps = true;
    config.workload.requests = Some(requests.into());
    config
}

pub fn request(arrival: i64, input: Tokens, output: Tokens) -> ExplicitRequest {
    ExplicitRequest {
        arrival_us: arrival,
        input_tokens: input,
        output_tokens: output,
        ..ExplicitRequest::default()
    }
}

pub fn of_class(class: &str, request: ExplicitRequest) -> ExplicitRequest {
    ExplicitRequest { slo_class: class.to_owned(), ..request }
}

pub fn with_deadline(deadline: i64, request: ExplicitRequest) -> ExplicitRequest {
    ExplicitRequest { deadline_us: Some(deadline), ..request }
}

pub fn run(config: &Config) -> Outcome {
    simulate(config).expect("a valid configuration")
}

/// A column of times; `None` where the thing did not happen.
pub fn times(column: &[Micros]) -> Vec<Option<i64>> {
    column.iter().map(|time| time.get()).collect()
}

/// Times that all happened.
pub fn happened(expected: &[i64]) -> Vec<Option<i64>> {
    expected.iter().map(|&time| Some(time)).collect()
}

/// Chosen instances; `None` if the request was not routed.
pub fn instances(outcome: &Outcome) -> Vec<Option<u32>> {
    let records = &outcome.records;
    (0..outcome.requests.len())
        .map(|row| records.routed_at[row].happened().then(|| records.instance[row].get()))
        .collect()
}

/// The candidates of a request's routing decision, best first.
pub fn candidates(outcome: &Outcome, request: u32) -> &[Candidate] {
    let gateway = &outcome.gateway;
    let decision = gateway.routing_order.iter().position(|other| other.get() == request);
    let kept = gateway.candidates_per_decision;
    &gateway.candidates[decision.expect("a routed request") * kept..][..kept]
}

/// The candidates in instance order; all of them must have been kept.
pub fn view(outcome: &Outcome, request: u32) -> Vec<Candidate> {
    let mut view = candidates(outcome, request).to_vec();
    assert_eq!(view.len(), outcome.instances.len());
    view.sort_by_key(|candidate| candidate.instance);
    view
}

/// A step as (start, instance, duration, batch with new tokens).
pub type Step = (i64, u32, i64, Vec<(u32, Tokens)>);

/// Members of a batch with their new tokens.
pub fn batch(step: &StepRecord) -> Vec<(u32, Tokens)> {
    step.batch.iter().map(|&(request, new)| (request.get(), new)).collect()
}

pub fn steps(outcome: &Outcome) -> Vec<Step> {
    let step = |step: &StepRecord| (step.start.0, step.instance.get(), step.duration.0, batch(step));
    outcome.steps.iter().map(step).collect()
}

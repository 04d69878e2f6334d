//! The constants of the closed forms, measured with four short runs of the engine on a single instance.
//!
//! 1. Alone: one mean request by itself gives the gap between tokens of an (almost) empty batch.
//! 2. Full: as many equal requests as there are slots give the gap between tokens of a full batch.
//! 3. Prefill: prompts of the workload with answers of two tokens, all at time 0, give the prefill ceiling.
//! 4. Mixed: requests of the workload, several times as many as fit into the batch, give what a prompt adds to steps
//!    that decode anyway. (That is not the inverse of the ceiling: the fixed part of a step is paid already.)
//!
//! Requests of the first two are as long as those that one meets in a batch on average: a request is met the
//! longer the longer its answer is, and half way through.

use crate::config::ExplicitRequest;
use crate::config::{
    AdmissionSettings, ClusterSettings, Config, RoutingPolicyName, RoutingSettings, SchedulerName,
    TraceSettings, WorkloadSettings,
};
use crate::error::ConfigError;
use crate::latency::{CustomCatalog, ServingSetup};
use crate::outcome::Outcome;
use crate::outcome::samples::rate;
use crate::outcome::statistics::{OrderedSamples, WeightedSamples};
use crate::simulation::Simulation;
use crate::units::{Micros, RequestIndex};
use crate::workload::{self, Requests};
use serde::Serialize;

/// Most requests of the full batch: the gap is a straight line in their number, so this many are enough.
const MOST_IN_BATCH: u32 = 512;
/// Most prompts of the prefill run.
const PROMPTS: usize = 1024;
/// Batches full of requests in the mixed run.
const FILLINGS: usize = 5;
/// Share of the KV cache that the mixed run may fill on average, so that none is evicted.
const KV_SHARE: f64 = 0.9;
/// How much later the lone request arrives than the one whose time to first token is taken, µs.
const APART: i64 = 1_000_000_000;

/// What one instance can do with this workload. Times in ms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
#[cfg_attr(feature = "js", tsify(rename = "CalibrationConstants"))]
pub struct Calibration {
    /// Gap between tokens, extrapolated to an empty batch: i0 of `itl(b) = i0 + i1 b`.
    pub i0_ms: f64,
    /// What each running request adds to the gap, its share of other requests' prefill included: i1.
    pub i1_ms: f64,
    /// The part of i1 that is decoding alone.
    pub decode_i1_ms: f64,
    /// What reading a prompt adds to steps that decode anyway.
    pub prefill_per_prompt_ms: f64,
    /// Prompts per second of an instance that does nothing else.
    pub prefill_ceiling: f64,
    /// Time to first token of a mean request in an idle cluster, gateway included.
    pub idle_ttft_ms: f64,
    /// Mean prompt, tokens.
    pub mean_input: f64,
    /// Mean answer, tokens.
    pub mean_output: f64,
    /// Squared coefficient of variation of the answers.
    pub output_variation: f64,
    /// Tokens in the KV cache of a request met in a batch, on average: `I + E[O²] / (2 E[O])`.
    pub mean_context: f64,
    /// Most running requests of an instance.
    pub slots: u32,
    /// Tokens that an instance's KV cache holds.
    pub kv_tokens: f64,
    /// Token budget of a step.
    pub step_tokens: u32,
}

impl Calibration {
    /// Gap between tokens with this number of running requests, ms.
    pub fn itl_ms(&self, batch: f64) -> f64 {
        self.i0_ms + self.i1_ms * batch
    }

    /// Running requests that the KV cache has room for, on average.
    pub fn kv_slots(&self) -> f64 {
        self.kv_tokens / self.mean_context
    }

    /// Running requests that slots and KV cache both have room for.
    pub fn usable_slots(&self) -> f64 {
        f64::from(self.slots).min(self.kv_slots())
    }

    /// How long a mean answer takes while the batch is as large as it can be, s.
    pub fn full_residence_s(&self) -> f64 {
        self.mean_output * self.itl_ms(self.usable_slots()) / 1000.0
    }
}

/// Measures the constants for the instances and the workload of this configuration.
///
/// # Errors
/// The first setting that cannot be used, or that there is no answer of a mean request to measure.
pub fn calibrate(config: &Config) -> Result<Calibration, ConfigError> {
    calibrate_with(config, &CustomCatalog::default())
}

/// The same with the user's own model or GPU figures.
///
/// # Errors
/// As [`calibrate`].
pub fn calibrate_with(config: &Config, custom: &CustomCatalog) -> Result<Calibration, ConfigError> {
    let config = &config.undisturbed();
    let requests = workload::generate(config)?.requests;
    let setup = ServingSetup::resolve_with(&config.model, &config.memory, custom)?;
    let lengths = Lengths::of(&requests);
    let (blocks, beside) = (f64::from(setup.total_kv_blocks), f64::from(setup.blocks_per_sequence));
    // What requests hold beside their tokens is lost to tokens, in the proportion of both.
    let for_tokens = lengths.context() / (lengths.context() + beside * f64::from(setup.block_size));
    let kv_tokens = blocks * f64::from(setup.block_size) * for_tokens;
    let budget = config.instance.max_num_scheduled_tokens;

    let alone = one_instance(config, custom, lengths.alone(budget))?;
    let batch = lengths.batch(config.instance.max_num_running_reqs, kv_tokens);
    let full = one_instance(config, custom, vec![lengths.member(batch, budget); batch as usize])?;
    let prefill = one_instance(config, custom, prompts(&requests))?;
    let slots = lengths.mixed_batch(config.instance.max_num_running_reqs, kv_tokens);
    let mixed =
        one_instance(&limited_to(config, slots), custom, sample(&requests, FILLINGS * slots as usize))?;

    let (alone_ms, full_ms) = (median_gap_ms(&alone)?, median_gap_ms(&full)?);
    let read = prefill.total(|instance| instance.completed);
    let prefill_ceiling = rate(read, Micros(prefill.total(|instance| instance.busy.0 as u64) as i64));
    if prefill_ceiling == 0.0 {
        return Err(nothing_to_measure());
    }
    let more = f64::from(batch) - 1.0;
    let decode_i1_ms = if more > 0.0 { ((full_ms - alone_ms) / more).max(0.0) } else { 0.0 };
    let i0_ms = (alone_ms - decode_i1_ms).max(0.0);
    let prefill_per_prompt_ms = added_per_prompt_ms(&mixed, i0_ms, decode_i1_ms);
    let gateway_ms = (config.admission.latency + config.routing.latency) as f64 / 1000.0;
    Ok(Calibration {
        i0_ms,
        i1_ms: decode_i1_ms + prefill_per_prompt_ms / lengths.output,
        decode_i1_ms,
        prefill_per_prompt_ms,
        prefill_ceiling,
        idle_ttft_ms: alone.ttft(RequestIndex::new(0)).ok_or_else(nothing_to_measure)? as f64 / 1000.0
            + gateway_ms,
        mean_input: lengths.input,
        mean_output: lengths.output,
        output_variation: lengths.output_square / (lengths.output * lengths.output) - 1.0,
        mean_context: lengths.context(),
        slots: config.instance.max_num_running_reqs,
        kv_tokens,
        step_tokens: budget,
    })
}

/// Moments of the workload's lengths, tokens.
struct Lengths {
    input: f64,
    output: f64,
    output_square: f64,
}

impl Lengths {
    fn of(requests: &Requests) -> Self {
        let count = requests.len().max(1) as f64;
        let sum = |lengths: &[u32], power: fn(f64) -> f64| {
            lengths.iter().map(|&length| power(f64::from(length))).sum::<f64>() / count
        };
        Self {
            input: sum(&requests.input, |length| length).max(1.0),
            output: sum(&requests.output, |length| length).max(1.0),
            output_square: sum(&requests.output, |length| length * length).max(1.0),
        }
    }

    fn context(&self) -> f64 {
        self.input + self.output_square / (2.0 * self.output)
    }

    /// Equal requests that fill the slots without filling the KV cache.
    fn batch(&self, slots: u32, kv_tokens: f64) -> u32 {
        let room = kv_tokens / (2.0 * self.context());
        slots.min(MOST_IN_BATCH).min(room as u32).max(1)
    }

    /// Running requests of the workload that hardly ever fill the KV cache.
    fn mixed_batch(&self, slots: u32, kv_tokens: f64) -> u32 {
        let room = KV_SHARE * kv_tokens / self.context();
        slots.min(MOST_IN_BATCH).min(room as u32).max(1)
    }

    /// A mean request for the time to first token and, long after, one for the gaps.
    fn alone(&self, budget: u32) -> Vec<ExplicitRequest> {
        let first = ExplicitRequest {
            input_tokens: self.input as u32,
            output_tokens: 2,
            ..ExplicitRequest::default()
        };
        vec![first, ExplicitRequest { arrival_us: APART, ..self.member(1, budget) }]
    }

    /// A request that has the mean context half way through its answer. The answer is long enough for most of
    /// its tokens to be computed when all prompts of the batch are through.
    fn member(&self, batch: u32, budget: u32) -> ExplicitRequest {
        let context = self.context();
        let room = f64::from(budget.saturating_sub(batch).max(1));
        let (mut input, mut output) = (context, 0.0);
        loop {
            let prefill_steps = (f64::from(batch) * input / room).ceil();
            let wanted = 3.0 * prefill_steps + 32.0;
            if output >= wanted || input <= 1.0 {
                break;
            }
            output = wanted;
            input = (context - output / 2.0).max(1.0);
        }
        ExplicitRequest {
            input_tokens: input as u32,
            output_tokens: output as u32,
            ..ExplicitRequest::default()
        }
    }
}

/// Requests spread over the workload, at most `max`, all at time 0.
fn sample(requests: &Requests, max: usize) -> Vec<ExplicitRequest> {
    let every = requests.len().div_ceil(max.max(1)).max(1);
    let lengths = requests.input.iter().zip(&requests.output);
    let request = |(&input_tokens, &output_tokens): (&u32, &u32)| ExplicitRequest {
        input_tokens,
        output_tokens,
        ..ExplicitRequest::default()
    };
    lengths.step_by(every).map(request).collect()
}

/// The same without long answers.
fn prompts(requests: &Requests) -> Vec<ExplicitRequest> {
    let mut prompts = sample(requests, PROMPTS);
    for prompt in &mut prompts {
        prompt.output_tokens = 2;
    }
    prompts
}

/// The configuration with so few running requests.
fn limited_to(config: &Config, batch: u32) -> Config {
    let mut limited = config.clone();
    limited.instance.max_num_running_reqs = batch;
    limited
}

/// What is left of the mixed run's steps without their fixed part and the decoding.
fn added_per_prompt_ms(mixed: &Outcome, i0_ms: f64, decode_i1_ms: f64) -> f64 {
    let prompts = mixed.total(|instance| instance.completed).max(1) as f64;
    let steps = mixed.total(|instance| instance.steps) as f64;
    let members = mixed.total(|instance| instance.sum_batch) as f64;
    let busy_ms: f64 = mixed.instances.iter().map(|instance| instance.busy.as_ms()).sum();
    ((busy_ms - steps * i0_ms - members * decode_i1_ms) / prompts).max(0.0)
}

/// Runs these requests on one instance like those of the configuration.
fn one_instance(
    config: &Config,
    custom: &CustomCatalog,
    requests: Vec<ExplicitRequest>,
) -> Result<Outcome, ConfigError> {
    let mut single = Config {
        cluster: ClusterSettings::default(),
        admission: AdmissionSettings::default(),
        routing: RoutingSettings { policy: RoutingPolicyName::RoundRobin, ..RoutingSettings::default() },
        workload: WorkloadSettings { requests: Some(requests.into()), ..WorkloadSettings::default() },
        trace: TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: false },
        ..config.clone()
    };
    single.instance.scheduler = SchedulerName::Fcfs;
    single.slo.clear();
    let mut simulation = Simulation::with_custom_catalog(&single, custom)?;
    simulation.run_to_end();
    Ok(simulation.finish())
}

fn median_gap_ms(outcome: &Outcome) -> Result<f64, ConfigError> {
    let gaps = WeightedSamples::from_itls(outcome.instances.iter().flat_map(|instance| &instance.itls));
    if gaps.count() == 0 { Err(nothing_to_measure()) } else { Ok(gaps.percentile_ms(50.0)) }
}

fn nothing_to_measure() -> ConfigError {
    ConfigError::invalid("workload", "these lengths", "requests that one instance can serve by itself")
}

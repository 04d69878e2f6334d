//! Random clusters around the border between holding and not holding.

use blis_playground::Config;
use blis_playground::config::workload_spec::{
    ArrivalProcess, ArrivalSpec, ClientSpec, DistributionKind, DistributionSpec, WorkloadSpec,
};
use blis_playground::config::{
    AdmissionPolicyName, LatencyModelName, RoutingPolicyName, SchedulerName, StreamsName, WorkloadKind,
};
use blis_playground::theory::{Calibration, Ceilings, calibrate};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::collections::BTreeMap;

/// Models that fit on one instance of these GPUs.
const HARDWARE: [(&str, &str, u32); 8] = [
    ("qwen/qwen3-14b", "H100", 1),
    ("qwen/qwen3-14b", "A100-80", 2),
    ("meta-llama/llama-3.1-8b-instruct", "H100", 1),
    ("meta-llama/llama-3.1-8b-instruct", "L40S", 1),
    ("meta-llama/llama-3.1-70b-instruct", "H100", 4),
    ("qwen/qwen2.5-7b-instruct", "A100-80", 1),
    ("mistralai/mixtral-8x7b-v0.1", "H100", 2),
    ("mistralai/mistral-nemo-instruct-2407", "L40S", 2),
];

/// Fewest requests of a run.
const FEWEST: f64 = 100.0;
/// Most requests of the shortest run of a scene.
const MOST: f64 = 6000.0;

/// A cluster and what is known of it beforehand.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Its settings, with the length of the shortest run.
    pub config: Config,
    /// Arrivals over calibrated capacity.
    pub load: f64,
}

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// Evenly spread on a logarithmic scale.
    fn spread(&mut self, low: f64, high: f64) -> f64 {
        libm::exp(self.between(libm::log(low), libm::log(high)))
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.0.random_range(0..choices.len())]
    }

    fn chance(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }
}

/// The scene with this number; `None` if an instance cannot serve its requests at all.
pub fn scene(number: u64) -> Option<Scene> {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(number));
    let mut config = Config { seed: number as i64, streams: StreamsName::Independent, ..Config::default() };
    cluster(&mut dice, &mut config);
    lengths(&mut dice, &mut config);
    config.workload.num_requests = 400;
    let measured = calibrate(&config).ok()?;
    if dice.chance(0.25) {
        let blocks = dice.between(0.3, 1.3) * f64::from(measured.slots) * measured.mean_context;
        let max = f64::from(config.workload.prompt_tokens_max + config.workload.output_tokens_max);
        let blocks = blocks.max(1.2 * max) / f64::from(config.memory.block_size_in_tokens);
        config.memory.total_kv_blocks = Some(blocks as u32 + 2);
    }
    let measured = calibrate(&config).ok()?;
    let capacity = Ceilings::of(&measured).capacity();
    let load = if dice.chance(0.6) { dice.between(0.85, 1.15) } else { dice.between(0.4, 1.8) };
    config.workload.rate = load * capacity * f64::from(config.cluster.num_instances);
    let residences = dice.spread(1.0, 50.0);
    let requests = config.workload.rate * residences * residence_s(&measured, load * capacity);
    config.workload.num_requests = requests.clamp(FEWEST, MOST) as u32;
    arrivals(&mut dice, &mut config);
    Some(Scene { config, load })
}

fn cluster(dice: &mut Dice, config: &mut Config) {
    let (model, gpu, tp) = dice.pick(&HARDWARE);
    model.clone_into(&mut config.model.name);
    config.model.hardware = Some(gpu.to_owned());
    config.model.tp = Some(tp);
    config.model.latency_model = dice.pick(&[LatencyModelName::Roofline, LatencyModelName::TrainedPhysics]);
    config.cluster.num_instances = dice.pick(&[1, 1, 2, 3, 4]);
    config.routing.policy = dice.pick(&[
        RoutingPolicyName::RoundRobin,
        RoutingPolicyName::RoundRobin,
        RoutingPolicyName::LeastLoaded,
        RoutingPolicyName::Weighted,
    ]);
    config.instance.max_num_running_reqs = dice.pick(&[4, 16, 64, 128, 256, 256]);
    config.instance.max_num_scheduled_tokens = dice.pick(&[512, 2048, 2048, 8192]);
    config.instance.long_prefill_token_threshold = dice.pick(&[0, 0, 0, 256]);
    config.instance.scheduler =
        dice.pick(&[SchedulerName::Fcfs, SchedulerName::Fcfs, SchedulerName::Fcfs, SchedulerName::Sjf]);
    if dice.chance(0.1) {
        config.admission.policy = AdmissionPolicyName::TokenBucket;
        config.admission.token_bucket_refill_rate = dice.spread(1000.0, 50_000.0);
    }
    config.workload.timeout = dice.pick(&[None, None, Some(-1), Some(60)]);
}

fn lengths(dice: &mut Dice, config: &mut Config) {
    let workload = &mut config.workload;
    workload.kind = WorkloadKind::Distribution;
    workload.prompt_tokens = dice.spread(32.0, 2000.0) as u32;
    workload.output_tokens = dice.spread(16.0, 600.0) as u32;
    let spread = dice.pick(&[0.0, 0.2, 0.5]);
    workload.prompt_tokens_stdev = (spread * f64::from(workload.prompt_tokens)) as u32;
    workload.output_tokens_stdev = (spread * f64::from(workload.output_tokens)) as u32;
    workload.prompt_tokens_max = 2 * workload.prompt_tokens;
    workload.output_tokens_max = 2 * workload.output_tokens;
    if dice.chance(0.2) {
        workload.prefix_tokens = dice.spread(32.0, 2000.0) as u32;
    }
}

/// Time that a mean request takes at this rate per instance, s; that of a full batch in overload.
fn residence_s(measured: &Calibration, rate: f64) -> f64 {
    let batch = rate * measured.mean_output * measured.i0_ms
        / (1000.0 - rate * measured.mean_output * measured.i1_ms).max(1.0);
    let batch = batch.min(measured.usable_slots());
    measured.mean_output * measured.itl_ms(batch) / 1000.0
}

/// Half of the scenes keep even arrivals, the others get a specification of one or two clients.
fn arrivals(dice: &mut Dice, config: &mut Config) {
    if dice.chance(0.4) {
        return;
    }
    let process = dice.pick(&[ArrivalProcess::Poisson, ArrivalProcess::Gamma, ArrivalProcess::Weibull]);
    let cv = (process != ArrivalProcess::Poisson).then(|| dice.pick(&[0.5, 2.0, 3.5]));
    let clients = if dice.chance(0.3) { 2 } else { 1 };
    let workload = &config.workload;
    let client = |number: usize| ClientSpec {
        id: format!("client-{number}"),
        tenant_id: "tenant".to_owned(),
        slo_class: "standard".to_owned(),
        rate_fraction: 1.0 / f64::from(clients),
        arrival: Some(ArrivalSpec { process, cv, shape: None, scale: None }),
        input_distribution: Some(gaussian(
            workload.prompt_tokens,
            workload.prompt_tokens_stdev,
            workload.prompt_tokens_max,
        )),
        output_distribution: Some(gaussian(
            workload.output_tokens,
            workload.output_tokens_stdev,
            workload.output_tokens_max,
        )),
        prefix_group: if workload.prefix_tokens > 0 { format!("group-{number}") } else { String::new() },
        prefix_length: i64::from(workload.prefix_tokens),
        ..ClientSpec::default()
    };
    config.workload.spec = Some(WorkloadSpec {
        version: Some("2".to_owned()),
        seed: Some(config.seed),
        aggregate_rate: workload.rate,
        num_requests: Some(u64::from(workload.num_requests)),
        clients: (0..clients as usize).map(client).collect(),
        ..WorkloadSpec::default()
    });
}

fn gaussian(mean: u32, std_dev: u32, max: u32) -> DistributionSpec {
    let params = [("mean", mean), ("std_dev", std_dev), ("min", 2), ("max", max.max(2))];
    DistributionSpec {
        kind: DistributionKind::Gaussian,
        params: params
            .map(|(name, value)| (name.to_owned(), f64::from(value)))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        file: None,
    }
}

/// The same cluster with a multiple of the requests.
pub fn longer(config: &Config, factor: u32) -> Config {
    let mut longer = config.clone();
    longer.workload.num_requests *= factor;
    if let Some(spec) = &mut longer.workload.spec {
        spec.num_requests = spec.num_requests.map(|count| count * u64::from(factor));
    }
    longer
}

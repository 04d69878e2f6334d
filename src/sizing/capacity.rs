//! What one instance serves, and how long a run has to be until its figures no longer depend on its length.

use super::traffic::{Kind, Traffic};
use crate::config::{
    AdmissionPolicyName, AdmissionSettings, ClusterSettings, Config, RoutingPolicyName, RoutingSettings,
    SchedulerName, TraceSettings, WorkloadSettings,
};
use crate::config::{ExplicitRequest, ExplicitRequests};
use crate::error::ConfigError;
use crate::latency::CustomCatalog;
use crate::outcome::Outcome;
use crate::outcome::words;
use crate::simulation::Simulation;
use crate::theory::calibration::calibrate_with;
use crate::theory::{Calibration, Ceilings};
use crate::units::RequestIndex;
use crate::workload::{NO_GROUP, Requests};

/// Above this share of the capacity a run has to be longer.
const NEAR_THE_LIMIT: f64 = 0.95;
/// Above this share there is no need to run.
const HOPELESS: f64 = 1.1;
/// Above this share of the capacity an instance has to work off a full queue: below, its memory does not fill by chance.
const CAN_FILL: f64 = 0.9;
/// Share of the capacity at which the search begins.
const LIKELY: f64 = 0.97;
/// Relaxation times of a run.
const RELAXATIONS: f64 = 10.0;
/// Factor by which a run is longer that proves a cluster near its limit to hold.
const PROOF: u64 = 3;
/// Shortest run, requests.
const SHORTEST: f64 = 10_000.0;
/// Requests of each user, so that their common start does not decide the 99th percentile.
const ROUNDS: f64 = 200.0;
/// Batches of requests that wait when the rate with a full queue is measured.
const FILLINGS: usize = 12;
/// Fewest and most of these requests, unless fewer fillings than four would be left.
const FEWEST_WAITING: usize = 512;
const MOST_WAITING: usize = 20_000;
const FEWEST_FILLINGS: usize = 4;
/// Most requests on which times are measured.
const MOST_CALIBRATED: usize = 200_000;

/// What an instance can do with the traffic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Capacity {
    calibration: Calibration,
    /// Requests per second that one instance can serve.
    pub per_instance: f64,
    /// Requests per second that it serves while its queue never empties; `None` if the settings do not determine it.
    pub full_queue: Option<f64>,
    /// Whether a load far above it is overload without a run.
    bounds: bool,
}

impl Capacity {
    /// Measures it with short runs of one instance.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub(super) fn measure(
        traffic: &Traffic,
        config: &Config,
        custom: &CustomCatalog,
    ) -> Result<Self, ConfigError> {
        let mut alone = config.clone();
        alone.workload = WorkloadSettings {
            requests: Some(calibrated_on(&traffic.sample)),
            ..WorkloadSettings::default()
        };
        let calibration = calibrate_with(&alone, custom)?;
        let flood = flood_rate(traffic, config, &calibration, custom)?;
        let calibrated = Ceilings::of(&calibration).capacity();
        let admits = config.admission.policy == AdmissionPolicyName::AlwaysAdmit;
        // Where the router gathers a prefix on some instances, each of them finds more of it than one that sees all.
        let gathers = traffic.shares_prefixes()
            && traffic.sample.groups.len() > 1
            && config.routing.policy == RoutingPolicyName::Weighted;
        let open = matches!(traffic.kind, Kind::Rate | Kind::Trace);
        let mut calibration = calibration;
        if traffic.shares_prefixes() {
            // Prompts are mostly cached: what is left of the gap is decoding.
            calibration.i1_ms = calibration.decode_i1_ms;
        }
        Ok(Self {
            calibration,
            // The calibration ignores cached prefixes.
            per_instance: flood.filter(|_| traffic.shares_prefixes()).unwrap_or(calibrated),
            full_queue: flood.filter(|_| admits && !gathers && open),
            bounds: admits && !gathers && open,
        })
    }

    /// Share of the capacity that arrives at each of `instances` instances.
    pub(super) fn load(&self, rate: f64, instances: u32) -> f64 {
        rate / f64::from(instances) / self.per_instance
    }

    /// Why this number of instances cannot hold, where that is clear without a run.
    pub(super) fn hopeless(&self, rate: f64, instances: u32) -> Option<String> {
        let load = self.load(rate, instances);
        (self.bounds && load > HOPELESS).then(|| {
            let [each, max] = apart(rate / f64::from(instances), self.per_instance);
            format!("overloaded: {each} requests/s reach each instance, which serves {max} at most")
        })
    }

    /// Why this number of instances stands at the limit although its runs may seem to hold.
    pub(super) fn at_the_limit(&self, rate: f64, instances: u32) -> Option<String> {
        let (each, full) = (rate / f64::from(instances), self.full_queue?);
        (each > full && self.load(rate, instances) > CAN_FILL).then(|| {
            let [each, full] = apart(each, full);
            format!(
                "at the limit: {each} requests/s reach each instance, and with a full queue it serves {full}: \
                 a queue that has formed once is not worked off"
            )
        })
    }

    /// Requests after which a run of `instances` instances shows how the cluster fares in the long run.
    pub(super) fn enough_requests(&self, traffic: &Traffic, rate: Option<f64>, instances: u32) -> u64 {
        let Some(rate) = rate else {
            return (ROUNDS * f64::from(users(traffic))).max(SHORTEST) as u64;
        };
        let seconds = RELAXATIONS * self.relaxation_s(rate / f64::from(instances));
        (rate * seconds).max(SHORTEST) as u64
    }

    /// Requests of a run that proves `instances` instances to hold, if the load is so near the limit that it needs one.
    pub(super) fn proof_requests(&self, traffic: &Traffic, rate: Option<f64>, instances: u32) -> Option<u64> {
        let near = traffic.can_be_longer() && self.load(rate?, instances) > NEAR_THE_LIMIT;
        near.then(|| PROOF * self.enough_requests(traffic, rate, instances))
    }

    /// Instances that the capacity makes likely to be enough, at most `max`.
    pub(super) fn enough_instances(&self, traffic: &Traffic, max: u32) -> u32 {
        let instances = match traffic.rate {
            Some(rate) => rate / self.likely_rate(),
            None => f64::from(users(traffic)) / self.calibration.usable_slots(),
        };
        (instances.ceil() as u32).clamp(1, max)
    }

    /// Requests per second that `instances` instances are likely to take.
    pub(super) fn highest_rate(&self, instances: u32) -> f64 {
        f64::from(instances) * self.likely_rate()
    }

    fn likely_rate(&self) -> f64 {
        let capacity = LIKELY * self.per_instance;
        self.full_queue.map_or(capacity, |full| capacity.min(full.max(CAN_FILL * self.per_instance)))
    }

    /// How long the batch of an instance takes to come e times nearer to its mean size, s: the residence time, times how
    /// much slower steps are with this batch than with an empty one. (For db/dt = rate - b / (O itl(b)), linearised.)
    fn relaxation_s(&self, rate: f64) -> f64 {
        let Calibration { i0_ms, i1_ms, mean_output, idle_ttft_ms, .. } = self.calibration;
        let per_ms = rate / 1000.0 * mean_output;
        let unbounded = per_ms * i0_ms / (1.0 - per_ms * i1_ms);
        let max = self.calibration.usable_slots();
        let batch = if (0.0..max).contains(&unbounded) { unbounded } else { max };
        let gap_ms = self.calibration.itl_ms(batch);
        let slower = if i0_ms > 0.0 { gap_ms / i0_ms } else { 1.0 };
        (mean_output * gap_ms * slower + idle_ttft_ms) / 1000.0
    }
}

/// Users that have sent a request of the sample.
fn users(traffic: &Traffic) -> u32 {
    u32::try_from(traffic.sample.users()).unwrap_or(u32::MAX)
}

/// Requests per second of an instance whose queue never empties; `None` if too few of them can be served.
fn flood_rate(
    traffic: &Traffic,
    config: &Config,
    calibration: &Calibration,
    custom: &CustomCatalog,
) -> Result<Option<f64>, ConfigError> {
    let slots = calibration.usable_slots().max(1.0) as usize;
    let waiting = (FILLINGS * slots).clamp(FEWEST_WAITING, MOST_WAITING).max(FEWEST_FILLINGS * slots);
    let mut single = Config {
        cluster: ClusterSettings::default(),
        admission: AdmissionSettings::default(),
        routing: RoutingSettings { policy: RoutingPolicyName::RoundRobin, ..RoutingSettings::default() },
        workload: WorkloadSettings {
            requests: Some(list(&traffic.sample, waiting, true)),
            hash_block: traffic
                .sample
                .tree
                .as_ref()
                .map_or(config.workload.hash_block, |tree| tree.hash_block),
            ..WorkloadSettings::default()
        },
        trace: TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: false },
        ..config.clone()
    };
    single.instance.scheduler = SchedulerName::Fcfs;
    let mut simulation = Simulation::with_custom_catalog(&single, custom)?;
    simulation.run_to_end();
    Ok(middle_rate(&simulation.finish()))
}

/// Completions per second between the first and the last quarter of them.
fn middle_rate(outcome: &Outcome) -> Option<f64> {
    let mut ends: Vec<i64> =
        outcome.rows().filter_map(|row| outcome.completion_time(row)).map(|time| time.0).collect();
    ends.sort_unstable();
    let (from, to) = (ends.len() / 4, ends.len() * 3 / 4);
    let seconds = (ends.get(to)? - ends[from]) as f64 / 1e6;
    (to > from && seconds > 0.0).then(|| (to - from) as f64 / seconds)
}

/// The requests that stand for all when times are measured: all of them, or evenly spaced ones of a long list, which would
/// not fit into memory row by row.
fn calibrated_on(sample: &Requests) -> ExplicitRequests {
    let every = sample.len().div_ceil(MOST_CALIBRATED).max(1);
    (0..sample.len()).step_by(every).map(|row| request(sample, row, false)).collect()
}

/// `count` of these requests, from the beginning again after the last, all at time 0 and without deadlines. Those of conversations
/// find what was said before, if not the answers to it.
fn list(sample: &Requests, count: usize, with_prefixes: bool) -> ExplicitRequests {
    let contexts = if sample.has_growing_prompts() { sample.context_tokens() } else { Vec::new() };
    let request = |at: usize| {
        let (row, pass) = (at % sample.len().max(1), at / sample.len().max(1));
        let plain = request(sample, row, with_prefixes);
        let Some(name) = sample.conversation(RequestIndex::from_index(row)) else { return plain };
        let context_tokens = contexts.get(row).copied().unwrap_or(0);
        ExplicitRequest {
            session: format!("{pass}/{name}"),
            round: sample.round[row],
            context_tokens,
            ..plain
        }
    };
    (0..count).map(request).collect()
}

fn request(sample: &Requests, row: usize, with_prefixes: bool) -> ExplicitRequest {
    let group = sample.group.get(row).filter(|&&group| group != NO_GROUP && with_prefixes);
    let prefix_group = group.map(|&group| sample.groups[group as usize].clone());
    ExplicitRequest {
        input_tokens: sample.input[row],
        output_tokens: sample.output[row],
        budget: Some(sample.budget[row]),
        hash_ids: sample.tree.as_ref().filter(|_| with_prefixes).and_then(|tree| {
            let path = tree.path(row)?;
            Some(path.into_iter().map(u64::from).collect())
        }),
        prefix_length: if prefix_group.is_some() { sample.prefix[row] } else { 0 },
        prefix_group,
        ..ExplicitRequest::default()
    }
}

/// Two numbers in words that differ where the numbers do.
fn apart(a: f64, b: f64) -> [String; 2] {
    let words = [words::number(a), words::number(b)];
    if words[0] == words[1] { [format!("{a:.3}"), format!("{b:.3}")] } else { words }
}

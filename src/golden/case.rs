//! The case format: a resolved configuration, a list of requests, and what happened.

use super::case_parts::{CaseOverrides, scorers, sort_steps};
use super::case_workload::{CaseSessions, CaseWorkload};
use crate::config::{
    AdmissionPolicyName, Config, EncodeDeciderName, ExplicitRequest, LatencyModelName, PdDeciderName,
    PoolSettings, PreemptionPolicyName, RoutingPolicyName, SchedulerName, ScorerName,
};
use crate::error::ConfigError;
use crate::record::{ChoiceName, TieBreak};
use crate::units::RequestIndex;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The one format of case files.
const FORMAT: &str = "cluster-golden/1";

/// A case file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    format: String,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "why")]
    _why: String,
    #[serde(rename = "size")]
    _size: String,
    #[serde(rename = "tags")]
    _tags: Vec<String>,
    config: CaseConfig,
    workload: CaseWorkload,
    /// Ties of routing decisions and how they fell.
    pub tie_breaks: Value,
    /// What happened.
    pub expected: Value,
}

/// A setting that is not known here would be simulated wrongly, so that it is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseConfig {
    /// As the catalogue of public models spells it; `model_config` is the entry that counts.
    #[serde(rename = "model")]
    _model: String,
    model_config: String,
    hardware: String,
    tp: u32,
    latency_model: LatencyModelName,
    alpha_coeffs: Option<Vec<f64>>,
    beta_coeffs: Option<Vec<f64>>,
    num_instances: u32,
    seed: i64,
    horizon: Option<i64>,
    admission_policy: AdmissionPolicyName,
    admission_latency: i64,
    routing_latency: i64,
    token_bucket_capacity: f64,
    token_bucket_refill_rate: f64,
    tier_shed_threshold: u32,
    tier_shed_min_priority: i32,
    gaie_qd_threshold: f64,
    gaie_kv_threshold: f64,
    slo_priorities: BTreeMap<String, i32>,
    #[serde(default)]
    tenant_budgets: Option<BTreeMap<String, f64>>,
    routing_policy: RoutingPolicyName,
    routing_scorers: Option<Vec<(ScorerName, f64)>>,
    snapshot_refresh_interval: i64,
    cache_signal_delay: i64,
    scheduler: SchedulerName,
    preemption_policy: PreemptionPolicyName,
    max_num_running_reqs: u32,
    max_num_scheduled_tokens: u32,
    long_prefill_token_threshold: u32,
    block_size_in_tokens: u32,
    total_kv_blocks: u32,
    #[serde(default)]
    kv_cpu_blocks: u32,
    #[serde(default)]
    kv_transfer_bandwidth: Option<f64>,
    #[serde(default)]
    kv_transfer_base_latency: i64,
    /// Where the count came from.
    #[serde(rename = "total_kv_blocks_auto")]
    _total_kv_blocks_auto: bool,
    gpu_memory_utilization: f64,
    max_model_len: u32,
    /// Where the length came from.
    #[serde(rename = "max_model_len_auto")]
    _max_model_len_auto: bool,
    counterfactual_k: u32,
    #[serde(default)]
    prefill_instances: u32,
    #[serde(default)]
    decode_instances: u32,
    #[serde(default)]
    prefill_decode_instances: u32,
    #[serde(default)]
    encode_instances: u32,
    #[serde(default)]
    pd_decider: Option<PdDeciderName>,
    #[serde(default)]
    pd_prefix_threshold: Option<u32>,
    #[serde(default)]
    pd_transfer_bandwidth: Option<f64>,
    #[serde(default)]
    pd_transfer_base_latency: Option<f64>,
    #[serde(default)]
    pd_transfer_contention: bool,
    #[serde(default)]
    encode_decider: Option<EncodeDeciderName>,
    #[serde(default)]
    prefill_routing_scorers: Option<Vec<(ScorerName, f64)>>,
    #[serde(default)]
    decode_routing_scorers: Option<Vec<(ScorerName, f64)>>,
    #[serde(default)]
    prefill_overrides: CaseOverrides,
    #[serde(default)]
    decode_overrides: CaseOverrides,
    /// What each instance is resolved to.
    #[serde(default)]
    instances: Option<Value>,
}

impl CaseConfig {
    fn pools(&self, multimodal: Vec<bool>) -> PoolSettings {
        let default = PoolSettings::default();
        PoolSettings {
            prefill_instances: self.prefill_instances,
            decode_instances: self.decode_instances,
            prefill_decode_instances: self.prefill_decode_instances,
            decider: self.pd_decider.unwrap_or_default(),
            prefix_threshold: self.pd_prefix_threshold.unwrap_or(default.prefix_threshold),
            transfer_bandwidth: self.pd_transfer_bandwidth.unwrap_or(default.transfer_bandwidth),
            transfer_base_latency: self.pd_transfer_base_latency.unwrap_or(default.transfer_base_latency),
            transfer_contention: self.pd_transfer_contention,
            prefill: self.prefill_overrides.overrides(self.prefill_routing_scorers.as_ref()),
            decode: self.decode_overrides.overrides(self.decode_routing_scorers.as_ref()),
            encode_instances: self.encode_instances,
            encode_decider: self.encode_decider.unwrap_or_default(),
            multimodal,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseTies {
    request: Vec<u32>,
    n: Vec<u32>,
    pick: Vec<u32>,
    #[serde(default)]
    stage: Option<Vec<String>>,
    #[serde(default, rename = "stream")]
    _stream: Option<Vec<String>>,
}

impl Case {
    /// Reads a case file.
    ///
    /// # Errors
    /// The text is not JSON, not of this format, or its columns differ in length.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let mut case: Self = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| ConfigError::malformed(error.path().to_string(), error.inner()))?;
        if case.format != FORMAT {
            return Err(ConfigError::invalid("format", &case.format, FORMAT));
        }
        for section in ["requests", "instances", "metrics"] {
            if !case.expected[section].is_object() {
                let path = format!("expected.{section}");
                return Err(ConfigError::malformed(path, "missing"));
            }
        }
        if let Some(steps) = case.expected.get_mut("steps") {
            sort_steps(steps);
        }
        let rows = case.workload.request.len();
        let columns = [
            ("arrival_us", case.workload.arrival_us.len()),
            ("input_tokens", case.workload.input_tokens.len()),
            ("output_tokens", case.workload.output_tokens.len()),
            ("prefix_group", case.workload.prefix_group.len()),
            ("prefix_length", case.workload.prefix_length.len()),
            ("slo_class", case.workload.slo_class.len()),
            ("deadline_us", case.workload.deadline_us.len()),
            ("hash_ids", case.workload.hash_ids.as_ref().map_or(rows, Vec::len)),
            ("tenant", case.workload.tenant.as_ref().map_or(rows, Vec::len)),
            ("session", case.workload.session.as_ref().map_or(rows, Vec::len)),
            ("round", case.workload.round.as_ref().map_or(rows, Vec::len)),
            ("parent", case.workload.parent.as_ref().map_or(rows, Vec::len)),
            ("multimodal", case.workload.multimodal.as_ref().map_or(rows, Vec::len)),
            ("user", case.workload.user.as_ref().map_or(rows, Vec::len)),
            ("context_tokens", case.workload.context_tokens.as_ref().map_or(rows, Vec::len)),
        ];
        for (column, length) in columns {
            if length != rows {
                let path = format!("workload.{column}");
                return Err(ConfigError::invalid(path, format!("{length} rows"), format!("{rows} rows")));
            }
        }
        if case.workload.hash_ids.is_some() != case.workload.hash_block.is_some() {
            let problem = "hash_ids and hash_block go together";
            return Err(ConfigError::malformed("workload.hash_block", problem));
        }
        Ok(case)
    }

    /// The configuration of the run, with everything recorded that the case may have recorded.
    pub fn config(&self) -> Config {
        let case = &self.config;
        let mut config = Config { seed: case.seed, ..Config::default() };
        config.model.name.clone_from(&case.model_config);
        config.model.hardware = Some(case.hardware.clone());
        config.model.tp = Some(case.tp);
        config.model.latency_model = case.latency_model;
        if case.latency_model == LatencyModelName::TrainedPhysics {
            config.model.alpha_coeffs.clone_from(&case.alpha_coeffs);
            config.model.beta_coeffs.clone_from(&case.beta_coeffs);
        }
        config.memory.total_kv_blocks = Some(case.total_kv_blocks);
        config.memory.kv_cpu_blocks = case.kv_cpu_blocks;
        config.memory.kv_transfer_base_latency = case.kv_transfer_base_latency;
        if let Some(bandwidth) = case.kv_transfer_bandwidth {
            config.memory.kv_transfer_bandwidth = bandwidth;
        }
        config.memory.block_size_in_tokens = case.block_size_in_tokens;
        config.memory.gpu_memory_utilization = case.gpu_memory_utilization;
        config.memory.max_model_len = Some(case.max_model_len);
        config.cluster.num_instances = case.num_instances;
        config.cluster.horizon = case.horizon;
        config.admission.policy = case.admission_policy;
        config.admission.latency = case.admission_latency;
        config.admission.token_bucket_capacity = case.token_bucket_capacity;
        config.admission.token_bucket_refill_rate = case.token_bucket_refill_rate;
        config.admission.tier_shed_threshold = case.tier_shed_threshold;
        config.admission.tier_shed_min_priority = case.tier_shed_min_priority;
        config.admission.gaie_qd_threshold = case.gaie_qd_threshold;
        config.admission.gaie_kv_threshold = case.gaie_kv_threshold;
        config.admission.slo_priorities.clone_from(&case.slo_priorities);
        config.admission.tenant_budgets = case.tenant_budgets.clone().unwrap_or_default();
        config.routing.policy = case.routing_policy;
        config.routing.latency = case.routing_latency;
        config.routing.snapshot_refresh_interval = case.snapshot_refresh_interval;
        config.routing.cache_signal_delay = case.cache_signal_delay;
        if let Some(scorers) = scorers(case.routing_scorers.as_ref()) {
            config.routing.scorers = scorers;
        }
        config.instance.scheduler = case.scheduler;
        config.instance.preemption_policy = case.preemption_policy;
        config.instance.max_num_running_reqs = case.max_num_running_reqs;
        config.instance.max_num_scheduled_tokens = case.max_num_scheduled_tokens;
        config.instance.long_prefill_token_threshold = case.long_prefill_token_threshold;
        config.trace.counterfactual_k = case.counterfactual_k;
        config.trace.record_candidates = self.expected["requests"].get("cand_instance").is_some();
        config.trace.record_steps = self.expected.get("steps").is_some();
        config.workload.requests = Some(self.requests().into());
        config.workload.sessions = self
            .workload
            .sessions
            .as_ref()
            .map(CaseSessions::scripts)
            .or_else(|| self.workload.user_scripts());
        let multimodal = self.workload.multimodal.iter().flatten().copied();
        config.pools = case.pools(multimodal.collect());
        if let Some(hash_block) = self.workload.hash_block {
            config.workload.hash_block = hash_block;
        }
        config
    }

    /// The specification that the requests were drawn from, if there is one.
    pub fn specification(&self) -> Option<&Value> {
        self.workload.source.get("spec")
    }

    /// The recorded outcomes of routing ties.
    ///
    /// # Errors
    /// The columns are missing or differ in length.
    pub fn tie_breaks(&self) -> Result<Vec<TieBreak>, ConfigError> {
        let ties: CaseTies = serde_json::from_value(self.tie_breaks.clone())
            .map_err(|error| ConfigError::malformed("tie_breaks", error))?;
        if ties.n.len() != ties.request.len() || ties.pick.len() != ties.request.len() {
            return Err(ConfigError::malformed("tie_breaks", "columns differ in length"));
        }
        let places = self.places();
        let choice =
            |row: usize| match ties.stage.as_ref().and_then(|stages| stages.get(row)).map(String::as_str) {
                None | Some("decode") => ChoiceName::Main,
                Some("prefill") => ChoiceName::Prefill,
                Some(_) => ChoiceName::Encode,
            };
        let rows = ties.request.into_iter().zip(ties.n).zip(ties.pick).enumerate();
        rows.map(|(row, ((request, tied), pick))| {
            let request = places.get(request as usize).copied().ok_or_else(|| {
                ConfigError::malformed("tie_breaks.request", format!("there is no request {request}"))
            })?;
            Ok(TieBreak { request: RequestIndex::from_index(request), tied, pick, choice: choice(row) })
        })
        .collect()
    }

    /// The rows that are in the list of requests: all others follow from answers.
    fn listed(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.workload.request.len()).filter(|&row| !self.workload.is_follow_up(row))
    }

    /// The columns of the workload that follow from answers, where some requests do.
    pub fn follow_ups(&self) -> Value {
        let columns = &self.workload;
        if columns.parent.is_none() && columns.closed_loop.is_none() {
            return json!({});
        }
        let mut follow_ups = json!({
            "request": columns.request,
            "arrival_us": columns.arrival_us,
            "input_tokens": columns.input_tokens,
            "output_tokens": columns.output_tokens,
            "deadline_us": columns.deadline_us,
            "prefix_length": columns.prefix_length,
            "slo_class": columns.slo_class,
            "session": columns.session,
            "round": columns.round,
            "context_tokens": columns.context_tokens,
        });
        // Virtual users are recorded with fewer columns.
        if let Value::Object(columns) = &mut follow_ups {
            columns.retain(|_, column| !column.is_null());
        }
        follow_ups
    }

    /// Per row of the recording the row that a run has it in: first the list, then what follows from answers, in the order in which
    /// it is made, which is the last number of its id.
    fn places(&self) -> Vec<usize> {
        let listed = self.listed().count();
        let mut next = 0;
        let rows = self.workload.request.iter().enumerate();
        let place = rows.map(|(row, id)| {
            if !self.workload.is_follow_up(row) {
                next += 1;
                return next - 1;
            }
            let number = id.rsplit('_').next().and_then(|number| number.parse::<usize>().ok());
            listed + number.unwrap_or(1).saturating_sub(1)
        });
        place.collect()
    }

    /// What each instance is resolved to, where instances differ.
    pub const fn instances(&self) -> Option<&Value> {
        self.config.instances.as_ref()
    }

    /// Whether pools for prompts and for answers have scorers of their own.
    pub const fn own_scorers(&self) -> (bool, bool) {
        (self.config.prefill_routing_scorers.is_some(), self.config.decode_routing_scorers.is_some())
    }

    /// The ids of all requests, in the order of the recording.
    pub fn ids(&self) -> &[String] {
        &self.workload.request
    }

    fn requests(&self) -> Vec<ExplicitRequest> {
        let columns = &self.workload;
        self.listed()
            .map(|row| ExplicitRequest {
                id: Some(columns.request[row].clone()),
                arrival_us: columns.arrival_us[row],
                input_tokens: columns.input_tokens[row],
                output_tokens: columns.output_tokens[row],
                budget: None,
                prefix_group: columns.prefix_group[row].clone(),
                prefix_length: columns.prefix_length[row],
                hash_ids: columns.hash_ids.as_ref().and_then(|ids| ids[row].clone()),
                slo_class: columns.slo_class[row].clone(),
                tenant: columns.tenant.as_ref().map_or_else(String::new, |tenants| tenants[row].clone()),
                deadline_us: columns.deadline_us[row],
                session: match (&columns.session, &columns.user) {
                    (Some(sessions), _) => sessions[row].clone(),
                    (None, Some(users)) => CaseWorkload::user_session(users[row]),
                    (None, None) => String::new(),
                },
                round: columns.round.as_ref().map_or(0, |rounds| rounds[row]),
                context_tokens: columns.context_tokens.as_ref().map_or(0, |tokens| tokens[row]),
                ..ExplicitRequest::default()
            })
            .collect()
    }
}

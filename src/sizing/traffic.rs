//! The requests of the settings, for as long as a run has to be.
//!
//! A rate is served on for as long as wanted. A workload with its own length is kept as it is: a trace is
//! repeated end to end, a rate that changes on purpose is run once as specified.

use crate::config::Config;
use crate::config::ExplicitRequests;
use crate::config::workload_spec::{ReasoningSpec, WorkloadSpec};
use crate::error::ConfigError;
use crate::workload::{self, Requests, Workload};
use std::num::NonZeroU64;

/// Requests from which lengths and rate are taken where a workload has no end.
const SAMPLE: u32 = 4096;

/// What a workload is with regard to its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Requests come at a rate that stays the same.
    Rate,
    /// The rate changes over time as specified.
    Changing,
    /// Conversations come at a rate, each with several requests; what a conversation sends next may wait for its answers.
    Conversations,
    /// Users wait for each answer before they send the next request.
    Users,
    /// A list of requests with their arrival times.
    Trace,
}

/// The workload of a configuration.
#[derive(Clone, Debug)]
pub(super) struct Traffic {
    config: Config,
    pub kind: Kind,
    /// Requests per second; `None` where users set the pace.
    pub rate: Option<f64>,
    /// A sample of requests whose lengths represent all.
    pub sample: Requests,
}

impl Traffic {
    /// Reads the workload of the settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub(super) fn of(config: &Config) -> Result<Self, ConfigError> {
        let kind = kind_of(config);
        let mut traffic = Self { config: config.clone(), kind, rate: None, sample: Requests::default() };
        let sample = traffic.sampled()?;
        if sample.is_empty() {
            return Err(ConfigError::invalid("workload", "no request", "requests to plan for"));
        }
        traffic.rate = traffic.rate_of(&sample);
        traffic.sample = sample;
        Ok(traffic)
    }

    /// Requests that stand for all. Those of conversations are taken from their plan: in the list are the first rounds alone, whose
    /// prompts are the shortest.
    fn sampled(&self) -> Result<Requests, ConfigError> {
        let mut planned = self.clone();
        if let Some(spec) = planned.config.workload.spec.as_mut().filter(|_| self.kind == Kind::Conversations)
        {
            spec.clients.iter_mut().for_each(|client| client.closed_loop = Some(false));
            spec.cohorts.iter_mut().for_each(|cohort| cohort.closed_loop = Some(false));
        }
        Ok(planned.workload(u64::from(SAMPLE), 0, None)?.requests)
    }

    /// Whether the settings name the rate, so that it can be searched for.
    pub(super) fn has_rate_setting(config: &Config) -> bool {
        let workload = &config.workload;
        workload.requests.is_none() && workload.spec.is_none() && workload.concurrency == 0
    }

    /// Whether the same requests come with every seed.
    pub(super) fn is_fixed(&self) -> bool {
        self.kind == Kind::Trace
    }

    /// Whether a run can be made longer.
    pub(super) fn can_be_longer(&self) -> bool {
        self.kind != Kind::Changing
    }

    /// Requests of the shortest run.
    pub(super) fn shortest(&self) -> u64 {
        match self.kind {
            Kind::Rate | Kind::Conversations | Kind::Users => 0,
            Kind::Changing | Kind::Trace => self.sample.len() as u64,
        }
    }

    /// Whether requests share prefixes, whose cache hits the calibration ignores.
    pub(super) fn shares_prefixes(&self) -> bool {
        !self.sample.groups.is_empty() || self.sample.tree.is_some() || self.sample.has_growing_prompts()
    }

    /// The settings of a run of this traffic, for the seed with this number.
    pub(super) fn config(&self, seed: u32, rate: Option<f64>) -> Config {
        let mut config = self.config.clone();
        let more = i64::from(seed);
        config.seed = config.seed.wrapping_add(more);
        if let Some(spec) = &mut config.workload.spec {
            spec.seed = Some(spec.seed.unwrap_or(0).wrapping_add(more));
        }
        if let Some(rate) = rate {
            config.workload.rate = rate;
        }
        config
    }

    /// About `requests` requests, for the seed with this number, at `rate` instead of that of the settings if given.
    /// The run ends when all of them are served.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub(super) fn workload(
        &self,
        requests: u64,
        seed: u32,
        rate: Option<f64>,
    ) -> Result<Workload, ConfigError> {
        let mut config = self.config(seed, rate);
        match self.kind {
            Kind::Rate | Kind::Conversations | Kind::Users => {
                config.cluster.horizon = None;
                config.workload.num_requests = u32::try_from(requests).unwrap_or(u32::MAX);
                if let Some(spec) = &mut config.workload.spec {
                    spec.num_requests = Some(requests);
                    spec.horizon = None;
                }
            }
            Kind::Changing => {}
            Kind::Trace => {
                return Ok(Workload { horizon: None, ..workload::generate_repeated(&config, requests)? });
            }
        }
        Ok(Workload { horizon: None, ..workload::generate(&config)? })
    }

    fn rate_of(&self, sample: &Requests) -> Option<f64> {
        let workload = &self.config.workload;
        match self.kind {
            Kind::Users => None,
            Kind::Conversations => workload.spec.as_ref().map(|spec| spec.aggregate_rate * mean_rounds(spec)),
            Kind::Rate if workload.spec.is_none() => Some(workload.rate),
            _ => {
                let aggregate = workload.spec.as_ref().map_or(0.0, |spec| spec.aggregate_rate);
                if self.kind == Kind::Rate && aggregate > 0.0 {
                    return Some(aggregate);
                }
                let (first, last) = sample.span();
                let seconds = (last - first) as f64 / 1e6;
                (seconds > 0.0).then(|| (sample.len() - 1) as f64 / seconds)
            }
        }
    }

    /// Remarks for a reader of the plan on how this workload was made longer.
    pub(super) fn notes(&self, requests: u64) -> Vec<String> {
        let mut notes = Vec::new();
        match self.kind {
            Kind::Rate => {}
            Kind::Changing => notes.push(
                "the rate changes over time: each run is one pass as specified, the targets hold over the whole pass, \
                 and the load is its average"
                    .to_owned(),
            ),
            Kind::Conversations => notes.push(
                "the load is in requests per second: conversations per second times their rounds, all of which are taken to come"
                    .to_owned(),
            ),
            Kind::Users => notes.push(
                "users wait for each answer, so that no queue grows without end: there is no load, and the targets \
                 decide"
                    .to_owned(),
            ),
            Kind::Trace => {
                let rows = self.config.workload.requests.as_ref().map_or(0, ExplicitRequests::len);
                let times = NonZeroU64::new(rows).map_or(1, |rows| requests.div_ceil(rows.get()));
                notes.push(match times {
                    0 | 1 => "the trace runs once; it is the same with every seed".to_owned(),
                    _ => format!("the trace is repeated {times} times end to end; it is the same with every seed"),
                });
            }
        }
        if self.config.cluster.horizon.is_some() && self.kind != Kind::Changing {
            notes.push("the end of the run is left out of account".to_owned());
        }
        notes
    }
}

fn kind_of(config: &Config) -> Kind {
    let workload = &config.workload;
    if workload.requests.is_some() {
        return Kind::Trace;
    }
    match &workload.spec {
        Some(spec) if changes(spec) => Kind::Changing,
        Some(spec) if rounds(spec).any(|(_, rounds)| rounds.is_some()) => Kind::Conversations,
        Some(spec) if has_users(spec) => Kind::Users,
        None if workload.concurrency > 0 => Kind::Users,
        _ => Kind::Rate,
    }
}

/// Whether it goes through a course of its own: with windows, with conversations of which each client has one, or in stages.
fn changes(spec: &WorkloadSpec) -> bool {
    let is_single = |reasoning: &Option<ReasoningSpec>| {
        reasoning.as_ref().and_then(|spec| spec.multi_turn.as_ref()).is_some_and(|turns| turns.single_session)
    };
    spec.inference_perf.is_some()
        || spec.clients.iter().any(|client| client.lifecycle.is_some() || is_single(&client.reasoning))
        || spec.cohorts.iter().any(|cohort| {
            let patterns = cohort.spike.is_some() || cohort.drain.is_some() || cohort.diurnal.is_some();
            patterns || is_single(&cohort.reasoning)
        })
}

/// Per client and cohort its share of the arrivals, and the rounds of the conversations that these begin.
fn rounds(spec: &WorkloadSpec) -> impl Iterator<Item = (f64, Option<i64>)> {
    let clients = spec.clients.iter().map(|client| (client.rate_fraction, &client.reasoning));
    let cohorts = spec.cohorts.iter().map(|cohort| (cohort.rate_fraction, &cohort.reasoning));
    clients.chain(cohorts).map(|(share, reasoning)| {
        let turns = reasoning.as_ref().and_then(|spec| spec.multi_turn.as_ref());
        (share, turns.map(|turns| turns.max_rounds))
    })
}

/// Requests per arrival.
fn mean_rounds(spec: &WorkloadSpec) -> f64 {
    let shares: f64 = rounds(spec).map(|(share, _)| share).sum();
    let requests: f64 = rounds(spec).map(|(share, rounds)| share * rounds.unwrap_or(1) as f64).sum();
    if shares > 0.0 { requests / shares } else { 1.0 }
}

fn has_users(spec: &WorkloadSpec) -> bool {
    spec.clients.iter().any(|client| client.concurrency > 0)
}

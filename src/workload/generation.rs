//! Requests in the making, in portions: millions of them take long enough for a page to seem frozen.

use super::assemble::Assembly;
use super::{
    Pattern, Requests, Workload, builtin, bursts, explicit, loaded, reference, scripts, specification,
};
use crate::config::limits::MAX_REQUESTS;
use crate::config::workload_spec::WorkloadSpec;
use crate::config::{Burst, Config, ExplicitRequests, SessionScript, StreamsName};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};

/// About what a run has to serve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// Requests, follow-ups of virtual users and conversations included.
    pub requests: u64,
    /// Mean length of an answer in tokens.
    pub mean_output: f64,
    /// Arrivals per second, where that is known beforehand.
    pub rate: Option<f64>,
    /// Virtual users; 0 in the open loop.
    pub users: u64,
    /// Token ids that are drawn; 0 with independent streams.
    pub token_ids: f64,
    /// Memory of the generators that are kept, bytes; 0 with independent streams.
    pub generator_bytes: u64,
}

impl Expected {
    /// What requests that are there have to say.
    pub(crate) fn of(requests: &Requests) -> Self {
        let many = requests.len();
        let output: u64 = requests.output.iter().map(|&output| u64::from(output)).sum();
        let first = requests.arrival.iter().min().copied().unwrap_or_default();
        let last = requests.arrival.iter().max().copied().unwrap_or_default();
        let span = (last - first).as_secs();
        Self {
            requests: many as u64,
            mean_output: if many == 0 { 0.0 } else { output as f64 / many as f64 },
            rate: (span > 0.0).then(|| many as f64 / span),
            ..Self::default()
        }
    }
}

/// The requests of a run that are being generated. Where the work is cut makes no difference to what comes out.
#[derive(Debug)]
pub struct Generation {
    /// What is still to be done; `None` for lists, which are there at once.
    assembly: Option<Assembly>,
    /// Everything but what is being assembled.
    workload: Workload,
    /// What is added at the end.
    bursts: Vec<Burst>,
}

impl Generation {
    /// Checks the settings of the workload. An explicit list becomes columns at once; of all else nothing is generated.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let settings = &config.workload;
        if let Some(list) = &settings.requests {
            let (mut requests, own) = listed(list, settings.hash_block)?;
            let given = settings.sessions.as_ref().map_or(own.as_slice(), |sessions| &sessions.0);
            let closed_loop = scripts::closed_loop(given, &mut requests)?;
            let workload = Workload { requests, pattern: Pattern::List, closed_loop, ..Workload::default() };
            return Ok(Self { assembly: None, workload, bursts: settings.bursts.clone() });
        }
        let plan = match &settings.spec {
            Some(spec) => specification::plan(config, spec)?,
            None => builtin::plan(config)?,
        };
        let mut assembly = Assembly::new(plan)?;
        let spec_horizon = settings.spec.as_ref().and_then(WorkloadSpec::own_horizon);
        let pattern = assembly.plan().pattern();
        let asked = settings.spec.as_ref().map_or(settings.rate, |spec| spec.aggregate_rate);
        let is_open = pattern == Pattern::Streams && !assembly.has_users() && !assembly.plan().ends_by_itself;
        let workload = Workload {
            offered_rate: (is_open && asked > 0.0).then_some(asked),
            horizon: spec_horizon.filter(|_| config.cluster.horizon.is_none()).map(Micros),
            warnings: assembly.take_warnings(),
            pattern,
            ..Workload::default()
        };
        Ok(Self { assembly: Some(assembly), workload, bursts: settings.bursts.clone() })
    }

    /// Warnings: the run goes ahead.
    pub fn warnings(&self) -> &[String] {
        &self.workload.warnings
    }

    /// About what the run has to serve.
    pub fn expected(&self) -> Expected {
        let more: u64 = self.bursts.iter().map(|burst| u64::from(burst.requests)).sum();
        let Some(assembly) = &self.assembly else {
            let listed = Expected::of(&self.workload.requests);
            return Expected { requests: listed.requests + more, ..listed };
        };
        let plan = assembly.plan();
        let expected = Expected {
            requests: (plan.expected_requests() + more).min(MAX_REQUESTS),
            mean_output: plan.mean_output(),
            rate: self.workload.offered_rate.or_else(|| plan.rate_of_conversations()),
            users: plan.users(),
            ..Expected::default()
        };
        match plan.streams {
            StreamsName::Independent => expected,
            StreamsName::Reference => Expected {
                token_ids: plan.expected_requests() as f64 * (plan.mean_input() + expected.mean_output),
                generator_bytes: reference::generators(plan) * reference::GENERATOR_BYTES,
                ..expected
            },
        }
    }

    /// Whether settings that have passed the check may still turn out to give too many or too late requests.
    pub fn may_fail(&self) -> bool {
        !self.bursts.is_empty() || self.assembly.as_ref().is_some_and(|assembly| assembly.plan().may_fail())
    }

    /// Goes on for about `budget` draws, which it uses up; returns whether all requests are there.
    ///
    /// # Errors
    /// The setting that leads to too many or too late requests.
    pub fn advance(&mut self, budget: &mut u64) -> Result<bool, ConfigError> {
        self.assembly.as_mut().map_or(Ok(true), |assembly| assembly.advance(budget))
    }

    /// Takes the workload out, once all requests but those of bursts are there, and adds these.
    ///
    /// # Errors
    /// Bursts that make too many of them.
    pub(crate) fn take(&mut self) -> Result<Workload, ConfigError> {
        let mut workload = std::mem::take(&mut self.workload);
        if let Some(mut assembly) = self.assembly.take() {
            workload.warnings.append(&mut assembly.late_warnings);
            (workload.requests, workload.closed_loop) = assembly.finish();
            let requests = &mut workload.requests;
            if let Some(models) = &mut requests.models {
                models.spread(&requests.client);
            }
        }
        workload.burst = bursts::add(&self.bursts, &mut workload.requests)?;
        Ok(workload)
    }

    /// All the rest at once.
    ///
    /// # Errors
    /// As [`Generation::advance`].
    pub fn complete(mut self) -> Result<Workload, ConfigError> {
        while !self.advance(&mut u64::MAX.clone())? {}
        self.take()
    }
}

/// The requests of an explicit list, and the conversations that a loaded one brings.
fn listed(
    list: &ExplicitRequests,
    hash_block: Tokens,
) -> Result<(Requests, Vec<SessionScript>), ConfigError> {
    match list.loaded() {
        Some(list) => {
            let list = loaded::find(list)?;
            Ok((list.requests.clone(), list.sessions.clone()))
        }
        None => Ok((explicit::requests(list.rows(), hash_block)?, Vec::new())),
    }
}

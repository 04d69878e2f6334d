//! A search that is advanced in slices, so that it can show progress and be given up.

use super::border::{Known, Next, next_count, next_rate};
use super::candidate::{Candidate, Current, KnownList, Tried, rate_of};
use super::capacity::Capacity;
use super::row::{Row, RowStatus};
use super::runs::Runs;
use super::targets::{LatencyTargets, Targets};
use super::traffic::Traffic;
use super::trial::{Finding, Judgement, RunFigures, Trial, is_close, may_miss, misses_closely};
use crate::config::{Config, TraceSettings};
use crate::error::ConfigError;
use crate::latency::{CustomCatalog, ServingSetup};
use serde::Serialize;

/// Factor by which runs are longer after all seeds have met the targets closely.
const LONGER_AFTER_A_PASS: u64 = 4;
/// Factor by which a run is longer after one that misses a target closely.
const LONGER_AFTER_A_MISS: u64 = 10;

/// What is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The smallest number of instances with `tp` GPUs each.
    Instances {
        /// GPUs per instance.
        tp: u32,
    },
    /// The highest rate of the cluster as it is set.
    Rate,
}

/// How far a search has got.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SearchProgress {
    /// Whether it is over.
    pub done: bool,
    /// What it is doing, in words; empty at the end.
    pub doing: String,
    /// Runs so far.
    pub runs: u64,
    /// Requests simulated so far.
    pub simulated_requests: u64,
    /// Requests that the whole search will take, estimated after its first slice; `null` before.
    pub expected_requests: Option<u64>,
}

/// A search for one answer.
#[derive(Debug)]
pub struct Search {
    pub(super) question: Question,
    pub(super) targets: Targets,
    pub(super) config: Config,
    pub(super) custom: CustomCatalog,
    pub(super) hardware: String,
    pub(super) tp: u32,
    pub(super) measured: Option<Measured>,
    pub(super) tried: Vec<Tried>,
    pub(super) current: Option<Current>,
    pub(super) end: Option<(RowStatus, String)>,
    pub(super) runs: u64,
    pub(super) simulated_requests: u64,
    pub(super) notes: Vec<String>,
}

/// What has to be known before the first run.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) traffic: Traffic,
    pub(super) capacity: Capacity,
    pub(super) latencies: LatencyTargets,
}

impl Search {
    /// A search that has done nothing yet. Settings that cannot be used end it with a row that gives the reason.
    ///
    /// # Errors
    /// The first target out of its range.
    pub fn new(
        config: &Config,
        question: Question,
        targets: Targets,
        custom: CustomCatalog,
    ) -> Result<Self, ConfigError> {
        targets.check()?;
        let mut notes = Vec::new();
        if config.is_disturbed() {
            notes.push("planned without instances that stop and without bursts".to_owned());
        }
        let mut config = config.undisturbed();
        // Records of decisions cost time and are not read here.
        config.trace = TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: false };
        if let Question::Instances { tp } = question {
            config.model.tp = Some(tp);
        }
        let tp = config.model.tp.unwrap_or(0);
        let hardware = config.model.hardware.clone().unwrap_or_default();
        Ok(Self {
            question,
            targets,
            config,
            custom,
            hardware,
            tp,
            measured: None,
            tried: Vec::new(),
            current: None,
            end: None,
            runs: 0,
            simulated_requests: 0,
            notes,
        })
    }

    /// Works on for at most about `budget` steps and decisions of simulations.
    pub fn advance(&mut self, budget: u64) -> SearchProgress {
        if self.end.is_none()
            && let Err(error) = self.work(budget)
        {
            self.refuse(&error);
        }
        self.progress()
    }

    /// Works until there is an answer.
    pub fn run_to_end(&mut self) -> Row {
        while !self.advance(u64::MAX).done {}
        self.row()
    }

    pub(super) fn work(&mut self, budget: u64) -> Result<(), ConfigError> {
        let Some(measured) = &self.measured else {
            return self.measure();
        };
        let Some(current) = &mut self.current else {
            self.choose();
            return Ok(());
        };
        let runs = Runs { measured, targets: &self.targets, custom: &self.custom };
        let Some(simulation) = &mut current.simulation else {
            let (seed, length) = (current.runs.len(), current.next_length());
            current.simulation = Some(runs.begin(current.candidate, seed, length)?);
            return Ok(());
        };
        if simulation.advance(budget).done
            && let Some(simulation) = current.simulation.take()
        {
            let (figures, judgement) = runs.judge(&simulation.finish());
            self.finish_run(figures, judgement);
        }
        Ok(())
    }

    pub(super) fn refuse(&mut self, error: &ConfigError) {
        self.current = None;
        self.end = Some((RowStatus::Refused, error.to_string()));
    }

    /// Measures the workload and one instance.
    fn measure(&mut self) -> Result<(), ConfigError> {
        if self.question == Question::Rate && !Traffic::has_rate_setting(&self.config) {
            let reason = if self.config.workload.requests.is_some() {
                "the trace fixes the arrival times"
            } else if self.config.workload.spec.is_some() {
                "the specification fixes the rates"
            } else {
                "users set the pace"
            };
            self.end = Some((RowStatus::NotApplicable, reason.to_owned()));
            return Ok(());
        }
        let setup = ServingSetup::resolve_with(&self.config.model, &self.config.memory, &self.custom)?;
        self.tp = setup.tp;
        self.hardware.clone_from(&setup.gpu.name);
        if setup.gpu.name == "L40S" && setup.tp > 1 {
            self.notes.push(format!(
                "TP {} is optimistic here: block counts follow the reference, which counts more KV blocks than such \
                 hardware holds, and GPUs without NVLink talk to each other more slowly than assumed",
                setup.tp
            ));
        }
        let traffic = Traffic::of(&self.config)?;
        let capacity = Capacity::measure(&traffic, &self.config, &self.custom)?;
        let latencies = LatencyTargets::of(&self.config, &traffic.sample.classes)?;
        self.measured = Some(Measured { traffic, capacity, latencies });
        Ok(())
    }

    /// Begins the next candidate, or ends the search.
    fn choose(&mut self) {
        match self.next() {
            Next::Try { at, all_seeds } => self.begin(at, all_seeds),
            Next::Found(_) => self.end = Some((RowStatus::Found, String::new())),
            Next::Nothing => self.end = Some((RowStatus::Unreachable, self.why_not())),
        }
    }

    pub(super) fn next(&self) -> Next<Candidate> {
        let Some(Measured { traffic, capacity, .. }) = &self.measured else { return Next::Nothing };
        match self.question {
            Question::Instances { .. } => {
                let max = self.targets.max_instances;
                let guess = capacity.enough_instances(traffic, max);
                let candidate = |instances| Candidate { instances, rate: None };
                self.known(|candidate| candidate.instances)
                    .next_by(|known| next_count(known, guess, max), candidate)
            }
            Question::Rate => {
                let instances = self.config.cluster.num_instances;
                let guess = capacity.highest_rate(instances);
                let candidate = |rate| Candidate { instances, rate: Some(rate) };
                self.known(|candidate| candidate.rate.unwrap_or(0.0))
                    .next_by(|known| next_rate(known, guess), candidate)
            }
        }
    }

    fn known<At>(&self, at: impl Fn(Candidate) -> At) -> KnownList<At> {
        let known = |tried: &Tried| {
            let passes = tried.trial.finding == Finding::Passes;
            Known { at: at(tried.candidate), passes, certain: tried.all_seeds || !passes }
        };
        KnownList(self.tried.iter().map(known).collect())
    }

    /// Why no candidate within the bounds passes.
    fn why_not(&self) -> String {
        let last = self.tried.iter().max_by_key(|tried| tried.candidate.instances);
        match (self.question, last) {
            (Question::Instances { .. }, Some(Tried { trial, .. })) => {
                format!("not even {} instances: {}", trial.instances, trial.reason)
            }
            (Question::Rate, _) => {
                let lowest = self.tried.iter().min_by(|a, b| rate_of(a).total_cmp(&rate_of(b)));
                lowest.map_or_else(String::new, |lowest| {
                    format!("not even {} requests/s: {}", rate_of(lowest), lowest.trial.reason)
                })
            }
            (_, None) => String::new(),
        }
    }

    fn begin(&mut self, candidate: Candidate, all_seeds: bool) {
        let Some(Measured { traffic, capacity, .. }) = &self.measured else { return };
        let rate = candidate.rate.or(traffic.rate);
        if let Some(reason) = rate.and_then(|rate| capacity.hopeless(rate, candidate.instances)) {
            self.settle(Current::new(candidate, 0, 0), Finding::Overloaded, reason);
            return;
        }
        let length = capacity.enough_requests(traffic, rate, candidate.instances);
        let seeds = if all_seeds && !traffic.is_fixed() { self.targets.seeds } else { 1 };
        let max = u64::from(self.targets.max_requests);
        let mut current = Current::new(candidate, seeds, length.min(max));
        current.proof =
            capacity.proof_requests(traffic, rate, candidate.instances).map(|length| length.min(max));
        // What one seed has shown need not be shown again.
        if let Some(at) = self.tried.iter().position(|tried| tried.candidate == candidate) {
            let known = self.tried.swap_remove(at);
            current.length = known.length;
            current.runs = known.trial.runs;
            current.shares = known.shares;
            current.proving = true;
        }
        self.current = Some(current);
        self.next_run();
    }

    /// Ends the candidate if all its seeds have met the targets.
    fn next_run(&mut self) {
        let Some(current) = &mut self.current else { return };
        if (current.runs.len() as u32) < current.seeds {
            return;
        }
        let max = u64::from(self.targets.max_requests);
        let longer = self.measured.as_ref().is_some_and(|measured| measured.traffic.can_be_longer());
        let certain = current.seeds > 1 || self.targets.seeds == 1;
        if certain && is_close(&current.shares) && !current.refined && longer && current.length < max {
            current.refined = true;
            current.lengthen((LONGER_AFTER_A_PASS * current.length).min(max));
            return;
        }
        if certain && may_miss(&current.shares) {
            let reason =
                "it meets the targets by less than seeds differ: another seed may miss them".to_owned();
            self.end_candidate(Finding::Misses, reason);
            return;
        }
        let (finding, reason) = self.limits();
        self.end_candidate(finding, reason);
    }

    /// Whether a candidate passes whose runs seem to hold.
    fn limits(&self) -> (Finding, String) {
        let (Some(Measured { traffic, capacity, .. }), Some(current)) = (&self.measured, &self.current)
        else {
            return (Finding::Passes, String::new());
        };
        let Candidate { instances, rate } = current.candidate;
        let Some(rate) = rate.or(traffic.rate) else { return (Finding::Passes, String::new()) };
        if let Some(reason) = capacity.at_the_limit(rate, instances) {
            return (Finding::AtTheLimit, reason);
        }
        let max = self.targets.max_requests;
        let proof = capacity.proof_requests(traffic, Some(rate), instances);
        if let Some(proof) = proof.filter(|&proof| proof > u64::from(max)) {
            let load = 100.0 * capacity.load(rate, instances);
            let reason = format!(
                "at the limit: with a load of {load:.0}%, only {proof} requests would tell, more than the {max} allowed"
            );
            return (Finding::AtTheLimit, reason);
        }
        (Finding::Passes, String::new())
    }

    pub(super) fn finish_run(&mut self, figures: RunFigures, judgement: Judgement) {
        let Some(current) = &mut self.current else { return };
        let steadiness = self.measured.as_ref().is_some_and(|measured| measured.traffic.can_be_longer());
        let max = u64::from(self.targets.max_requests);
        self.runs += 1;
        self.simulated_requests += figures.requests;
        let requests = figures.requests;
        current.runs.push(figures);
        match judgement {
            Judgement::Meets(_) if current.proof.is_some() && !current.proving => {
                current.proving = true;
                current.runs.clear();
            }
            Judgement::Meets(share) => {
                current.shares.push(share);
                self.next_run();
            }
            Judgement::Overloaded(reason) => self.end_candidate(Finding::Overloaded, reason),
            Judgement::Misses(share, _)
                if misses_closely(share) && steadiness && !current.refined && current.length < max =>
            {
                current.refined = true;
                current.lengthen((LONGER_AFTER_A_MISS * current.length).min(max));
            }
            Judgement::Misses(_, reason) => self.end_candidate(Finding::Misses, reason),
            Judgement::Longer(enough, why) => {
                let proved_nothing = current.proof.is_some_and(|proof| requests >= proof);
                if proved_nothing {
                    let reason = format!(
                        "at the limit: so close to the capacity, not even {requests} requests tell: {why}"
                    );
                    self.end_candidate(Finding::AtTheLimit, reason);
                } else if current.length >= max || requests >= max {
                    let reason =
                        format!("too short to tell after {requests} requests, the most allowed: {why}");
                    self.end_candidate(Finding::TooShort, reason);
                } else {
                    let longer = enough.max(2 * current.length.max(requests));
                    current.lengthen(longer.min(max));
                }
            }
        }
    }

    fn end_candidate(&mut self, finding: Finding, reason: String) {
        if let Some(current) = self.current.take() {
            self.settle(current, finding, reason);
        }
    }

    fn settle(&mut self, current: Current, finding: Finding, reason: String) {
        let Some(Measured { traffic, capacity, .. }) = &self.measured else { return };
        let Candidate { instances, rate } = current.candidate;
        let rate = rate.or(traffic.rate);
        let load = rate.map(|rate| capacity.load(rate, instances));
        let Current { candidate, seeds, length, runs, shares, .. } = current;
        let all_seeds = seeds >= self.targets.seeds || traffic.is_fixed();
        let trial = Trial { instances, rate, load, finding, reason, runs };
        self.tried.push(Tried { candidate, trial, all_seeds, length, shares });
    }
}

//! A search that is advanced in slices, so that it can show progress and be given up.

use super::border::{Known, Next, next_count, next_rate};
use super::capacity::Capacity;
use super::row::{Answer, Neighbour, Row, RowKind, RowStatus};
use super::targets::Targets;
use super::traffic::{Kind, Traffic};
use super::trial::{Finding, Judgement, RunFigures, Trial, is_close, judge, may_miss, misses_closely};
use crate::config::{Config, TraceSettings};
use crate::error::ConfigError;
use crate::latency::{OwnFacts, ServingSetup};
use crate::simulation::Simulation;
use serde::Serialize;

/// So many times as long are runs after all seeds have met the targets closely.
const LONGER_AFTER_A_PASS: u64 = 4;
/// So many times as long is a run after one that misses a target closely.
const LONGER_AFTER_A_MISS: u64 = 10;

/// What is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The smallest number of instances with so many GPUs each.
    Instances {
        /// GPUs per instance.
        tp: u32,
    },
    /// The highest rate of the cluster as it is set.
    Rate,
}

/// How far a search has got.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SearchProgress {
    /// Whether it is over.
    pub done: bool,
    /// What it is doing, in words; empty at the end.
    pub doing: String,
    /// Runs so far.
    pub runs: u64,
    /// Requests simulated so far.
    pub simulated_requests: u64,
    /// Requests that the whole search will take, as far as can be said after its first slice; `null` before.
    pub expected_requests: Option<u64>,
}

/// A search for one answer.
#[derive(Debug)]
pub struct Search {
    question: Question,
    targets: Targets,
    config: Config,
    facts: OwnFacts,
    tp: u32,
    measured: Option<Measured>,
    tried: Vec<Tried>,
    current: Option<Current>,
    end: Option<(RowStatus, String)>,
    runs: u64,
    simulated_requests: u64,
    notes: Vec<String>,
}

/// What has to be known before the first run.
#[derive(Debug)]
struct Measured {
    traffic: Traffic,
    capacity: Capacity,
}

/// A cluster at a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    instances: u32,
    /// `None` where users set the pace, or for the rate of the workload itself.
    rate: Option<f64>,
}

/// A candidate whose runs are done.
#[derive(Debug)]
struct Tried {
    candidate: Candidate,
    trial: Trial,
    all_seeds: bool,
    length: u64,
    shares: Vec<f64>,
}

/// A candidate whose runs are under way.
#[derive(Debug)]
struct Current {
    candidate: Candidate,
    seeds: u32,
    /// Requests of each run.
    length: u64,
    runs: Vec<RunFigures>,
    /// How close each run came to the targets.
    shares: Vec<f64>,
    /// Whether the runs have been made longer because they came close.
    refined: bool,
    /// Requests of the first run if the load is near the limit: it is looked at first whether a shorter one fails.
    proof: Option<u64>,
    /// Whether the first run is, or will be, as long as that.
    proving: bool,
    simulation: Option<(Config, Simulation)>,
}

impl Search {
    /// A search that has done nothing yet. Settings that cannot be used end it with a row that says why.
    ///
    /// # Errors
    /// The first target out of its range.
    pub fn new(
        config: &Config,
        question: Question,
        targets: Targets,
        facts: OwnFacts,
    ) -> Result<Self, ConfigError> {
        targets.check()?;
        let mut config = config.clone();
        // Records of decisions cost time and say nothing here.
        config.trace = TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: false };
        if let Question::Instances { tp } = question {
            config.model.tp = Some(tp);
        }
        let tp = config.model.tp.unwrap_or(0);
        Ok(Self {
            question,
            targets,
            config,
            facts,
            tp,
            measured: None,
            tried: Vec::new(),
            current: None,
            end: None,
            runs: 0,
            simulated_requests: 0,
            notes: Vec::new(),
        })
    }

    /// Works on for at most about `budget` steps and decisions of simulations.
    pub fn advance(&mut self, budget: u64) -> SearchProgress {
        if self.end.is_none()
            && let Err(error) = self.work(budget)
        {
            self.current = None;
            self.end = Some((RowStatus::Refused, error.to_string()));
        }
        self.progress()
    }

    /// Works until there is an answer.
    pub fn run_to_end(&mut self) -> Row {
        while !self.advance(u64::MAX).done {}
        self.row()
    }

    fn work(&mut self, budget: u64) -> Result<(), ConfigError> {
        let Some(measured) = &self.measured else {
            return self.measure();
        };
        let Some(current) = &mut self.current else {
            self.choose();
            return Ok(());
        };
        let Some((_, simulation)) = &mut current.simulation else {
            let Candidate { instances, rate } = current.candidate;
            let seed = current.runs.len() as u32;
            let workload = measured.traffic.workload(current.next_length(), seed, rate)?;
            let mut config = measured.traffic.config(seed, rate);
            config.cluster.num_instances = instances;
            config.cluster.horizon = None;
            let run = Simulation::with_facts_and_workload(&config, &self.facts, workload)?;
            current.simulation = Some((config, run));
            return Ok(());
        };
        if simulation.advance(budget).done {
            self.finish_run();
        }
        Ok(())
    }

    /// Looks at the workload and at one instance.
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
        let setup = ServingSetup::resolve_with(&self.config.model, &self.config.memory, &self.facts)?;
        self.tp = setup.tp;
        if setup.gpu.name == "L40S" && setup.tp > 1 {
            self.notes.push(format!(
                "TP {} is optimistic here: block counts follow the reference, which counts more KV blocks than such \
                 hardware holds, and GPUs without NVLink talk to each other more slowly than assumed",
                setup.tp
            ));
        }
        let traffic = Traffic::of(&self.config)?;
        let capacity = Capacity::measure(&traffic, &self.config, &self.facts)?;
        self.measured = Some(Measured { traffic, capacity });
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

    fn next(&self) -> Next<Candidate> {
        let Some(Measured { traffic, capacity }) = &self.measured else { return Next::Nothing };
        match self.question {
            Question::Instances { .. } => {
                let most = self.targets.max_instances;
                let guess = capacity.enough_instances(traffic, most);
                let candidate = |instances| Candidate { instances, rate: None };
                self.known(|candidate| candidate.instances)
                    .next_by(|known| next_count(known, guess, most), candidate)
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
        let Some(Measured { traffic, capacity }) = &self.measured else { return };
        let rate = candidate.rate.or(traffic.rate);
        if let Some(reason) = rate.and_then(|rate| capacity.hopeless(rate, candidate.instances)) {
            self.settle(Current::new(candidate, 0, 0), Finding::Overloaded, reason);
            return;
        }
        let length = capacity.enough_requests(traffic, rate, candidate.instances);
        let seeds = if all_seeds && !traffic.is_fixed() { self.targets.seeds } else { 1 };
        let most = u64::from(self.targets.max_requests);
        let mut current = Current::new(candidate, seeds, length.min(most));
        current.proof =
            capacity.proof_requests(traffic, rate, candidate.instances).map(|length| length.min(most));
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
        let most = u64::from(self.targets.max_requests);
        let longer = self.measured.as_ref().is_some_and(|measured| measured.traffic.can_be_longer());
        let certain = current.seeds > 1 || self.targets.seeds == 1;
        if certain && is_close(&current.shares) && !current.refined && longer && current.length < most {
            current.refined = true;
            current.lengthen((LONGER_AFTER_A_PASS * current.length).min(most));
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

    /// Whether a candidate whose runs look well passes.
    fn limits(&self) -> (Finding, String) {
        let (Some(Measured { traffic, capacity }), Some(current)) = (&self.measured, &self.current) else {
            return (Finding::Passes, String::new());
        };
        let Candidate { instances, rate } = current.candidate;
        let Some(rate) = rate.or(traffic.rate) else { return (Finding::Passes, String::new()) };
        if let Some(reason) = capacity.at_the_limit(rate, instances) {
            return (Finding::AtTheLimit, reason);
        }
        let most = self.targets.max_requests;
        let proof = capacity.proof_requests(traffic, Some(rate), instances);
        if let Some(proof) = proof.filter(|&proof| proof > u64::from(most)) {
            let load = 100.0 * capacity.load(rate, instances);
            let reason = format!(
                "at the limit: with a load of {load:.0}%, only {proof} requests would tell, more than the {most} allowed"
            );
            return (Finding::AtTheLimit, reason);
        }
        (Finding::Passes, String::new())
    }

    fn finish_run(&mut self) {
        let Some(current) = &mut self.current else { return };
        let Some((config, simulation)) = current.simulation.take() else { return };
        let outcome = simulation.finish();
        let steadiness = self.measured.as_ref().is_some_and(|measured| measured.traffic.can_be_longer());
        let (figures, judgement) = judge(&outcome, &config, &self.targets, steadiness);
        let most = u64::from(self.targets.max_requests);
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
                if misses_closely(share) && steadiness && !current.refined && current.length < most =>
            {
                current.refined = true;
                current.lengthen((LONGER_AFTER_A_MISS * current.length).min(most));
            }
            Judgement::Misses(_, reason) => self.end_candidate(Finding::Misses, reason),
            Judgement::Longer(enough, why) => {
                let proved_nothing = current.proof.is_some_and(|proof| requests >= proof);
                if proved_nothing {
                    let reason = format!(
                        "at the limit: so close to the capacity, not even {requests} requests tell: {why}"
                    );
                    self.end_candidate(Finding::AtTheLimit, reason);
                } else if current.length >= most || requests >= most {
                    let reason =
                        format!("too short to tell after {requests} requests, the most allowed: {why}");
                    self.end_candidate(Finding::TooShort, reason);
                } else {
                    let longer = enough.max(2 * current.length.max(requests));
                    current.lengthen(longer.min(most));
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
        let Some(Measured { traffic, capacity }) = &self.measured else { return };
        let Candidate { instances, rate } = current.candidate;
        let rate = rate.or(traffic.rate);
        let load = rate.map(|rate| capacity.load(rate, instances));
        let Current { candidate, seeds, length, runs, shares, .. } = current;
        let all_seeds = seeds >= self.targets.seeds || traffic.is_fixed();
        let trial = Trial { instances, rate, load, finding, reason, runs };
        self.tried.push(Tried { candidate, trial, all_seeds, length, shares });
    }

    /// What is searched for, in short.
    pub fn name(&self) -> String {
        match self.question {
            Question::Instances { tp } => format!("TP {tp}"),
            Question::Rate => "rate".to_owned(),
        }
    }

    /// What is happening.
    fn progress(&self) -> SearchProgress {
        SearchProgress {
            done: self.end.is_some(),
            doing: self.doing(),
            runs: self.runs,
            simulated_requests: self.simulated_requests,
            expected_requests: self.expected_requests(),
        }
    }

    fn doing(&self) -> String {
        if self.end.is_some() {
            return String::new();
        }
        let Some(current) = &self.current else { return "measuring one instance".to_owned() };
        let Candidate { instances, rate } = current.candidate;
        let what = match rate {
            Some(rate) => format!("{rate} requests/s"),
            None if instances == 1 => "1 instance".to_owned(),
            None => format!("{instances} instances"),
        };
        let (seed, seeds) = (current.runs.len() as u32 + 1, current.seeds);
        format!("{what}: run {} of {seeds}, {} requests", seed.min(seeds), current.next_length())
    }

    /// All seeds of the first guess, one for each neighbour.
    fn expected_requests(&self) -> Option<u64> {
        let Measured { traffic, capacity } = self.measured.as_ref()?;
        let length = match self.question {
            Question::Instances { .. } => {
                let instances = capacity.enough_instances(traffic, self.targets.max_instances);
                capacity.enough_requests(traffic, traffic.rate, instances)
            }
            Question::Rate => {
                let instances = self.config.cluster.num_instances;
                // About as many rates more are tried once.
                2 * capacity.enough_requests(traffic, Some(capacity.highest_rate(instances)), instances)
            }
        };
        let seeds = if traffic.is_fixed() { 1 } else { self.targets.seeds };
        let length = length.min(u64::from(self.targets.max_requests)).max(traffic.shortest());
        // All seeds, the neighbours, and what may have to be proved.
        Some(length * u64::from(seeds + 4))
    }

    /// The answer as far as it is known.
    pub fn row(&self) -> Row {
        let mut trials: Vec<&Tried> = self.tried.iter().collect();
        trials.sort_by(|a, b| {
            a.candidate.instances.cmp(&b.candidate.instances).then(rate_of(a).total_cmp(&rate_of(b)))
        });
        let (status, reason) = self.end.clone().unwrap_or((RowStatus::Searching, String::new()));
        let found = trials.iter().position(|tried| self.found() == Some(tried.candidate));
        let at = |place: usize| trials.get(place).map(|tried| &tried.trial);
        let next = found.and_then(|found| match self.question {
            Question::Instances { .. } => found.checked_sub(1).and_then(at),
            Question::Rate => at(found + 1),
        });
        let answer = found.and_then(at).and_then(|trial| Answer::of(trial, self.tp));
        Row {
            question: match self.question {
                Question::Instances { .. } => RowKind::Instances,
                Question::Rate => RowKind::Rate,
            },
            tp: self.tp,
            status,
            reason,
            capacity: self.measured.as_ref().map(|measured| measured.capacity.per_instance),
            next: next.map(Neighbour::from),
            exceptions: found.map_or_else(Vec::new, |found| self.exceptions(&trials, found)),
            notes: self.notes(answer.as_ref()),
            answer,
            trials: trials.iter().map(|tried| tried.trial.clone()).collect(),
            simulated_requests: self.simulated_requests,
        }
    }

    fn found(&self) -> Option<Candidate> {
        match (&self.end, self.next()) {
            (Some((RowStatus::Found, _)), Next::Found(candidate)) => Some(candidate),
            _ => None,
        }
    }

    /// Counts below the answer that hold although more do not, or rates above it that do.
    fn exceptions(&self, trials: &[&Tried], found: usize) -> Vec<f64> {
        let holds = |tried: &&&Tried| tried.trial.finding == Finding::Passes;
        match self.question {
            Question::Instances { .. } => {
                let holding = trials[..found].iter().filter(holds);
                holding.map(|tried| f64::from(tried.candidate.instances)).collect()
            }
            Question::Rate => trials[found + 1..].iter().filter(holds).map(|tried| rate_of(tried)).collect(),
        }
    }

    fn notes(&self, answer: Option<&Answer>) -> Vec<String> {
        let mut notes = self.notes.clone();
        if let Some(Measured { traffic, .. }) = &self.measured {
            notes.extend(traffic.notes(answer.map_or(0, |answer| answer.requests)));
            if traffic.shares_prefixes() && traffic.kind != Kind::Users {
                notes.push("the load is measured with a full queue, cached prefixes included".to_owned());
            }
        }
        notes
    }
}

impl Current {
    const fn new(candidate: Candidate, seeds: u32, length: u64) -> Self {
        Self {
            candidate,
            seeds,
            length,
            runs: Vec::new(),
            shares: Vec::new(),
            refined: false,
            proof: None,
            proving: false,
            simulation: None,
        }
    }

    /// Begins again with longer runs.
    fn lengthen(&mut self, length: u64) {
        self.length = length;
        self.runs.clear();
        self.shares.clear();
    }

    /// Requests of the next run.
    fn next_length(&self) -> u64 {
        let proof = self.proof.filter(|_| self.proving && self.runs.is_empty());
        proof.map_or(self.length, |proof| proof.max(self.length))
    }
}

/// What is known of the candidates.
struct KnownList<At>(Vec<Known<At>>);

impl<At> KnownList<At> {
    /// The next candidate, by a rule about counts or rates.
    fn next_by(
        self,
        rule: impl Fn(&[Known<At>]) -> Next<At>,
        candidate: impl Fn(At) -> Candidate,
    ) -> Next<Candidate> {
        match rule(&self.0) {
            Next::Try { at, all_seeds } => Next::Try { at: candidate(at), all_seeds },
            Next::Found(at) => Next::Found(candidate(at)),
            Next::Nothing => Next::Nothing,
        }
    }
}

fn rate_of(tried: &Tried) -> f64 {
    tried.candidate.rate.unwrap_or(0.0)
}

//! What a search has found and what it is doing, in words and rows.

use super::border::Next;
use super::candidate::{Candidate, Tried, rate_of};
use super::row::{Answer, Neighbour, Row, RowKind, RowStatus};
use super::search::{Measured, Question, Search, SearchProgress};
use super::traffic::Kind;
use super::trial::Finding;
use crate::outcome::words;

impl Search {
    /// What is searched for, in short.
    pub fn name(&self) -> String {
        match self.question {
            Question::Instances { tp } => format!("TP {tp}"),
            Question::Rate => "rate".to_owned(),
        }
    }

    /// What is happening.
    pub(super) fn progress(&self) -> SearchProgress {
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
        let requests = words::plural(current.next_length(), "request");
        format!("{what}: run {} of {seeds}, {requests}", seed.min(seeds))
    }

    /// All seeds of the first guess, one for each neighbour.
    fn expected_requests(&self) -> Option<u64> {
        let Measured { traffic, capacity, .. } = self.measured.as_ref()?;
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

    /// The answer so far.
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
        let leading = self.measured.as_ref().map(|measured| measured.latencies.leading());
        let answer = found.and_then(at).and_then(|trial| Answer::of(trial, self.tp, leading?));
        Row {
            question: match self.question {
                Question::Instances { .. } => RowKind::Instances,
                Question::Rate => RowKind::Rate,
            },
            hardware: self.hardware.clone(),
            tp: self.tp,
            status,
            reason,
            capacity: self.measured.as_ref().map(|measured| measured.capacity.per_instance),
            targets: self.measured.as_ref().map(|measured| measured.latencies.0.clone()).unwrap_or_default(),
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

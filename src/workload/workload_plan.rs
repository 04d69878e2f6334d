//! A workload with everything resolved: what the built-in kinds and specifications are turned into before
//! anything is drawn.

use super::lengths::LengthSampler;
use super::reference;
use crate::config::StreamsName;
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::error::ConfigError;
use crate::units::Tokens;
use crate::workload::Pattern;

pub(super) use super::entry::{Arrivals, Entry, Group, WindowPlan};

/// Arrivals outside all windows that a generation may step over (about half a second of work).
pub(super) const MAX_DISCARDED_ARRIVALS: u64 = 20_000_000;

/// The clients and the bounds of a workload.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WorkloadPlan {
    /// Clients and cohorts in list order.
    pub entries: Vec<Entry>,
    /// Master seed of the workload's streams.
    pub seed: i64,
    /// By which rules they draw.
    pub streams: StreamsName,
    /// Tokens per KV block, on which it depends what has to be known of a prompt.
    pub block_size: Tokens,
    /// Most requests; `None` = until the horizon.
    pub num_requests: Option<u64>,
    /// Arrivals at or past this are not generated; `None` = no bound.
    pub horizon: Option<i64>,
    /// Where the settings that bound the workload are, for errors.
    pub paths: BoundPaths,
    /// Whether it needs neither a number of requests nor a horizon.
    pub ends_by_itself: bool,
    /// Warnings, although nothing is wrong.
    pub warnings: Vec<String>,
}

/// Where the settings that bound the workload are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BoundPaths {
    /// The number of requests.
    pub num_requests: &'static str,
    /// The horizon.
    pub horizon: &'static str,
    /// The arrival rate.
    pub rate: &'static str,
    /// The arrival rate's value.
    pub rate_value: f64,
    /// Last part of the path of a prefix length.
    pub prefix: &'static str,
}

impl WorkloadPlan {
    /// What makes the requests arrive when they do.
    pub(super) fn pattern(&self) -> Pattern {
        let any = |is: fn(&Arrivals) -> bool| self.entries.iter().any(|entry| is(&entry.arrivals));
        if any(|arrivals| {
            matches!(arrivals, Arrivals::PerWindow(_) | Arrivals::Renewal { windows: Some(_), .. })
        }) {
            Pattern::Windows
        } else if self.has_conversations() {
            Pattern::Conversations
        } else if any(|arrivals| matches!(arrivals, Arrivals::Users { .. }))
            && !any(|arrivals| matches!(arrivals, Arrivals::Renewal { .. }))
        {
            Pattern::Users
        } else {
            Pattern::Streams
        }
    }
}

impl WorkloadPlan {
    /// Whether any arrival begins a conversation.
    pub(super) fn has_conversations(&self) -> bool {
        self.entries.iter().any(|entry| entry.conversations.is_some())
    }

    /// Requests per second where sources of conversations have a rate: as many for each as it has rounds.
    pub(super) fn rate_of_conversations(&self) -> Option<f64> {
        let rate = |entry: &Entry| match &entry.arrivals {
            Arrivals::Renewal { interarrival, .. } => {
                let each = entry.requests_per_arrival() * 1e6 / interarrival.mean();
                each * f64::from(entry.members())
            }
            _ => 0.0,
        };
        self.has_conversations().then(|| self.entries.iter().map(rate).sum()).filter(|&rate| rate > 0.0)
    }

    /// Whether the requests of an entry carry the shared prefix of its group. Where windows have parameters of their own the
    /// reference draws the prefix and drops it (N-16), but for those of conversations (S-5).
    pub(super) fn keeps_prefix(&self, entry: &Entry) -> bool {
        self.streams == StreamsName::Independent
            || entry.conversations.is_some()
            || !matches!(entry.arrivals, Arrivals::PerWindow(_))
    }

    /// Refuses workloads that are too large, before anything is allocated.
    pub(super) fn check_size(&self) -> Result<(), ConfigError> {
        if self.num_requests.is_none() && self.horizon.is_none() && !self.ends_by_itself {
            return Err(ConfigError::invalid(
                self.paths.num_requests,
                0,
                format!("a number of requests above 0, or a horizon ({})", self.paths.horizon),
            ));
        }
        if let Some(count) = self.num_requests
            && count > MAX_REQUESTS
        {
            return Err(ConfigError::invalid(
                self.paths.num_requests,
                count,
                format!("at most {MAX_REQUESTS} requests"),
            ));
        }
        self.check_users()?;
        // Renewal processes are walked only up to a given number of requests; everything else is generated
        // before the cut.
        let bounded_by_count = |entry: &&Entry| {
            self.num_requests.is_some() && matches!(entry.arrivals, Arrivals::Renewal { .. })
        };
        let unbounded = self.entries.iter().filter(|entry| !bounded_by_count(entry));
        let expected: f64 = unbounded.map(|entry| entry.expected_requests(self.horizon)).sum();
        if expected > MAX_REQUESTS as f64 {
            return Err(self.too_many_requests());
        }
        Ok(())
    }

    /// About how many requests a run has, follow-ups of virtual users included.
    pub(super) fn expected_requests(&self) -> u64 {
        let most = self.num_requests.unwrap_or(MAX_REQUESTS).min(MAX_REQUESTS);
        if self.entries.iter().any(|entry| matches!(entry.arrivals, Arrivals::Users { .. })) {
            return most;
        }
        let expected: f64 = self.entries.iter().map(|entry| entry.expected_requests(self.horizon)).sum();
        // The casts saturate.
        let cut = most.min(expected as u64);
        let beyond: f64 = self.entries.iter().map(Entry::rounds_beyond_the_cut).sum();
        let beyond = if self.num_requests.is_some() { beyond.min(cut as f64) } else { 0.0 };
        (cut + beyond as u64).min(expected as u64).min(MAX_REQUESTS)
    }

    /// About the mean length of an answer.
    pub(super) fn mean_output(&self) -> f64 {
        self.mean_length(|window| &window.output, |entry| &entry.output)
    }

    /// About the mean length of a prompt without its shared prefix.
    pub(super) fn mean_input(&self) -> f64 {
        self.mean_length(|window| &window.input, |entry| &entry.input)
    }

    fn mean_length(
        &self,
        of_window: impl Fn(&WindowPlan) -> &LengthSampler,
        of_entry: impl Fn(&Entry) -> &LengthSampler,
    ) -> f64 {
        let weighed = |entry: &Entry| {
            let weight = entry.expected_requests(self.horizon);
            let length = match &entry.arrivals {
                Arrivals::PerWindow(windows) if !windows.is_empty() => {
                    windows.iter().map(|window| of_window(window).about_mean()).sum::<f64>()
                        / windows.len() as f64
                }
                _ => of_entry(entry).about_mean(),
            };
            (weight, weight * length)
        };
        let parts = self.entries.iter().map(weighed);
        let (weight, sum) = parts.fold((0.0, 0.0), |(weight, sum), part| (weight + part.0, sum + part.1));
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    /// Virtual users that start.
    pub(super) fn users(&self) -> u64 {
        let started = |entry: &Entry| match entry.arrivals {
            Arrivals::Users { started, .. } => u64::from(started),
            _ => 0,
        };
        self.entries.iter().map(started).sum()
    }

    /// Whether what has passed [`WorkloadPlan::check_size`] may still turn out too large or too late when it is generated.
    /// The margins are wide: for what lies within them it would take a gap a million times the mean, or all gaps together
    /// a hundred times as long as expected.
    pub(super) fn may_fail(&self) -> bool {
        let slowest = MAX_TIME_US as f64 / 1e6;
        let longest = MAX_TIME_US as f64 / 1e2;
        let (mut rate, mut discards) = (0.0, 0.0);
        for entry in &self.entries {
            let Arrivals::Renewal { interarrival, windows } = &entry.arrivals else { continue };
            let (mean, members) = (interarrival.mean(), f64::from(entry.members()));
            if mean > slowest {
                return true;
            }
            match windows {
                None => rate += members / mean,
                Some(windows) => {
                    let end = windows.end().min(self.horizon.unwrap_or(i64::MAX));
                    discards += members * (end as f64 - windows.covered_before(end)) / mean;
                }
            }
        }
        let too_late = match (self.num_requests, self.horizon) {
            (Some(count), None) if rate > 0.0 => count as f64 / rate > longest,
            _ => false,
        };
        let expected: f64 = self.entries.iter().map(|entry| entry.expected_requests(self.horizon)).sum();
        let too_many = self.num_requests.is_none() && expected > 0.5 * MAX_REQUESTS as f64;
        too_late || too_many || self.may_draw_too_many_ids() || discards > 0.5 * MAX_DISCARDED_ARRIVALS as f64
    }

    /// Tokens that prompts and answers have at least.
    pub(super) fn fewest_tokens(&self) -> f64 {
        let shortest = |entry: &Entry| match &entry.arrivals {
            Arrivals::PerWindow(windows) => windows
                .iter()
                .map(|window| window.input.lower_bound() + window.output.lower_bound())
                .fold(f64::INFINITY, f64::min),
            _ => entry.input.lower_bound() + entry.output.lower_bound(),
        };
        // Half of what is expected comes for certain, but where the horizon cuts before the first requests.
        let expected = self.expected_requests() as f64;
        let shortest = self.entries.iter().map(shortest).fold(f64::INFINITY, f64::min);
        if expected > 1000.0 { 0.5 * expected * shortest } else { 0.0 }
    }

    /// Whether the reference's streams may come to their limit of token ids. Lengths without a bound are taken as a hundred
    /// times their mean.
    fn may_draw_too_many_ids(&self) -> bool {
        let longest = |entry: &Entry| {
            let bound = |length: &LengthSampler| length.upper_bound().unwrap_or(1e2 * length.about_mean());
            match &entry.arrivals {
                Arrivals::PerWindow(windows) => windows
                    .iter()
                    .map(|window| bound(&window.input) + bound(&window.output))
                    .fold(0.0, f64::max),
                _ => bound(&entry.input) + bound(&entry.output),
            }
        };
        let longest = self.entries.iter().map(longest).fold(0.0, f64::max);
        self.streams == StreamsName::Reference
            && self.expected_requests() as f64 * longest > reference::MAX_TOKEN_IDS as f64
    }

    /// Every virtual user starts with a request.
    fn check_users(&self) -> Result<(), ConfigError> {
        let mut users = 0;
        for entry in &self.entries {
            if let Arrivals::Users { started, .. } = entry.arrivals {
                users += u64::from(started);
                if users > MAX_REQUESTS {
                    return Err(ConfigError::invalid(
                        format!("{}.concurrency", entry.path),
                        started,
                        format!("at most {MAX_REQUESTS} virtual users in all"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// The error for more requests before the horizon than [`MAX_REQUESTS`].
    pub(super) fn too_many_requests(&self) -> ConfigError {
        ConfigError::conflict(
            self.paths.horizon,
            self.horizon.map_or_else(|| "none".to_owned(), |horizon| horizon.to_string()),
            format!("{} = {}", self.paths.rate, self.paths.rate_value),
            format!("at most {MAX_REQUESTS} requests (a shorter horizon or a lower rate)"),
        )
    }

    /// The error for arrivals later than [`MAX_TIME_US`].
    pub(super) fn too_late(&self) -> ConfigError {
        ConfigError::invalid(
            self.paths.rate,
            self.paths.rate_value,
            format!("a rate at which all requests arrive within {MAX_TIME_US} µs, or a shorter horizon"),
        )
    }
}

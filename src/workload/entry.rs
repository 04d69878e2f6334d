//! One client of a plan, or a cohort of identical ones.

use super::conversations::ConversationPlan;
use super::interarrival::Interarrival;
use super::lengths::LengthSampler;
use super::windows::Windows;
use crate::config::limits::MAX_TIME_US;
use crate::units::{Micros, Tokens};

/// A client, or a cohort of identical ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// Where it is in the configuration.
    pub path: String,
    /// Name, or for a cohort the part of its members' names before `-<j>`.
    pub id: String,
    /// `Some(n)` for a cohort of n members.
    pub population: Option<u32>,
    /// When the requests of one member arrive.
    pub arrivals: Arrivals,
    /// Prompt lengths without the shared prefix.
    pub input: LengthSampler,
    /// Output lengths.
    pub output: LengthSampler,
    /// What follows an arrival, if arrivals begin conversations.
    pub conversations: Option<ConversationPlan>,
    /// Name of the prefix group.
    pub group: Option<Group>,
    /// SLO class, may be empty.
    pub class: String,
    /// Model that its requests name, may be empty.
    pub model: String,
    /// Tenant, may be empty.
    pub tenant: String,
    /// Span from arrival to deadline; `None` = no deadline.
    pub timeout: Option<Micros>,
}

/// A prefix group as an entry names it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    /// Its name, or with `per_member` the part before `-<j>`.
    pub name: String,
    /// Whether every member of the cohort has its own group.
    pub per_member: bool,
    /// Length as given by this entry; 0 = not given.
    pub length: Tokens,
}

/// When the requests of one client arrive.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Arrivals {
    /// A renewal process from time 0 on, of which only what falls into the windows is kept.
    Renewal {
        /// Inter-arrival times.
        interarrival: Interarrival,
        /// Active times; `None` = always.
        windows: Option<Windows>,
    },
    /// A fixed number of arrivals per window (W-7.3).
    PerWindow(Vec<WindowPlan>),
    /// Virtual users that wait for each answer (W-8).
    Users {
        /// How many there are.
        count: u32,
        /// How many of them the request limit lets start.
        started: u32,
        /// Pause between an answer and the next request.
        think_time: Micros,
    },
    /// None at all.
    Never,
}

/// One window of a time-varying client.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WindowPlan {
    /// Start, µs.
    pub start: i64,
    /// End, µs, not after the horizon.
    pub end: i64,
    /// Gaps to draw and stretch to the window; one more than requests.
    pub gaps_to_draw: u64,
    /// Their distribution.
    pub interarrival: Interarrival,
    /// Prompt lengths in this window.
    pub input: LengthSampler,
    /// Output lengths in this window.
    pub output: LengthSampler,
}

impl Entry {
    /// Number of clients.
    pub(super) fn members(&self) -> u32 {
        self.population.unwrap_or(1)
    }

    /// The name of member `j`.
    pub(super) fn member_id(&self, j: u32) -> String {
        if self.population.is_some() { format!("{}-{j}", self.id) } else { self.id.clone() }
    }

    /// When a virtual user of this entry sends its first request: they are spread over one think time (W-8). `None` for other
    /// entries.
    pub(super) fn first_arrival(&self, user: u32) -> Option<i64> {
        let Arrivals::Users { count, think_time, .. } = self.arrivals else { return None };
        let arrival = i128::from(user) * i128::from(think_time.0) / i128::from(count);
        Some(arrival as i64)
    }

    /// The longest prompt without prefix that a bounded distribution of this entry can give; at least 1.
    pub(super) fn longest_prompt(&self) -> f64 {
        let windows = match &self.arrivals {
            Arrivals::PerWindow(windows) => windows.as_slice(),
            _ => &[],
        };
        let bounds = windows.iter().map(|window| window.input.upper_bound());
        bounds.chain([self.input.upper_bound()]).flatten().fold(1.0, f64::max)
    }

    /// Planned rounds, or requests, that an arrival stands for.
    pub(super) fn requests_per_arrival(&self) -> f64 {
        self.conversations.as_ref().map_or(1.0, |plan| f64::from(plan.rounds))
    }

    /// About the time from one planned round of a conversation to the next, µs.
    fn pause(&self, plan: &ConversationPlan) -> f64 {
        (plan.think_time.0 as f64 + self.output.about_mean()).max(1.0)
    }

    /// About how many rounds, planned behind the cut to the number of requests, come all the same, because their conversations have
    /// begun before it and wait for answers (S-5).
    pub(super) fn rounds_beyond_the_cut(&self) -> f64 {
        match (&self.conversations, &self.arrivals) {
            (Some(plan), Arrivals::Renewal { interarrival, .. }) if plan.is_closed => {
                let rounds = f64::from(plan.rounds);
                let begun_in_one = (rounds - 1.0) * self.pause(plan) / interarrival.mean();
                let begun = if plan.is_single { 1.0_f64.min(begun_in_one) } else { begun_in_one };
                0.5 * begun * f64::from(self.members()) * rounds
            }
            _ => 0.0,
        }
    }

    /// Expected number of planned requests of all members before `horizon`, before any cut.
    pub(super) fn expected_requests(&self, horizon: Option<i64>) -> f64 {
        let end = horizon.unwrap_or(MAX_TIME_US);
        let is_single = self.conversations.as_ref().is_some_and(|plan| plan.is_single);
        let one = match &self.arrivals {
            Arrivals::Renewal { .. } if is_single => 1.0,
            Arrivals::PerWindow(windows) if is_single => windows.len() as f64,
            Arrivals::Renewal { interarrival, windows } => {
                let span = windows.as_ref().map_or(end as f64, |windows| windows.covered_before(end));
                (span / interarrival.mean()).min(interarrival.most_arrivals() as f64)
            }
            Arrivals::PerWindow(windows) => windows.iter().map(|window| window.gaps_to_draw as f64).sum(),
            Arrivals::Users { started, .. } => f64::from(*started),
            Arrivals::Never => 0.0,
        };
        let planned = self
            .conversations
            .as_ref()
            .map_or(1.0, |plan| f64::from(plan.rounds).min((end as f64 / self.pause(plan)).ceil() + 1.0));
        one * f64::from(self.members()) * planned
    }
}

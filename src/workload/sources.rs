//! Sources of requests, each with its own random streams. A client is one source, or one per window, or one per
//! virtual user.

use super::workload_plan::{Arrivals, WorkloadPlan};
use super::{NO_GROUP, NO_SESSION};
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::error::ConfigError;
use crate::units::Tokens;
use std::collections::HashMap;

/// Length of a prefix group whose first client gives none (W-6).
const DEFAULT_PREFIX_LENGTH: Tokens = 50;

/// One arrival, before lengths are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// When, µs.
    pub time: i64,
    /// Index of the source.
    pub source: u32,
    /// The planned round that it is, or [`NO_ROUND`](super::conversations::NO_ROUND).
    pub planned: u32,
}

/// A source of requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Source {
    /// Index into [`WorkloadPlan::entries`].
    pub entry: u32,
    /// Index into [`Members`].
    pub member: u32,
    /// Number of the window or of the virtual user within the client; 0 for other sources.
    pub part: u32,
    /// Number of the virtual user within the workload, or [`NO_SESSION`].
    pub session: u32,
}

/// All clients of a plan, cohorts taken apart.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// Names.
    pub names: Vec<String>,
    /// How many earlier clients have the same name.
    occurrence: Vec<u32>,
    /// Prefix group, an index into `group_names`, or [`NO_GROUP`].
    pub group: Vec<u32>,
    /// Names of the prefix groups, in order of first mention.
    pub group_names: Vec<String>,
    /// Their lengths.
    pub group_lengths: Vec<Tokens>,
}

impl Members {
    /// Names the clients and settles the prefix groups.
    pub(super) fn new(plan: &WorkloadPlan) -> Self {
        let mut members = Self::default();
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut groups: HashMap<String, u32> = HashMap::new();
        for entry in &plan.entries {
            for j in 0..entry.members() {
                let name = entry.member_id(j);
                let count = seen.entry(name.clone()).or_insert(0);
                members.occurrence.push(*count);
                *count += 1;
                members.names.push(name);
                let group = entry.group.as_ref().map_or(NO_GROUP, |group| {
                    let name =
                        if group.per_member { format!("{}-{j}", group.name) } else { group.name.clone() };
                    members.group_index(&mut groups, name, group.length)
                });
                members.group.push(group);
            }
        }
        members
    }

    /// The name of a client, and how many earlier ones have the same.
    pub(super) fn name(&self, member: u32) -> (&str, u32) {
        (&self.names[member as usize], self.occurrence[member as usize])
    }

    /// The index of a group; the first client that names it fixes its length.
    fn group_index(&mut self, known: &mut HashMap<String, u32>, name: String, length: Tokens) -> u32 {
        *known.entry(name).or_insert_with_key(|name| {
            self.group_names.push(name.clone());
            self.group_lengths.push(if length > 0 { length } else { DEFAULT_PREFIX_LENGTH });
            self.group_names.len() as u32 - 1
        })
    }

    /// Prefix tokens of a client.
    pub(super) fn prefix(&self, member: u32) -> Tokens {
        match self.group[member as usize] {
            NO_GROUP => 0,
            group => self.group_lengths[group as usize],
        }
    }
}

/// The sources of a plan in list order.
pub(super) fn sources(plan: &WorkloadPlan) -> Vec<Source> {
    let mut sources = Vec::new();
    let (mut member, mut user) = (0, 0);
    for (index, entry) in plan.entries.iter().enumerate() {
        for _ in 0..entry.members() {
            let source = Source { entry: index as u32, member, part: 0, session: NO_SESSION };
            match &entry.arrivals {
                Arrivals::Renewal { .. } => sources.push(source),
                Arrivals::PerWindow(windows) => {
                    sources.extend((0..windows.len() as u32).map(|part| Source { part, ..source }));
                }
                Arrivals::Users { started, .. } => {
                    sources.extend((0..*started).map(|part| Source { part, session: user + part, ..source }));
                    user += started;
                }
                Arrivals::Never => {}
            }
            member += 1;
        }
    }
    sources
}

/// Refuses prefixes that leave no room for the longest prompt of a bounded distribution.
pub(super) fn check_prefixes(plan: &WorkloadPlan, members: &Members) -> Result<(), ConfigError> {
    let mut first_member = 0;
    for entry in &plan.entries {
        let prefix = members.prefix(first_member);
        first_member += entry.members();
        let longest = entry.longest_prompt();
        if f64::from(prefix) + longest > f64::from(MAX_TOKENS_PER_REQUEST) {
            return Err(ConfigError::conflict(
                format!("{}.{}", entry.path, plan.paths.prefix),
                prefix,
                format!("prompts of up to {longest} tokens"),
                format!("at most {MAX_TOKENS_PER_REQUEST} tokens per prompt, prefix included"),
            ));
        }
    }
    Ok(())
}

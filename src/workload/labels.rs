//! The labels of the requests of each source, and the tables of names they point into.

use super::sources::{Arrival, Members, Source};
use super::workload_plan::{Arrivals, WorkloadPlan};
use super::{NO_GROUP, Requests};
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::units::{Micros, RequestIndex, Tokens};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What all requests of a source have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SourceLabels {
    /// Index into [`Requests::clients`].
    pub client: u32,
    /// Index into [`Requests::classes`].
    pub class: u16,
    /// Index into [`Requests::tenants`].
    pub tenant: u16,
    /// Index into the names of [`Requests::models`]; means nothing where there are none.
    pub model: u16,
    /// Index into [`Requests::groups`], or [`NO_GROUP`].
    pub group: u32,
    /// Prefix tokens.
    pub prefix: Tokens,
    /// Span from arrival to deadline.
    pub timeout: Option<Micros>,
}

/// The models that requests name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// The names; the empty one stands for requests that name none.
    pub names: Vec<String>,
    /// Index into the names, one per request.
    pub of_request: Vec<u16>,
}

impl Models {
    /// The models of clients, until [`Models::spread`] makes them those of their requests; `None` if nothing is named.
    pub(super) fn of_clients(names: Vec<String>, of_client: Vec<u16>) -> Option<Self> {
        let any = names.iter().any(|name| !name.is_empty());
        any.then_some(Self { names, of_request: of_client })
    }

    /// Gives each request the model of its client.
    pub(super) fn spread(&mut self, clients: &[u32]) {
        self.of_request = clients.iter().map(|&client| self.of_request[client as usize]).collect();
    }

    /// Place of the name of a request.
    pub fn place(&self, row: RequestIndex) -> usize {
        usize::from(self.of_request[row.index()])
    }

    /// The model that a request names; may be empty.
    pub fn name(&self, row: RequestIndex) -> &str {
        &self.names[self.place(row)]
    }
}

/// Prefix and sampled length together, within the token limit.
pub(super) fn prompt_length(prefix: Tokens, sampled: Tokens) -> Tokens {
    prefix.saturating_add(sampled).min(MAX_TOKENS_PER_REQUEST)
}

/// Absolute deadline of a request; [`Micros::ZERO`] = none (W-9).
pub(super) fn deadline(arrival: Micros, timeout: Option<Micros>) -> Micros {
    timeout.map_or(Micros::ZERO, |timeout| arrival + timeout)
}

/// A table of distinct names in order of first mention.
#[derive(Debug, Default)]
pub(super) struct Names {
    index: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    /// The place of a name, which is added if it is new.
    pub(super) fn place(&mut self, name: &str) -> u32 {
        if let Some(&place) = self.index.get(name) {
            return place;
        }
        let place = self.names.len() as u32;
        self.index.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        place
    }

    /// The names in order of their places.
    pub(super) fn into_vec(self) -> Vec<String> {
        self.names
    }
}

/// Labels every source that has requests or may get some, and writes the tables of the names that occur, in
/// list order. The empty class cannot stand beside others (W-7.4), so it is first if it occurs.
pub(super) fn label_sources(
    plan: &WorkloadPlan,
    members: &Members,
    sources: &[Source],
    rows: &[Arrival],
    requests: &mut Requests,
) -> Vec<SourceLabels> {
    let mut occurs = vec![false; sources.len()];
    for row in rows {
        occurs[row.source as usize] = true;
    }
    let (mut classes, mut tenants, mut groups) = (Names::default(), Names::default(), Names::default());
    let (mut models, mut client_models) = (Names::default(), Vec::new());
    let mut last_member = None;
    let label = |(source, occurs): (&Source, bool)| {
        let entry = &plan.entries[source.entry as usize];
        if !occurs && !matches!(entry.arrivals, Arrivals::Users { .. }) {
            return SourceLabels::default();
        }
        if last_member != Some(source.member) {
            last_member = Some(source.member);
            requests.clients.push(members.names[source.member as usize].clone());
            client_models.push(models.place(&entry.model) as u16);
        }
        SourceLabels {
            client: requests.clients.len() as u32 - 1,
            // A specification has at most a thousand entries.
            class: classes.place(&entry.class) as u16,
            tenant: tenants.place(&entry.tenant) as u16,
            model: client_models.last().copied().unwrap_or_default(),
            group: match members.group[source.member as usize] {
                group if group == NO_GROUP || !plan.keeps_prefix(entry) => NO_GROUP,
                group => groups.place(&members.group_names[group as usize]),
            },
            prefix: if plan.keeps_prefix(entry) { members.prefix(source.member) } else { 0 },
            timeout: entry.timeout,
        }
    };
    let labels = sources.iter().zip(occurs).map(label).collect();
    requests.classes = classes.into_vec();
    requests.tenants = tenants.into_vec();
    requests.groups = groups.into_vec();
    requests.models = Models::of_clients(models.into_vec(), client_models);
    labels
}

//! One form for lists of the same content, and the rows of a list.

use super::RequestList;
use crate::config::ExplicitRequest;
use crate::units::{Micros, RequestIndex, Tokens};
use crate::workload::labels::Names;
use crate::workload::{NO_GROUP, NO_NODE, NO_SESSION, PromptTree, Requests};

impl RequestList {
    /// The same list with its names and hash blocks in order of first mention, as [`super::super::generate`] makes it of rows;
    /// names and blocks that no request has are left out.
    #[must_use]
    pub fn canonical(mut self) -> Self {
        let requests = &mut self.requests;
        renumber(&mut requests.class, &mut requests.classes, true);
        renumber(&mut requests.tenant, &mut requests.tenants, true);
        renumber(&mut requests.client, &mut requests.clients, false);
        renumber(&mut requests.group, &mut requests.groups, false);
        if let Some(models) = &mut requests.models {
            renumber(&mut models.of_request, &mut models.names, false);
        }
        // Where no row names anything, there is no column.
        requests.models = requests.models.take().filter(|models| !all_empty(&models.names));
        requests.tree = requests.tree.take().and_then(PromptTree::canonical);
        self.streaming = self.streaming.filter(|column| column.contains(&true));
        self.slo_target_us = self.slo_target_us.filter(|column| column.iter().any(|&target| target != 0));
        self.row_prefix_length = self.row_prefix_length.filter(|column| column.iter().any(Option::is_some));
        self
    }

    /// The list row by row, as settings can hold it, with the hash ids of [`PromptTree::hash_block`] tokens numbered from 0.
    /// `generate` makes the same requests of it.
    pub fn rows(&self) -> Vec<ExplicitRequest> {
        let context = self.requests.context_tokens();
        (0..self.requests.len()).map(|row| self.row(row, context[row])).collect()
    }

    fn row(&self, row: usize, context_tokens: Tokens) -> ExplicitRequest {
        let requests = &self.requests;
        let group = requests.groups.get(requests.group[row] as usize);
        let path = requests.tree.as_ref().and_then(|tree| tree.path(row));
        let output = requests.output[row];
        ExplicitRequest {
            id: requests.ids.as_ref().map(|ids| ids[row].clone()),
            arrival_us: requests.arrival[row].0,
            input_tokens: requests.input[row],
            output_tokens: output,
            budget: Some(requests.budget[row]).filter(|&budget| budget != output as i32),
            prefix_group: group.cloned(),
            prefix_length: requests.prefix[row],
            hash_ids: path.map(|path| path.into_iter().map(u64::from).collect()),
            slo_class: requests.classes[usize::from(requests.class[row])].clone(),
            tenant: requests.tenants[usize::from(requests.tenant[row])].clone(),
            deadline_us: Some(requests.deadline[row].0).filter(|&deadline| deadline != 0),
            client: requests.clients[requests.client[row] as usize].clone(),
            session: requests.conversation(RequestIndex::from_index(row)).unwrap_or_default().to_owned(),
            context_tokens,
            round: requests.round[row],
            model: requests.model(RequestIndex::from_index(row)).to_owned(),
            streaming: self.streaming.as_ref().is_some_and(|streaming| streaming[row]),
            slo_target_us: self.slo_target_us.as_ref().map_or(0, |targets| targets[row]),
            row_prefix_length: self.row_prefix_length.as_ref().and_then(|lengths| lengths[row]),
        }
    }
}

fn all_empty(names: &[String]) -> bool {
    names.iter().all(String::is_empty)
}

/// Puts the names that rows mention in order of first mention, the empty one first if it is to be.
fn renumber<Place>(column: &mut [Place], names: &mut Vec<String>, empty_first: bool)
where
    Place: Copy + TryFrom<u32>,
    u32: From<Place>,
{
    let name = |place: Place| names.get(u32::from(place) as usize);
    let mut found = Names::default();
    if empty_first && column.iter().any(|&place| name(place).is_some_and(String::is_empty)) {
        found.place("");
    }
    let mut places = vec![None; names.len()];
    for place in column.iter_mut() {
        let Some(name) = names.get(u32::from(*place) as usize) else { continue };
        let new = *places[u32::from(*place) as usize].get_or_insert_with(|| found.place(name));
        // There are not more names than before.
        *place = Place::try_from(new).unwrap_or(*place);
    }
    *names = found.into_vec();
}

impl PromptTree {
    /// The same tree with its nodes in order of first mention; those of no request are left out. None without nodes.
    fn canonical(mut self) -> Option<Self> {
        let mut places = vec![NO_NODE; self.parent.len()];
        let mut parent = Vec::with_capacity(self.parent.len());
        let mut unseen = Vec::new();
        for leaf in &mut self.leaf {
            let mut node = *leaf;
            while node != NO_NODE && places[node as usize] == NO_NODE {
                unseen.push(node);
                node = self.parent[node as usize];
            }
            let mut before = places.get(node as usize).copied().unwrap_or(NO_NODE);
            while let Some(node) = unseen.pop() {
                places[node as usize] = parent.len() as u32;
                parent.push(before);
                before = places[node as usize];
            }
            *leaf = places.get(*leaf as usize).copied().unwrap_or(NO_NODE);
        }
        (!parent.is_empty()).then_some(Self { parent, ..self })
    }
}

impl Requests {
    /// Fills the columns that a list from outside seldom has: no deadlines, labels, groups or users, and budgets of the true
    /// lengths. To be called when arrivals and lengths are there.
    #[must_use]
    pub fn with_plain_labels(mut self) -> Self {
        let rows = self.len();
        let fill = |column: &mut Vec<u32>, value: u32| column.resize(rows, value);
        fill(&mut self.group, NO_GROUP);
        fill(&mut self.prefix, 0);
        fill(&mut self.client, 0);
        fill(&mut self.session, NO_SESSION);
        fill(&mut self.round, 0);
        self.class.resize(rows, 0);
        self.tenant.resize(rows, 0);
        self.deadline.resize(rows, Micros::ZERO);
        if self.budget.len() < rows {
            self.budget = self.output.iter().map(|&tokens| tokens as i32).collect();
        }
        for names in [&mut self.classes, &mut self.tenants, &mut self.clients] {
            if names.is_empty() {
                names.push(String::new());
            }
        }
        self
    }
}

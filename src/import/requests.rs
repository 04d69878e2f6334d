//! From the rows of a trace to the requests of a run.

use super::columns::{Columns, Lazy, NONE};
use super::rows::Names;
use crate::config::limits::MAX_TIME_US;
use crate::error::ConfigError;
use crate::units::Micros;
use crate::workload::loaded::RequestList;
use crate::workload::{NO_GROUP, NO_NODE, PromptTree, Requests, Sessions};

/// The requests.
pub(super) fn list(
    columns: &Columns,
    names: &Names,
    tree: Option<(&[u32], u32)>,
) -> Result<RequestList, ConfigError> {
    let rows = columns.len();
    let (class, classes) = labels(&columns.class, rows, &names.classes.names);
    let (tenant, tenants) = labels(&columns.tenant, rows, &names.tenants.names);
    let (client, clients) = labels(&columns.client, rows, &names.clients.names);
    let (group, groups) = groups(columns, &names.groups.names);
    let deadline = |row: usize| match columns.patience.get(row) {
        0 => Micros::ZERO,
        patience => Micros((columns.time[row] + (patience / 1000).max(1)).min(MAX_TIME_US)),
    };
    let name = |row: usize| match columns.session.get(row) {
        NONE => "",
        session => names.sessions.names[session as usize].as_str(),
    };
    let (session, sessions) = Sessions::of_rows((0..rows).map(name));
    let requests = Requests {
        arrival: columns.time.iter().map(|&time| Micros(time)).collect(),
        input: columns.input.clone(),
        output: columns.output.clone(),
        budget: columns.output.iter().map(|&output| output as i32).collect(),
        deadline: (0..rows).map(deadline).collect(),
        prefix: (0..rows)
            .map(|row| if group[row] == NO_GROUP { 0 } else { columns.prefix.get(row) })
            .collect(),
        group,
        class: small(class, "class")?,
        tenant: small(tenant, "tenant")?,
        client,
        session,
        round: (0..rows).map(|row| columns.round.get(row)).collect(),
        classes,
        tenants,
        clients,
        groups,
        sessions,
        tree: tree
            .filter(|_| columns.leaf.is_used())
            .map(|(parent, block)| self::tree(columns, parent, block)),
        ..Requests::default()
    };
    Ok(RequestList {
        sessions: Vec::new(),
        requests,
        streaming: columns
            .streaming
            .is_used()
            .then(|| (0..rows).map(|row| columns.streaming.get(row)).collect()),
        slo_target_us: columns
            .slo_target
            .is_used()
            .then(|| (0..rows).map(|row| columns.slo_target.get(row)).collect()),
        row_prefix_length: None,
    })
}

/// Labels renumbered in order of first mention, the empty name first if it occurs.
fn labels(column: &Lazy<u32>, rows: usize, names: &[String]) -> (Vec<u32>, Vec<String>) {
    let own = |row: usize| match column.get(row) {
        NONE => None,
        place => Some(place as usize).filter(|&place| !names[place].is_empty()),
    };
    let mut new = vec![NONE; names.len()];
    let mut used = Vec::new();
    let has_empty = !column.is_used() || (0..rows).any(|row| own(row).is_none());
    if has_empty {
        used.push(String::new());
    }
    let mut place = |row: usize| {
        let Some(old) = own(row) else { return 0 };
        if new[old] == NONE {
            new[old] = used.len() as u32;
            used.push(names[old].clone());
        }
        new[old]
    };
    let places = (0..rows).map(&mut place).collect();
    (places, used)
}

/// Prefix groups: only rows that share something, and have no hash ids, have one.
fn groups(columns: &Columns, names: &[String]) -> (Vec<u32>, Vec<String>) {
    let mut new = vec![NO_GROUP; names.len()];
    let mut used = Vec::new();
    let group = |row: usize| {
        let old = columns.group.get(row);
        if old == NONE || columns.leaf.get(row) != NONE || names[old as usize].is_empty() {
            return NO_GROUP;
        }
        let new = &mut new[old as usize];
        if *new == NO_GROUP {
            *new = used.len() as u32;
            used.push(names[old as usize].clone());
        }
        *new
    };
    let places = (0..columns.len()).map(group).collect();
    (places, used)
}

fn small(places: Vec<u32>, what: &str) -> Result<Vec<u16>, ConfigError> {
    let most = usize::from(u16::MAX) + 1;
    let small: Result<Vec<u16>, _> = places.into_iter().map(u16::try_from).collect();
    small.map_err(|_| {
        let expected = format!("at most {most} different names; map the column as client or session instead");
        ConfigError::invalid(what, "more names", expected)
    })
}

/// The tree of the nodes that rows lead to, renumbered; a parent stays before its children.
fn tree(columns: &Columns, parent: &[u32], block: u32) -> PromptTree {
    let mut used = vec![false; parent.len()];
    for row in 0..columns.len() {
        let mut node = columns.leaf.get(row);
        while node != NONE && !used[node as usize] {
            used[node as usize] = true;
            node = parent[node as usize];
        }
    }
    let mut new = vec![NO_NODE; parent.len()];
    let mut parents = Vec::new();
    for (node, _) in used.iter().enumerate().filter(|(_, used)| **used) {
        new[node] = parents.len() as u32;
        let above = parent[node];
        parents.push(if above == NONE { NO_NODE } else { new[above as usize] });
    }
    let leaf = |row: usize| match columns.leaf.get(row) {
        NONE => NO_NODE,
        leaf => new[leaf as usize],
    };
    PromptTree { hash_block: block, parent: parents, leaf: (0..columns.len()).map(leaf).collect() }
}

//! What prompts share, as runs of blocks (kv-cache chapter, KV-10; traces chapter, TR-3).
//!
//! A *run* is a row of blocks that prompts have in common: the prefix of a group, a conversation from there on, or a stretch of
//! the tree of hash ids between two forks. A prompt is a path of runs: from the end of one it goes on with the next, which may be before the end of the first,
//! where others leave it later. What identifies a shared block is its run and its position in the prompt.

use crate::units::{Blocks, Tokens};
use crate::workload::{Fork, NO_GROUP, NO_NODE, NO_SESSION, PromptTree, Requests, Sessions};
use std::collections::HashMap;

/// The part of a path that lies in one run: from the end of the part before it, which is where the run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The run.
    pub run: u32,
    /// Position in the prompt of the first block behind it.
    pub end: Blocks,
}

/// A path: its place among the stretches of all paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Path {
    first: u32,
    length: u32,
}

/// The paths of all prompts; the same for every instance of a run of the program.
///
/// Runs are numbered: first those of prefix groups and of what continues them by accident, few of which every instance sees; then
/// those of the tree and of conversations, of which it sees a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptRuns {
    /// The stretches of all paths, one path after the other. That of a group is its only one, in the place of the group's number.
    stretches: Vec<Stretch>,
    /// Runs of groups and of what continues them.
    group_runs: usize,
    /// Runs of the tree.
    tree_runs: usize,
    /// Runs of conversations.
    session_runs: usize,
    /// Paths of continued groups.
    branches: Vec<Path>,
    /// Per request the number of its branch, or [`NO_GROUP`]; empty if there is no branch.
    branch_of: Vec<u32>,
    /// Per request its path in the tree, of length 0 if it has none; empty if there is no tree.
    in_tree: Vec<Path>,
    /// Per session the path of its prompts, of length 0 if they do not grow; empty if none does.
    of_session: Vec<Path>,
    /// Of sessions that are compacted, the paths from a round on, by session and round.
    forks: Vec<(u32, u32, Path)>,
    /// Per fork the token behind the last one of each stretch of its path.
    fork_ends: Vec<(Path, Vec<Tokens>)>,
    /// The tree itself, if it is to be known where single tokens come from.
    tree: Option<Box<PromptTree>>,
    /// Per session its requests in the list, if they are several and its prompts grow; empty if that is so of none.
    listed_rounds: Vec<Vec<u32>>,
}

impl PromptRuns {
    /// The runs of a workload, for KV blocks of this many tokens.
    pub fn new(requests: &Requests, block_size: Tokens) -> Self {
        let groups = requests.groups.len();
        let only = |run: usize| Stretch { run: run as u32, end: Blocks::MAX };
        let mut runs =
            Self { stretches: (0..groups).map(only).collect(), group_runs: groups, ..Self::default() };
        if let Some(own) = &requests.own_start {
            runs.add_branches(requests, own, block_size);
        }
        if let Some(tree) = &requests.tree {
            runs.add_tree(tree, block_size);
        }
        if let Some(sessions) = &requests.sessions {
            runs.add_sessions(sessions, requests, block_size);
        }
        runs
    }

    /// Gives a run of one block to all requests of a group that begin with the same tokens behind its prefix, if they are several
    /// (random-streams chapter, N-15).
    fn add_branches(&mut self, requests: &Requests, own: &[u64], block_size: Tokens) {
        let mut seen: HashMap<(u32, Blocks, u64), (u32, u32)> = HashMap::new();
        let mut branch_of = vec![NO_GROUP; own.len()];
        for (row, &own) in own.iter().enumerate() {
            let (group, prefix) = (requests.group[row], requests.prefix[row]);
            let depth = prefix / block_size;
            if own == 0 || requests.input[row] / block_size <= depth {
                continue;
            }
            // The first row with these tokens, and the branch once there is a second one.
            let (first, branch) = seen.entry((group, depth, own)).or_insert((row as u32, NO_GROUP));
            if *first == row as u32 {
                continue;
            }
            if *branch == NO_GROUP {
                *branch = self.branches.len() as u32;
                let at = self.stretches.len() as u32;
                if group != NO_GROUP && depth > 0 {
                    self.stretches.push(Stretch { run: group, end: depth });
                }
                self.stretches.push(Stretch { run: self.group_runs as u32, end: Blocks::MAX });
                self.group_runs += 1;
                self.branches.push(Path { first: at, length: self.stretches.len() as u32 - at });
                branch_of[*first as usize] = *branch;
            }
            branch_of[row] = *branch;
        }
        if !self.branches.is_empty() {
            self.branch_of = branch_of;
        }
    }

    /// Cuts the tree into runs at its forks, and writes the path of every request.
    fn add_tree(&mut self, tree: &PromptTree, block_size: Tokens) {
        let PromptTree { hash_block, parent, leaf } = tree;
        // The hash block that holds the last token of a KV block decides whose block it is: so many come before a hash block.
        let blocks_before =
            |depth: u32| (u64::from(depth) * u64::from(*hash_block) / u64::from(block_size)) as Blocks;
        let mut is_fork = vec![false; parent.len()];
        let mut has_child = vec![false; parent.len()];
        for &parent in parent.iter().filter(|&&parent| parent != NO_NODE) {
            let child = &mut has_child[parent as usize];
            is_fork[parent as usize] |= *child;
            *child = true;
        }
        // Per run: the node before it, and the number of nodes before it.
        let mut begins: Vec<(u32, u32)> = Vec::new();
        let mut run_of: Vec<(u32, u32)> = Vec::with_capacity(parent.len());
        for &before in parent {
            let (run, depth) = match run_of.get(before as usize) {
                Some(&(run, depth)) if !is_fork[before as usize] => (run, depth + 1),
                above => {
                    let depth = above.map_or(0, |&(_, depth)| depth + 1);
                    begins.push((before, depth));
                    (begins.len() as u32 - 1, depth)
                }
            };
            run_of.push((run, depth));
        }
        self.tree_runs = begins.len();
        let mut paths: HashMap<u32, Path> = HashMap::new();
        let (mut path_runs, stretches) = (Vec::new(), &mut self.stretches);
        let first_run = self.group_runs as u32;
        let mut path_to = |leaf: u32| {
            path_runs.clear();
            let (mut node, mut end) = (leaf, Blocks::MAX);
            while node != NO_NODE {
                let (run, _) = run_of[node as usize];
                let (before, depth) = begins[run as usize];
                let begin = blocks_before(depth);
                if begin < end {
                    path_runs.push(Stretch { run: first_run + run, end });
                    end = begin;
                }
                node = before;
            }
            let first = stretches.len() as u32;
            stretches.extend(path_runs.iter().rev());
            Path { first, length: path_runs.len() as u32 }
        };
        let in_tree = leaf.iter().map(|&leaf| match leaf {
            NO_NODE => Path::default(),
            leaf => *paths.entry(leaf).or_insert_with(|| path_to(leaf)),
        });
        self.in_tree = in_tree.collect();
    }

    /// Gives a run to every conversation whose prompts grow, from where the prefix of its group ends (sessions chapter, S-3).
    fn add_sessions(&mut self, sessions: &Sessions, requests: &Requests, block_size: Tokens) {
        if !sessions.context.iter().any(|context| context.grows()) {
            return;
        }
        self.of_session = vec![Path::default(); sessions.names.len()];
        if requests.has_listed_rounds() {
            self.list_rounds(requests);
        }
        for (row, &session) in requests.session.iter().enumerate() {
            let grows = session != NO_SESSION && sessions.context[session as usize].grows();
            if !grows || self.of_session[session as usize].length > 0 {
                continue;
            }
            let first = self.stretches.len() as u32;
            let (group, prefix) = (requests.group[row], requests.prefix[row] / block_size);
            if group != NO_GROUP && prefix > 0 {
                self.stretches.push(Stretch { run: group, end: prefix });
            }
            let run = (self.group_runs + self.tree_runs + self.session_runs) as u32;
            self.stretches.push(Stretch { run, end: Blocks::MAX });
            self.session_runs += 1;
            self.of_session[session as usize] = Path { first, length: self.stretches.len() as u32 - first };
        }
        for &Fork { session, round, at } in &sessions.forks {
            self.add_fork(session, round, at, block_size);
        }
    }

    /// The path of a session from a round on: as before up to this token, and then a run of its own.
    fn add_fork(&mut self, session: u32, round: u32, at: Tokens, block_size: Tokens) {
        let blocks = at / block_size;
        let before = match self.forks.last() {
            Some(&(other, _, path)) if other == session => path,
            _ => self.of_session[session as usize],
        };
        let mut ends: Vec<Tokens> = Vec::new();
        let first = self.stretches.len() as u32;
        let mut begin = 0;
        for place in before.first..before.first + before.length {
            let Stretch { run, end } = self.stretches[place as usize];
            if begin >= blocks {
                break;
            }
            self.stretches.push(Stretch { run, end: end.min(blocks) });
            ends.push(self.token_end(before, place - before.first).min(at));
            begin = end;
        }
        ends.push(Tokens::MAX);
        let run = (self.group_runs + self.tree_runs + self.session_runs) as u32;
        self.stretches.push(Stretch { run, end: Blocks::MAX });
        self.session_runs += 1;
        let path = Path { first, length: self.stretches.len() as u32 - first };
        self.forks.push((session, round, path));
        self.fork_ends.push((path, ends));
    }

    /// The token behind the last one of a stretch of a conversation's path.
    fn token_end(&self, path: Path, place: u32) -> Tokens {
        let fork = self.fork_ends.iter().rev().find(|(fork, _)| *fork == path);
        fork.map_or(Tokens::MAX, |(_, ends)| ends[place as usize])
    }

    /// The same runs, which can say of each token of a prompt with hash ids where it comes from.
    #[must_use]
    pub fn with_places_of_tokens(mut self, requests: &Requests) -> Self {
        self.tree = requests.tree.clone().map(Box::new);
        self
    }

    /// The run of a conversation's path that a token lies in, behind its group's prefix.
    pub fn run_of_token(&self, path: Path, token: Tokens) -> Option<u32> {
        let stretches = self.stretches(path);
        let Some((_, ends)) = self.fork_ends.iter().find(|(fork, _)| *fork == path) else {
            return stretches.last().map(|stretch| stretch.run);
        };
        stretches.iter().zip(ends).find(|&(_, &end)| token < end).map(|(stretch, _)| stretch.run)
    }

    /// The node of the tree that a token of a prompt of this length lies in, if the request has hash ids.
    pub fn node_of_token(&self, request: u32, input: Tokens, token: Tokens) -> Option<u32> {
        let PromptTree { hash_block, parent, leaf } = self.tree.as_deref()?;
        let mut node = *leaf.get(request as usize).filter(|&&leaf| leaf != NO_NODE)?;
        for _ in token / hash_block..(input - 1) / hash_block {
            node = parent[node as usize];
        }
        Some(node)
    }

    fn list_rounds(&mut self, requests: &Requests) {
        self.listed_rounds = vec![Vec::new(); self.of_session.len()];
        for (row, &session) in requests.session.iter().enumerate() {
            if requests.context(session).grows() {
                self.listed_rounds[session as usize].push(row as u32);
            }
        }
    }

    /// The requests of a session whose prompts grow, if its later rounds are in the list.
    pub fn listed_rounds(&self, session: u32) -> &[u32] {
        self.listed_rounds.get(session as usize).map_or(&[], Vec::as_slice)
    }

    /// Runs of prefix groups, and of what continues them; they have the first numbers.
    pub const fn group_runs(&self) -> usize {
        self.group_runs
    }

    /// All runs.
    pub const fn count(&self) -> u32 {
        (self.group_runs + self.tree_runs + self.session_runs) as u32
    }

    /// Whether no prompts share anything.
    pub const fn is_empty(&self) -> bool {
        self.group_runs == 0 && self.tree_runs == 0 && self.session_runs == 0
    }

    /// Whether some prompts go on with what was answered.
    #[inline]
    pub const fn has_conversations(&self) -> bool {
        self.session_runs > 0
    }

    /// Whether there are runs of which an instance sees a part: those of a tree, or of conversations.
    pub const fn has_tree(&self) -> bool {
        self.tree_runs > 0 || self.session_runs > 0
    }

    /// The path of a request's prompt, and how many full blocks of the prompt lie on it.
    #[inline]
    pub fn shared(&self, requests: &Requests, row: usize, block_size: Tokens) -> (Path, Blocks) {
        if self.is_empty() { (Path::default(), 0) } else { self.shared_of(requests, row, block_size) }
    }

    fn shared_of(&self, requests: &Requests, row: usize, block_size: Tokens) -> (Path, Blocks) {
        let (group, input) = (requests.group[row], requests.input[row]);
        if !self.of_session.is_empty()
            && let Some(&path) = self.of_session.get(requests.session[row] as usize)
            && path.length > 0
        {
            return (self.forked(requests, row).unwrap_or(path), input / block_size);
        }
        let (path, blocks) = match group {
            NO_GROUP => (Path::default(), 0),
            group => (Path { first: group, length: 1 }, requests.prefix[row].min(input) / block_size),
        };
        if self.branch_of.is_empty() && self.in_tree.is_empty() {
            return (path, blocks);
        }
        match (self.branch_of.get(row), self.in_tree.get(row)) {
            (_, Some(&path)) if path.length > 0 => (path, input / block_size),
            (Some(&branch), _) if branch != NO_GROUP => (self.branches[branch as usize], blocks + 1),
            _ => (path, blocks),
        }
    }

    /// The path of a request whose conversation has been compacted before it.
    fn forked(&self, requests: &Requests, row: usize) -> Option<Path> {
        let place = (requests.session[row], requests.round[row]);
        let behind = self.forks.partition_point(|&(session, round, _)| (session, round) <= place);
        let &(session, _, path) = self.forks.get(behind.checked_sub(1)?)?;
        (session == place.0).then_some(path)
    }

    /// The stretches of a path.
    #[inline]
    pub fn stretches(&self, path: Path) -> &[Stretch] {
        &self.stretches[path.first as usize..][..path.length as usize]
    }

    /// How many of the first `shared` blocks of a path are there without a gap, if each run is there up to a position.
    #[inline]
    pub fn leading(&self, path: Path, shared: Blocks, up_to: impl Fn(u32) -> Blocks) -> Blocks {
        let mut found = 0;
        for stretch in self.stretches(path) {
            let end = stretch.end.min(shared);
            let up_to = up_to(stretch.run);
            if up_to < end {
                return found.max(up_to);
            }
            found = end;
            if end == shared {
                break;
            }
        }
        found
    }
}

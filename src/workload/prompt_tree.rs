//! Prompts as paths of a tree of hash ids (traces chapter, TR-3).

use super::Requests;
use crate::error::ConfigError;
use crate::units::Tokens;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// No node: the parent of a first hash block, and the leaf of a prompt without hash ids.
pub const NO_NODE: u32 = u32::MAX;

/// What prompts share, as a tree: a node is a hash id, which stands for the whole prompt from its start to the end of a hash
/// block. Two prompts have equal tokens exactly as far as their paths agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptTree {
    /// Tokens per hash block, at least 1. The last block of a prompt may be partly filled.
    pub hash_block: Tokens,
    /// Per node: the hash block before it, a smaller number, or [`NO_NODE`] for a first block.
    pub parent: Vec<u32>,
    /// Per request: the node of its last hash block, or [`NO_NODE`] if it has no hash ids. The node is as deep as the prompt is
    /// long: the path to it has ceil(input / `hash_block`) nodes.
    pub leaf: Vec<u32>,
}

impl PromptTree {
    /// Checks a tree that comes from outside the library against the requests that it belongs to.
    ///
    /// # Errors
    ///
    /// The first column that breaks what the fields promise.
    pub fn check(&self, requests: &Requests) -> Result<(), ConfigError> {
        if self.hash_block == 0 {
            return Err(ConfigError::invalid("tree.hash_block", 0, "at least 1 token"));
        }
        if self.leaf.len() != requests.len() {
            let expected = format!("{} rows", requests.len());
            return Err(ConfigError::invalid("tree.leaf", format!("{} rows", self.leaf.len()), expected));
        }
        if self.parent.len() >= NO_NODE as usize {
            let expected = format!("fewer than {NO_NODE} nodes");
            return Err(ConfigError::invalid(
                "tree.parent",
                format!("{} nodes", self.parent.len()),
                expected,
            ));
        }
        let later = self
            .parent
            .iter()
            .enumerate()
            .find(|&(node, &parent)| parent != NO_NODE && parent as usize >= node);
        if let Some((node, &parent)) = later {
            let path = format!("tree.parent[{node}]");
            return Err(ConfigError::invalid(path, parent, "a node with a smaller number, or none"));
        }
        let lengths = self.lengths();
        for (row, &leaf) in self.leaf.iter().enumerate() {
            let path = || format!("tree.leaf[{row}]");
            let needed = requests.input[row].div_ceil(self.hash_block);
            let length = match lengths.get(leaf as usize) {
                Some(&length) => length,
                None if leaf == NO_NODE => continue,
                None => {
                    let expected = format!("a node below {}, or none", self.parent.len());
                    return Err(ConfigError::invalid(path(), leaf, expected));
                }
            };
            if length != needed {
                let expected =
                    format!("a node at the end of {needed} hash blocks, it is at that of {length}");
                return Err(ConfigError::invalid(path(), leaf, expected));
            }
            if requests.group[row] != super::NO_GROUP {
                return Err(ConfigError::invalid(path(), leaf, "none, as the request has a prefix group"));
            }
        }
        Ok(())
    }

    /// Per node: the number of hash blocks of the path that ends with it.
    pub fn lengths(&self) -> Vec<u32> {
        let mut lengths: Vec<u32> = Vec::with_capacity(self.parent.len());
        for &parent in &self.parent {
            lengths.push(1 + lengths.get(parent as usize).copied().unwrap_or(0));
        }
        lengths
    }

    /// The nodes of a request's prompt, from its start; `None` if it has no hash ids.
    pub fn path(&self, row: usize) -> Option<Vec<u32>> {
        let leaf = self.leaf.get(row).copied().filter(|&leaf| leaf != NO_NODE)?;
        let above = |&node: &u32| Some(self.parent[node as usize]).filter(|&parent| parent != NO_NODE);
        let mut path: Vec<u32> = std::iter::successors(Some(leaf), above).collect();
        path.reverse();
        Some(path)
    }
}

/// Why a list of hash ids cannot be added to a tree: an id stands where it cannot stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// Its place in the list.
    pub at: usize,
    /// The id.
    pub id: u64,
    /// Where it stood first: its place in that list, and the id before it.
    pub first: (usize, Option<u64>),
}

/// Makes a tree of lists of hash ids, which may be any numbers.
#[derive(Clone, Debug, Default)]
pub struct TreeBuilder {
    /// The node of an id. Asked for single ids only, never iterated, so that its order cannot influence a result.
    nodes: HashMap<u64, u32, BuildHasherDefault<IdHasher>>,
    ids: Vec<u64>,
    parent: Vec<u32>,
    leaf: Vec<u32>,
}

impl TreeBuilder {
    /// Adds the hash ids of the next request; `None` or an empty list: it has none.
    ///
    /// # Errors
    ///
    /// An id stands at another place, or behind another id, than before: then it does not stand for a whole prompt up to its block.
    /// The ids in front of it have been added, the request has not.
    pub fn push(&mut self, ids: Option<&[u64]>) -> Result<(), Misplaced> {
        let mut before = NO_NODE;
        for (at, &id) in ids.unwrap_or_default().iter().enumerate() {
            let next = self.ids.len() as u32;
            let node = *self.nodes.entry(id).or_insert(next);
            if node == next {
                self.ids.push(id);
                self.parent.push(before);
            } else if self.parent[node as usize] != before {
                return Err(Misplaced { at, id, first: self.place(node) });
            }
            before = node;
        }
        self.leaf.push(before);
        Ok(())
    }

    /// Number of nodes so far.
    pub const fn nodes(&self) -> usize {
        self.ids.len()
    }

    /// The tree; `None` if no request has hash ids.
    pub fn finish(self, hash_block: Tokens) -> Option<PromptTree> {
        let Self { parent, leaf, .. } = self;
        (!parent.is_empty()).then_some(PromptTree { hash_block, parent, leaf })
    }

    /// The place of a node in its path, and the id before it.
    fn place(&self, node: u32) -> (usize, Option<u64>) {
        let above = |&node: &u32| Some(self.parent[node as usize]).filter(|&parent| parent != NO_NODE);
        let before = above(&node).map(|parent| self.ids[parent as usize]);
        (std::iter::successors(Some(node), above).count() - 1, before)
    }
}

/// Spreads ids over the buckets of a table: they are often numbers in a row.
#[derive(Clone, Debug, Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, id: u64) {
        let product = u128::from(self.0 ^ id) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::NO_GROUP;
    use super::*;

    fn requests(inputs: &[Tokens]) -> Requests {
        Requests {
            arrival: vec![crate::units::Micros::ZERO; inputs.len()],
            input: inputs.to_vec(),
            group: vec![NO_GROUP; inputs.len()],
            ..Requests::default()
        }
    }

    fn tree(lists: &[&[u64]]) -> PromptTree {
        let mut builder = TreeBuilder::default();
        for list in lists {
            builder.push(Some(list)).expect("chained ids");
        }
        builder.finish(10).expect("there are ids")
    }

    #[test]
    fn lists_become_paths() {
        let tree = tree(&[&[7, 8, u64::MAX], &[7, 9], &[], &[0], &[7, 8]]);
        assert_eq!(tree.parent, [NO_NODE, 0, 1, 0, NO_NODE]);
        assert_eq!(tree.leaf, [2, 3, NO_NODE, 4, 1]);
        assert_eq!(tree.lengths(), [1, 2, 3, 2, 1]);
        assert_eq!(tree.path(0), Some(vec![0, 1, 2]));
        assert_eq!(tree.path(2), None);
        assert_eq!(tree.check(&requests(&[21, 20, 5, 1, 11])), Ok(()));
    }

    #[test]
    fn an_id_stands_at_one_place_behind_one_id() {
        let mut builder = TreeBuilder::default();
        assert_eq!(builder.push(Some(&[1, 2])), Ok(()));
        let misplaced = Misplaced { at: 0, id: 2, first: (1, Some(1)) };
        assert_eq!(builder.push(Some(&[2])), Err(misplaced));
        assert_eq!(builder.push(Some(&[3, 2])), Err(Misplaced { at: 1, ..misplaced }));
        let twice = Misplaced { at: 1, id: 1, first: (0, None) };
        assert_eq!(builder.push(Some(&[1, 1])), Err(twice));
    }

    #[test]
    fn a_tree_from_outside_is_checked() {
        type Change = fn(&mut PromptTree);
        let requests = requests(&[25, 10]);
        let good = tree(&[&[1, 2, 3], &[1]]);
        assert_eq!(good.check(&requests), Ok(()));
        let changes: [(&str, Change); 7] = [
            ("tree.hash_block", |tree| tree.hash_block = 0),
            ("tree.leaf", |tree| tree.leaf.truncate(1)),
            ("tree.parent[1]", |tree| tree.parent[1] = 1),
            ("tree.parent[0]", |tree| tree.parent[0] = 2),
            ("tree.leaf[1]", |tree| tree.leaf[1] = 3),
            ("tree.leaf[0]", |tree| tree.leaf[0] = 1),
            ("tree.leaf[0]", |tree| tree.hash_block = 13),
        ];
        for (path, change) in changes {
            let mut bad = good.clone();
            change(&mut bad);
            assert_eq!(bad.check(&requests).expect_err(path).path(), path);
        }
        let mut both = requests;
        both.group[0] = 0;
        assert_eq!(good.check(&both).expect_err("two identities").path(), "tree.leaf[0]");
    }
}

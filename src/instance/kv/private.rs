//! Private prompt blocks of evicted requests: findable by their request alone, until it ends.

use super::free_list::{Entry, FreeList, NodeIndex};
use crate::units::LegIndex;
use std::collections::HashMap;

/// Where the key of a private block leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyState {
    /// Nowhere: the content was recycled.
    Lost,
    /// To the block that the request holds.
    Held,
    /// To a node of the free list.
    Free(NodeIndex),
}

/// The keys of one request, by position after its shared blocks.
#[derive(Clone, Debug)]
struct Table {
    states: Vec<KeyState>,
}

/// Key tables of the requests that have been evicted and may come back.
///
/// The map is read for single requests only, never iterated, so its order cannot influence a result.
#[derive(Clone, Debug, Default)]
pub struct PrivateKeys {
    by_request: HashMap<LegIndex, u32>,
    /// `None` = the request has ended; its nodes in the free list are plain blocks in disguise.
    tables: Vec<Option<Table>>,
}

impl PrivateKeys {
    /// Whether no request has a table.
    pub fn is_empty(&self) -> bool {
        self.by_request.is_empty()
    }

    /// Whether the request has been evicted before and is still alive.
    pub fn has_table(&self, request: LegIndex) -> bool {
        !self.by_request.is_empty() && self.by_request.contains_key(&request)
    }

    /// Number of leading private blocks that are findable. Only called while the request waits, when all of
    /// them lie in the free list.
    pub fn leading(&self, request: LegIndex) -> u32 {
        self.table(request).map_or(0, |table| {
            table.states.iter().take_while(|&&state| state != KeyState::Lost).count() as u32
        })
    }

    /// Takes the first `count` blocks out of the free list.
    pub fn claim(&mut self, request: LegIndex, count: u32, free: &mut FreeList) {
        if let Some(table) = self.table_mut(request) {
            for state in &mut table.states[..count as usize] {
                if let KeyState::Free(node) = *state {
                    free.remove(node);
                }
                *state = KeyState::Held;
            }
        }
    }

    /// The request has filled one of its blocks again; the key leads to the new block from now on.
    pub fn register(&mut self, request: LegIndex, position: u32) {
        if let Some(table) = self.table_mut(request)
            && let Some(state) = table.states.get_mut(position as usize)
        {
            *state = KeyState::Held;
        }
    }

    /// Puts the first `count` private blocks into the free list, deepest first. `capacity` is the number of
    /// full private blocks of the whole prompt.
    pub fn release(&mut self, request: LegIndex, count: u32, capacity: u32, free: &mut FreeList) {
        let number = *self.by_request.entry(request).or_insert_with(|| {
            // Before the first eviction nothing can have deleted a key of the request.
            self.tables.push(Some(Table { states: vec![KeyState::Held; capacity as usize] }));
            self.tables.len() as u32 - 1
        });
        let Some(table) = &mut self.tables[number as usize] else { return };
        for (position, state) in table.states.iter_mut().enumerate().take(count as usize).rev() {
            let node = free.push_keyed(Entry::Private(number, position as u32));
            if *state == KeyState::Held {
                *state = KeyState::Free(node);
            }
        }
        for state in &mut table.states[count as usize..] {
            // Blocks that were never computed: nothing to find.
            if *state == KeyState::Held {
                *state = KeyState::Lost;
            }
        }
    }

    /// A block was recycled: its key leads nowhere, whatever it led to before (kv-cache chapter, KV-5.3).
    pub fn forget(&mut self, table: u32, position: u32) {
        if let Some(table) = &mut self.tables[table as usize] {
            table.states[position as usize] = KeyState::Lost;
        }
    }

    /// The request has ended.
    pub fn end(&mut self, request: LegIndex) {
        if !self.by_request.is_empty()
            && let Some(number) = self.by_request.remove(&request)
        {
            self.tables[number as usize] = None;
        }
    }

    fn table(&self, request: LegIndex) -> Option<&Table> {
        self.by_request.get(&request).and_then(|&number| self.tables[number as usize].as_ref())
    }

    fn table_mut(&mut self, request: LegIndex) -> Option<&mut Table> {
        self.by_request.get(&request).and_then(|&number| self.tables[number as usize].as_mut())
    }
}

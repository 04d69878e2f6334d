//! Where it stands what each request holds.

use super::super::shared_blocks::RunHasher;
use super::holdings::Held;
use crate::units::LegIndex;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// What each request holds, waiting ones included, in slots that are used again.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// Asked for single requests, never iterated.
    slots: HashMap<LegIndex, u32, BuildHasherDefault<RunHasher>>,
    held: Vec<Held>,
    vacant: Vec<u32>,
}

impl Holders {
    /// What a request holds, if it has ever been here.
    pub fn get(&self, request: LegIndex) -> Option<&Held> {
        self.slots.get(&request).map(|&slot| &self.held[slot as usize])
    }

    /// Takes what a request holds out, and its slot.
    pub fn take(&mut self, request: LegIndex) -> Option<(u32, Held)> {
        let slot = *self.slots.get(&request)?;
        Some((slot, std::mem::take(&mut self.held[slot as usize])))
    }

    /// The same, of a request that may be new here.
    pub fn take_or_begin(&mut self, request: LegIndex) -> (u32, Held) {
        let slot = *self.slots.entry(request).or_insert_with(|| {
            self.vacant.pop().unwrap_or_else(|| {
                self.held.push(Held::default());
                self.held.len() as u32 - 1
            })
        });
        (slot, std::mem::take(&mut self.held[slot as usize]))
    }

    /// What is in a slot.
    pub fn at(&self, slot: u32) -> &Held {
        &self.held[slot as usize]
    }

    /// The same.
    pub fn at_mut(&mut self, slot: u32) -> &mut Held {
        &mut self.held[slot as usize]
    }

    /// Puts what was taken out back.
    pub fn put(&mut self, slot: u32, held: Held) {
        self.held[slot as usize] = held;
    }

    /// A request holds nothing more. `held`: what it had, all of which has been given back.
    pub fn end(&mut self, request: LegIndex, slot: u32, mut held: Held) {
        self.slots.remove(&request);
        held.pieces.clear();
        self.held[slot as usize] = Held { pieces: held.pieces, ..Held::default() };
        self.vacant.push(slot);
    }
}

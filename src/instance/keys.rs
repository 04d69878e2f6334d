//! When the blocks of answers get their keys (sessions chapter, S-3).

use super::kv::Naming;
use super::running::Slot;
use super::{Instance, LegRequests, StepContext};
use crate::record::RequestState;
use crate::units::{InstanceIndex, LegIndex, Tokens};
use crate::workload::{Context, NO_SESSION};

impl Instance {
    /// The prompt of a member is all stored: settles when its answer gets keys.
    pub(super) fn begin_naming<L>(&mut self, slot: Slot, ctx: &StepContext<'_, L>) {
        let member = self.running.member_mut(slot);
        if member.prompt.context.grows() {
            member.naming = self.kv.naming(&member.prompt, &member.holdings);
            if member.naming == Naming::Deferred && meets_conversation(self.index, member.prompt.request, ctx)
            {
                member.naming = Naming::AtOnce;
            }
            self.count_naming(slot, 1);
        }
    }

    /// A member leaves the batch with `stored` tokens: what it has filled gets its keys.
    pub(super) fn end_naming(&mut self, slot: Slot, stored: Tokens) {
        if self.running.member(slot).naming == Naming::None {
            return;
        }
        self.count_naming(slot, -1);
        let member = self.running.member_mut(slot);
        member.naming = Naming::None;
        if !self.kv.tells_blocks_apart() {
            self.kv.name_answer(&member.prompt, &mut member.holdings, stored);
        }
    }

    /// A member that leaves has just stored the last token of its answer: it is part of the conversation if that was planned.
    pub(super) fn name_last_token(&mut self, slot: Slot) {
        let member = self.running.member_mut(slot);
        let planned = member.prompt.context == Context::Planned && self.kv.goes_on(&member.prompt);
        if planned && member.holdings.is_of_prompt() {
            let stored = member.holdings.stored;
            // A block that this token opens has no key.
            if self.kv.fills_begun_block(stored) {
                self.kv.name_answer(&member.prompt, &mut member.holdings, stored);
            }
        }
    }

    /// A member gets a further token of its answer, which a block is there for.
    pub(super) fn name_at_once(&mut self, slot: Slot, stored: Tokens) {
        let member = self.running.member_mut(slot);
        if member.naming == Naming::AtOnce {
            self.kv.name_answer(&member.prompt, &mut member.holdings, stored);
        }
    }

    /// Whether some answer gets each key at once, so that steps have to be made one request after the other.
    pub(super) const fn names_at_once(&self) -> bool {
        self.named[1] > 0
    }

    /// Gives all answers their keys that are due, before somebody looks.
    pub(super) fn name_answers(&mut self) {
        if self.named[0] == 0 {
            return;
        }
        for index in 0..self.running.entries() {
            let Some(slot) = self.running.slot_at(index) else { continue };
            if self.running.member(slot).naming == Naming::Deferred {
                let stored = self.running.stored(slot);
                let member = self.running.member_mut(slot);
                self.kv.name_answer(&member.prompt, &mut member.holdings, stored);
            }
        }
    }

    /// A round joins the queue while another one of its conversation may run here, as in the open loop: its answer gets each key at
    /// once from now on, since the newcomer asks for them, or gives the same keys to blocks of its own.
    pub(super) fn meet_conversation(&mut self, requests: LegRequests<'_>, newcomer: LegIndex) {
        let session = requests.session(newcomer);
        if self.named[0] == 0 || session == NO_SESSION {
            return;
        }
        self.name_answers();
        for index in 0..self.running.entries() {
            let Some(slot) = self.running.slot_at(index) else { continue };
            let member = self.running.member(slot);
            if member.naming == Naming::Deferred && requests.session(member.prompt.request) == session {
                self.count_naming(slot, -1);
                self.running.member_mut(slot).naming = Naming::AtOnce;
                self.count_naming(slot, 1);
            }
        }
    }

    pub(super) fn count_naming(&mut self, slot: Slot, change: i32) {
        match self.running.member(slot).naming {
            Naming::None => {}
            Naming::Deferred => self.named[0] = self.named[0].wrapping_add_signed(change),
            Naming::AtOnce | Naming::WhileKnown => self.named[1] = self.named[1].wrapping_add_signed(change),
        }
    }
}

/// Whether another round of the request's conversation waits or runs at its instance, as in the open loop.
fn meets_conversation<L>(here: InstanceIndex, request: LegIndex, ctx: &StepContext<'_, L>) -> bool {
    let is_here = |&row: &u32| {
        let other = LegIndex::new(row);
        let alive = matches!(ctx.records.state[other], RequestState::Queued | RequestState::Running);
        other != request && alive && ctx.records.instance[other] == here
    };
    ctx.params.rounds_overlap
        && ctx.params.runs.listed_rounds(ctx.requests.session(request)).iter().any(is_here)
}

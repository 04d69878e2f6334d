//! The running batch (instance chapter, I-4 and I-14).
//!
//! Requests that decode are not visited step by step: a counter of decode steps stands for all of them. Each
//! notes the counter's value when it joined; its progress, its stored tokens, the step in which it finishes and
//! the steps in which it needs a new block all follow from the difference.

mod itl_log;
mod member;

pub use member::{Member, Phase};

use super::kv::{BlockSize, Prompt};
use crate::units::{LegIndex, Micros, Tokens, index_type};
use itl_log::ItlLog;

index_type! {
    /// The place of a member among those of its batch, from when it joins until it leaves.
    internal Slot
}

/// No member.
const NONE: Slot = Slot::new(u32::MAX);

/// Marks a vacated slot.
const GONE: u64 = u64::MAX;

/// Vacated entries, beyond the number of members, that the list may hold before it is tidied.
const SLACK: usize = 32;

/// Slots of the wheel of finishing requests; longer outputs go round more than once.
const LARGEST_WHEEL: usize = 1 << 13;

/// An entry in the order of the batch.
#[derive(Clone, Copy, Debug)]
struct BatchEntry {
    slot: Slot,
    /// Order of the member when it joined: another one, or [`GONE`], in the slot means that it has left.
    order: u64,
}

/// When a decoding member finishes. Kept out of [`Member`] because every step reads it.
#[derive(Clone, Copy, Debug)]
struct Finish {
    counter: usize,
    /// Next member in the same slot of the wheel.
    next: Slot,
}

/// The batch in order, and the decoding requests in it as sums.
#[derive(Clone, Debug)]
pub struct Running {
    members: Vec<Member>,
    vacant: Vec<Slot>,
    /// The members in batch order, and vacated entries until it is tidied: closing every gap at once would move
    /// half the list. The last entry is always taken.
    list: Vec<BatchEntry>,
    /// Number of members.
    count: usize,
    /// Slots of the members in prefill, in batch order.
    prefilling: Vec<Slot>,
    next_order: u64,
    /// Number of decoding members.
    pub decodes: u32,
    /// Sum of their progress now.
    pub context: u64,
    /// The inter-token gaps so far; their number is the decode counter.
    log: ItlLog,
    /// Stretches of decoding members that were passed over: (slot, from, to).
    stretches: Vec<(Slot, usize, usize)>,
    /// Per residue of the counter: decoding members that open a block in such a step (kv-cache chapter, KV-12).
    opening: Vec<u32>,
    block_size: BlockSize,
    /// `counter % block_size`, kept up to date because the division would cost more than the step.
    residue: usize,
    /// Per counter value, going round: first of the members that finish then.
    wheel: Vec<Slot>,
    /// Per member: when it finishes, while it decodes.
    finishes: Vec<Finish>,
    spare_list: Vec<Slot>,
}

impl Running {
    /// An empty batch. `longest_output` sizes the wheel of finishing requests.
    pub fn new(block_size: BlockSize, longest_output: Tokens) -> Self {
        let slots = (longest_output as usize + 2).next_power_of_two().min(LARGEST_WHEEL);
        Self {
            members: Vec::new(),
            vacant: Vec::new(),
            list: Vec::new(),
            count: 0,
            prefilling: Vec::new(),
            next_order: 0,
            decodes: 0,
            context: 0,
            log: ItlLog::default(),
            stretches: Vec::new(),
            opening: vec![0; block_size.tokens() as usize],
            block_size,
            residue: 0,
            wheel: vec![NONE; slots],
            finishes: Vec::new(),
            spare_list: Vec::new(),
        }
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no request runs.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Slots in batch order.
    pub fn slots(&self) -> impl DoubleEndedIterator<Item = Slot> + '_ {
        self.list.iter().filter(|entry| self.is_taken(**entry)).map(|entry| entry.slot)
    }

    /// The last member of the batch.
    pub fn last(&self) -> Option<Slot> {
        self.list.last().map(|entry| entry.slot)
    }

    /// Number of entries in the order of the batch; their indices hold until a request joins.
    pub fn entries(&self) -> usize {
        self.list.len()
    }

    /// The slot of the member at an entry; `None` if it has left.
    pub fn slot_at(&self, index: usize) -> Option<Slot> {
        let entry = self.list.get(index).copied()?;
        self.is_taken(entry).then_some(entry.slot)
    }

    fn is_taken(&self, entry: BatchEntry) -> bool {
        self.members[entry.slot].order == entry.order
    }

    /// Slots of the members in prefill, in batch order.
    pub fn prefilling(&self) -> &[Slot] {
        &self.prefilling
    }

    /// A member by slot.
    pub fn member(&self, slot: Slot) -> &Member {
        &self.members[slot]
    }

    /// A member by slot.
    pub fn member_mut(&mut self, slot: Slot) -> &mut Member {
        &mut self.members[slot]
    }

    /// The decode counter.
    pub fn counter(&self) -> usize {
        self.log.len()
    }

    /// Progress of a member now.
    pub fn progress(&self, slot: Slot) -> Tokens {
        let member = self.member(slot);
        match member.phase {
            Phase::Prefill => member.progress,
            Phase::Decode { since } => member.progress + (self.counter() - since) as Tokens,
        }
    }

    /// Tokens that a member has stored in KV blocks.
    pub fn stored(&self, slot: Slot) -> Tokens {
        let member = self.member(slot);
        match member.phase {
            Phase::Prefill => member.holdings.stored,
            Phase::Decode { since } => member.holdings.stored + (self.counter() - since) as Tokens,
        }
    }

    /// Decoding members that open a block in the coming step.
    pub fn openings(&self) -> u32 {
        self.opening[self.residue]
    }

    /// Decoding members that fill a block in the coming step, or so many steps after it.
    pub fn fillings(&self, steps: usize) -> u32 {
        self.opening[(self.residue + 1 + steps) % self.opening.len()]
    }

    /// Blocks that the decoding members, none of whom has joined or left since, have filled in the last steps.
    pub fn filled(&self, steps: u64) -> u64 {
        let size = self.opening.len();
        let rounds = steps / size as u64;
        // In the last of these steps those filled one who would open one in the coming step.
        let rest =
            (0..(steps % size as u64) as usize).map(|back| self.opening[(self.residue + size - back) % size]);
        rounds * u64::from(self.decodes) + rest.map(u64::from).sum::<u64>()
    }

    /// The same of each of these steps.
    pub fn filled_in_each(&self, steps: u64) -> impl Iterator<Item = u64> + '_ {
        let size = self.opening.len();
        (0..steps).rev().map(move |back| {
            let back = (back % size as u64) as usize;
            u64::from(self.opening[(self.residue + size - back) % size])
        })
    }

    /// Appends a newcomer in prefill, with nothing granted and no blocks yet, and returns its slot.
    #[inline]
    pub fn admit(&mut self, prompt: Prompt, output: Tokens, goal: Tokens) -> Slot {
        if self.list.len() > 2 * self.count + SLACK {
            self.tidy();
        }
        let order = self.next_order;
        self.next_order += 1;
        let slot = if let Some(slot) = self.vacant.pop() {
            self.members[slot].begin(prompt, output, goal, order);
            slot
        } else {
            self.members.push(Member::new(prompt, output, goal, order));
            self.finishes.push(Finish { counter: usize::MAX, next: NONE });
            Slot::from_index(self.members.len() - 1)
        };
        self.list.push(BatchEntry { slot, order });
        self.count += 1;
        self.prefilling.push(slot);
        slot
    }

    /// Drops the entries of members that have left.
    pub fn tidy(&mut self) {
        let members = &self.members;
        self.list.retain(|entry| members[entry.slot].order == entry.order);
    }

    /// A member in prefill has its whole prompt: from the next step on it decodes.
    pub fn start_decoding(&mut self, slot: Slot) {
        self.prefilling.retain(|&other| other != slot);
        let since = self.counter();
        let member = &mut self.members[slot];
        member.phase = Phase::Decode { since };
        self.join(slot);
    }

    /// Takes a decoding member out of the sums for a step in which it gets no token.
    pub fn pass_over(&mut self, slot: Slot) {
        let Phase::Decode { since } = self.member(slot).phase else { return };
        self.leave(slot);
        let counter = self.counter();
        if since < counter {
            self.stretches.push((slot, since, counter));
        }
        let member = self.member_mut(slot);
        // Until it is put back it makes no progress.
        member.phase = Phase::Decode { since: counter };
        member.passed_over = true;
    }

    /// Puts a passed-over member back into the sums.
    pub fn resume(&mut self, slot: Slot) {
        let since = self.counter();
        let member = &mut self.members[slot];
        member.phase = Phase::Decode { since };
        member.passed_over = false;
        self.join(slot);
    }

    /// All decoding members have produced a token `gap` after the one before.
    pub fn advance(&mut self, gap: Micros) {
        self.log.push(gap);
        self.context += u64::from(self.decodes);
        self.residue += 1;
        if self.residue == self.opening.len() {
            self.residue = 0;
        }
    }

    /// An empty list for slots of finished members; hand it back with [`Running::return_list`].
    pub fn take_list(&mut self) -> Vec<Slot> {
        std::mem::take(&mut self.spare_list)
    }

    /// Gives the buffer of [`Running::take_list`] back.
    pub fn return_list(&mut self, mut list: Vec<Slot>) {
        list.clear();
        self.spare_list = list;
    }

    /// Adds the slots of the decoding members that have just reached their goal, unordered.
    #[inline]
    pub fn collect_finished(&self, finished: &mut Vec<Slot>) {
        let at = self.counter();
        let mut slot = self.wheel[at & (self.wheel.len() - 1)];
        while slot != NONE {
            let Finish { counter, next } = self.finishes[slot];
            if counter == at {
                finished.push(slot);
            }
            slot = next;
        }
    }

    /// Removes a member that does not complete: its gaps do not count. What is returned is up to date, and still has
    /// its blocks.
    pub fn remove(&mut self, slot: Slot) -> &mut Member {
        self.forget_itls(slot);
        self.take_out(slot)
    }

    /// Removes a member that has all its output: its gaps count. What is returned is up to date, and still has its
    /// blocks.
    #[inline]
    pub fn complete(&mut self, slot: Slot) -> &mut Member {
        self.take_out(slot)
    }

    fn take_out(&mut self, slot: Slot) -> &mut Member {
        if !self.leave(slot) {
            self.prefilling.retain(|&other| other != slot);
        }
        if !self.stretches.is_empty() {
            self.stretches.retain(|&(owner, ..)| owner != slot);
        }
        self.vacant.push(slot);
        self.count -= 1;
        self.members[slot].order = GONE;
        while self.list.last().is_some_and(|&entry| !self.is_taken(entry)) {
            self.list.pop();
        }
        &mut self.members[slot]
    }

    /// The slot of a running request.
    pub fn find(&self, request: LegIndex) -> Option<Slot> {
        self.slots().find(|&slot| self.member(slot).prompt.request == request)
    }

    #[inline]
    fn join(&mut self, slot: Slot) {
        let member = &mut self.members[slot];
        // Stored tokens are a multiple of the block size when counter = since - stored, modulo the block size, and
        // the counter is at `since` now.
        let offset = self.block_size.remainder(member.holdings.stored) as usize;
        let residue = if offset > self.residue {
            self.residue + self.opening.len() - offset
        } else {
            self.residue - offset
        };
        self.opening[residue] += 1;
        member.opening = residue as u32;
        let counter = self.log.len() + (member.goal - member.progress) as usize;
        let at = counter & (self.wheel.len() - 1);
        let first = &mut self.wheel[at];
        self.finishes[slot] = Finish { counter, next: *first };
        *first = slot;
        self.decodes += 1;
        self.context += u64::from(member.progress);
        // Until it leaves, the sum of its gaps is short of all gaps before.
        member.gap_sum = member.gap_sum.wrapping_sub(self.log.sum());
        self.log.begin();
    }

    /// Takes a decoding member out of the sums and brings its own figures up to date. Returns whether it was one.
    #[inline]
    fn leave(&mut self, slot: Slot) -> bool {
        let member = &mut self.members[slot];
        let Phase::Decode { since } = member.phase else { return false };
        let steps = (self.log.len() - since) as u32;
        member.progress += steps;
        member.holdings.stored += steps;
        member.gap_count += steps;
        member.gap_sum = member.gap_sum.wrapping_add(self.log.sum());
        self.log.end();
        self.decodes -= 1;
        self.context -= u64::from(member.progress);
        self.opening[member.opening as usize] -= 1;
        let Finish { counter, next } = self.finishes[slot];
        let at = counter & (self.wheel.len() - 1);
        if self.wheel[at] == slot {
            self.wheel[at] = next;
        } else {
            let mut before = self.wheel[at];
            while self.finishes[before].next != slot {
                before = self.finishes[before].next;
            }
            self.finishes[before].next = next;
        }
        true
    }
}

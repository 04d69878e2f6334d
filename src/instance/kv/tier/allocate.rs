//! Allocation with a CPU tier (KV tiers chapter, T-5 and T-7): what was recycled on the GPU and is in the store is brought back first.

use super::super::free_list::Entry;
use super::super::shared_blocks::Piece;
use super::super::{KvCache, Prompt};
use super::Tier;
use super::chains::{NAMELESS, Name, Part};
use super::holdings::{Asker, Held};
use crate::units::{Blocks, Micros, Tokens};

/// What is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// A part of the prompt, from one offset to another.
    Prompt(Tokens, Tokens),
    /// A generated token at this offset.
    Answer(Tokens),
    /// The last token of an answer, which no prompt goes on from.
    Last(Tokens),
}

/// The blocks that a lookup has found: physical ones, whatever they hold afterwards (T-5).
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    /// How many.
    pub blocks: Blocks,
    /// The spans that they are, once one of them has been recycled.
    spans: Option<Vec<Piece>>,
}

impl KvCache {
    /// The blocks found at the start of a prompt (KV-4).
    pub(super) fn find(&self, tier: &Tier, prompt: &Prompt) -> List {
        let shared = prompt.shared_blocks;
        let mut blocks = 0;
        if shared > 0 {
            blocks = self.runs.leading(prompt.path, shared, |run| self.shared.up_to(run));
        }
        if blocks == shared {
            let own = self.shared.up_to(tier.chains.own(prompt.request));
            blocks = blocks.max(own.min(self.block_size.full(prompt.input)));
        }
        List { blocks, spans: None }
    }

    /// Calls `act` with the parts of a prompt between two positions.
    fn each_stretch(
        &mut self,
        tier: &Tier,
        prompt: &Prompt,
        from: Blocks,
        to: Blocks,
        mut act: impl FnMut(&mut Self, Part),
    ) {
        let mut at = from;
        while at < to {
            let stretch = self.chain_at(tier, prompt, at);
            let end = stretch.end.min(to);
            act(self, Part { chain: stretch.chain, from: at, to: end });
            at = end;
        }
    }

    /// How many blocks of a list lie in the free list.
    fn free_among(&mut self, tier: &Tier, prompt: &Prompt, list: &List) -> Blocks {
        if let Some(spans) = &list.spans {
            return spans.iter().map(|piece| self.shared.free_in(piece.span)).sum();
        }
        let mut free = 0;
        self.each_stretch(tier, prompt, 0, list.blocks, |kv, part| {
            free += kv.shared.free_between(part.chain, part.from, part.to);
        });
        free
    }

    /// Stores tokens of a request on top of the blocks of a lookup, which only an admission has (T-5).
    pub(super) fn allocate_in(
        &mut self,
        tier: &mut Tier,
        asker: &Asker,
        held: &mut Held,
        tokens: Stored,
        mut list: List,
    ) -> bool {
        let own = held.len();
        // What follows blocks of its own that have no names has never been anywhere.
        let reloaded = if held.unnamed > 0 { 0 } else { self.reload(tier, asker, held, &mut list) };
        if reloaded == 0 {
            let done = self.store(tier, asker, held, tokens, &list);
            tier.failed += u64::from(!done);
            return done;
        }
        let (start, end) = match tokens {
            Stored::Prompt(start, end) => (start, end),
            // Nothing of a prompt reaches behind it.
            Stored::Answer(_) | Stored::Last(_) => return self.store(tier, asker, held, tokens, &list),
        };
        let again = self.find(tier, &asker.prompt);
        let (size, found) = (self.block_size, again.blocks * self.block_size.tokens());
        if found <= start {
            return self.store(tier, asker, held, tokens, &list);
        }
        let from = if own > 0 { size.needed(start).min(again.blocks) } else { 0 };
        let to = size.needed(end).min(again.blocks).max(from);
        self.claim_found_again(tier, asker, held, from, to);
        if found >= end {
            held.next = end;
            return true;
        }
        self.store(tier, asker, held, Stored::Prompt(found, end), &again)
    }

    /// Brings back what follows a lookup, or the blocks that the request holds (T-7). Returns how many blocks.
    fn reload(&mut self, tier: &mut Tier, asker: &Asker, held: &Held, list: &mut List) -> Blocks {
        let prompt = &asker.prompt;
        let own = held.len();
        let full = self.block_size.full(prompt.input);
        let mut position = own.max(list.blocks);
        if position >= full {
            return 0;
        }
        let mut parent = if own > list.blocks {
            if held.fill == 0 { self.last_name(tier, prompt.request, held) } else { NAMELESS }
        } else {
            match position.checked_sub(1) {
                Some(at) => Name { chain: self.chain_at(tier, prompt, at).chain, at },
                None => NAMELESS,
            }
        };
        let limit = self.free.len();
        let mut reloaded = 0;
        while position < full {
            let start = position * self.block_size.tokens();
            let stream = self.stream(tier, asker, start);
            let Some(name) = tier.chains.find(parent, stream, start) else { break };
            let (mut begin, mut end) = (0, name.at + 1);
            if tier.chains.is_natural(name.chain) {
                let stretch = self.chain_at(tier, prompt, position);
                debug_assert_eq!(
                    (stretch.chain, position),
                    (name.chain, name.at),
                    "a position of the prompt"
                );
                (begin, end) = (stretch.begin, stretch.end.min(full));
            }
            let (there, until) = self.shared.stretch_at(name.chain, name.at);
            let mut to = until.min(end);
            if !there {
                let (stored, until) = tier.store.stretch_at(name.chain, name.at);
                if !stored || reloaded == limit {
                    break;
                }
                to = to.min(until).min(name.at.saturating_add(limit - reloaded));
                let part = Part { chain: name.chain, from: name.at, to };
                self.bring_back(tier, prompt, begin, &part, list);
                tier.store.touch(part);
                tier.pending += Micros(tier.params.per_block.0.saturating_mul(part.len() as i64));
                tier.reloads += part.len();
                tier.changed = true;
                reloaded += to - name.at;
            }
            position += to - name.at;
            parent = Name { chain: name.chain, at: to - 1 };
        }
        reloaded
    }

    /// Free blocks, the next to be recycled, get these names.
    fn bring_back(&mut self, tier: &Tier, prompt: &Prompt, begin: Blocks, part: &Part, list: &mut List) {
        let Part { chain, mut from, to } = *part;
        let clear = self.shared.is_clear(chain, begin, from);
        // Blocks without names, and others that the lookup has not found, are as good as each other.
        let mut popped = 0;
        while from + popped < to {
            let wanted = if clear { to - from - popped } else { 1 };
            self.list_spans(tier, prompt, list);
            let entry = self.free.pop(wanted);
            let mut found = None;
            match entry {
                Entry::Plain(count) => popped += count,
                Entry::Shared(span, count) => {
                    let spans = list.spans.as_deref().unwrap_or_default();
                    found = spans.iter().position(|listed| listed.span == span);
                    if found.is_none() {
                        popped += count;
                        self.shared.forget(span, count, &mut self.free);
                    }
                }
                Entry::Private(..) => unreachable!("a cache that tells blocks apart has spans of them"),
            }
            if popped > 0 && (found.is_some() || !clear) {
                self.name_popped(chain, begin, from..from + popped, clear);
                from += popped;
                popped = 0;
            }
            if let (Some(place), Entry::Shared(span, count)) = (found, entry) {
                let spans = list.spans.get_or_insert_default();
                let first_goes_first = self.shared.first_goes_first(span);
                let (_, first, end) = self.shared.place_of(span);
                self.shared.forget(span, count, &mut self.free);
                let mut at = place;
                if end - first == count {
                    spans.remove(place);
                } else if !first_goes_first {
                    spans[place].end = end - count;
                    at += 1;
                }
                for position in from..from + count {
                    if !clear {
                        self.shared.lose(chain, position, position + 1, &mut self.free);
                    }
                    let new = self.shared.bring_back(chain, begin, position, position + 1, &mut self.free);
                    spans.insert(at, Piece { span: new, end: position + 1 });
                    at += usize::from(first_goes_first);
                }
                from += count;
            }
            if let Some(spans) = &mut list.spans {
                self.shared.list_cut_off(spans);
            }
        }
        if popped > 0 {
            self.name_popped(chain, begin, from..to, clear);
        }
        self.version += 1;
    }

    fn name_popped(&mut self, chain: u32, begin: Blocks, positions: std::ops::Range<Blocks>, clear: bool) {
        if !clear {
            self.shared.lose(chain, positions.start, positions.end, &mut self.free);
        }
        self.shared.bring_back(chain, begin, positions.start, positions.end, &mut self.free);
    }

    /// If the block that is recycled next is one of a list, the list is one of spans from now on.
    fn list_spans(&mut self, tier: &Tier, prompt: &Prompt, list: &mut List) {
        if list.blocks == 0 || list.spans.is_some() {
            return;
        }
        let Some(Entry::Shared(span, _)) = self.free.head() else { return };
        let (chain, from, _) = self.shared.place_of(span);
        if from >= list.blocks || self.chain_at(tier, prompt, from).chain != chain {
            return;
        }
        let mut spans = Vec::new();
        self.each_stretch(tier, prompt, 0, list.blocks, |kv, part| {
            kv.shared.list_between(part.chain, part.from, part.to, &mut kv.free, &mut spans);
        });
        list.spans = Some(spans);
    }

    /// Takes the blocks of a prompt between two positions over for a request (KV-5.1, rule 6).
    fn claim_found_again(
        &mut self,
        tier: &mut Tier,
        asker: &Asker,
        held: &mut Held,
        from: Blocks,
        to: Blocks,
    ) {
        if from < to {
            self.leave_blank(tier, held);
        }
        self.each_stretch(tier, &asker.prompt, from, to, |kv, part| {
            kv.shared.claim_between(part.chain, part.from, part.to, &mut kv.free, &mut held.pieces);
        });
        self.note_claim(held, to - from);
    }

    /// Takes the blocks of a list over.
    fn claim_list(&mut self, tier: &mut Tier, asker: &Asker, held: &mut Held, list: &List) {
        let Some(spans) = &list.spans else {
            return self.claim_found_again(tier, asker, held, 0, list.blocks);
        };
        for piece in spans {
            self.shared.claim_span(piece.span, &mut self.free, &mut held.pieces);
        }
        self.note_claim(held, list.blocks);
    }

    fn note_claim(&mut self, held: &mut Held, blocks: Blocks) {
        held.named += blocks;
        held.stored = held.len() * self.block_size.tokens();
        self.hits += u64::from(blocks);
        self.version += 1;
    }

    /// The allocation of the GPU alone (KV-5.1 and KV-5.2).
    fn store(
        &mut self,
        tier: &mut Tier,
        asker: &Asker,
        held: &mut Held,
        tokens: Stored,
        list: &List,
    ) -> bool {
        let size = self.block_size;
        let (start, new, answer) = match tokens {
            Stored::Prompt(start, end) => (start, end - start, false),
            Stored::Answer(at) | Stored::Last(at) => (at, 1, true),
        };
        let room = if held.fill > 0 { size.tokens() - held.fill } else { 0 };
        let absorbed = room.min(new);
        let fresh = size.needed(new - absorbed);
        let claimed = if list.blocks > 0 { self.free_among(tier, &asker.prompt, list) } else { 0 };
        if fresh + claimed > self.free.len() {
            return false;
        }
        if new == 0 {
            return true;
        }
        if held.len() == 0 && list.blocks > 0 {
            self.claim_list(tier, asker, held, list);
        }
        if absorbed > 0 {
            held.fill += absorbed;
            if held.fill == size.tokens() {
                held.fill = 0;
                if matches!(tokens, Stored::Last(_)) {
                    held.nameless += 1;
                } else {
                    let start = held.start;
                    self.name_blocks(tier, asker, held, start, 1, 1);
                }
            }
        }
        let offset = start + absorbed;
        let full = size.full(new - absorbed);
        // A generated token that opens a block gives it no name.
        if answer {
            self.take(fresh);
            held.nameless += full;
        } else {
            self.name_blocks(tier, asker, held, offset, full, 0);
            self.take(fresh - full);
        }
        if fresh > full {
            held.fill = new - absorbed - full * size.tokens();
            held.start = offset + full * size.tokens();
        }
        held.next = start + new;
        let open = (size.tokens() - held.fill) * Blocks::from(held.fill > 0);
        held.stored = held.len() * size.tokens() - open;
        true
    }
}

//! The engine's cache and the literal one, driven together and compared after every operation.

use super::super::free_list::Entry;
use super::super::{Found, Holdings, KvCache, Prompt, PromptRuns};
use super::reference_cache::{self, Key, ReferenceCache};
use crate::units::{LegIndex, Tokens};
use crate::workload::{Context, NO_GROUP, Requests, TreeBuilder};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a request is in its life.
#[derive(Clone, Debug)]
enum Phase {
    Waiting,
    /// Prompt tokens so far.
    Prefill(Tokens, Holdings),
    /// Tokens stored, generated ones included.
    Decode(Tokens, Holdings),
    Ended,
}

/// A request of a test: input length, prefix group and its shared tokens.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    pub tokens: Tokens,
    pub group: u32,
    pub prefix: Tokens,
}

impl Input {
    pub const fn unique(tokens: Tokens) -> Self {
        Self { tokens, group: NO_GROUP, prefix: 0 }
    }

    pub const fn in_group(group: u32, prefix: Tokens, tokens: Tokens) -> Self {
        Self { tokens, group, prefix }
    }
}

/// Both caches and the requests that use them.
#[derive(Clone, Debug)]
pub struct Both {
    pub cache: KvCache,
    pub literal: ReferenceCache,
    block_size: Tokens,
    total: u32,
    groups: u32,
    /// Hash ids of the prompts, and how many tokens each stands for.
    hash_ids: Vec<Vec<u64>>,
    hash_block: Tokens,
    prompts: Vec<Prompt>,
    phases: Vec<Phase>,
}

impl Both {
    pub fn new(total: u32, block_size: Tokens, inputs: &[Input]) -> Self {
        Self::hashed(total, block_size, inputs, vec![Vec::new(); inputs.len()], 1)
    }

    /// Requests some of which have hash ids.
    pub fn hashed(
        total: u32,
        block_size: Tokens,
        inputs: &[Input],
        hash_ids: Vec<Vec<u64>>,
        hash_block: Tokens,
    ) -> Self {
        let in_groups = inputs.iter().filter(|input| input.group != NO_GROUP);
        let groups = in_groups.map(|input| input.group + 1).max().unwrap_or(0);
        let mut tree = TreeBuilder::default();
        for ids in &hash_ids {
            tree.push(Some(ids)).expect("chained ids");
        }
        let requests = Requests {
            input: inputs.iter().map(|input| input.tokens).collect(),
            tree: tree.finish(hash_block),
            group: inputs.iter().map(|input| input.group).collect(),
            prefix: inputs.iter().map(|input| input.prefix).collect(),
            groups: (0..groups).map(|group| group.to_string()).collect(),
            ..Requests::default()
        };
        let runs = Arc::new(PromptRuns::new(&requests, block_size));
        let prompts = inputs.iter().enumerate().map(|(request, input)| {
            let (path, shared_blocks) = runs.shared(&requests, request, block_size);
            Prompt {
                request: LegIndex::from_index(request),
                input: input.tokens,
                path,
                shared_blocks,
                context: Context::Fresh,
            }
        });
        let prompts = prompts.collect();
        Self {
            cache: KvCache::new(total, block_size, runs, true),
            literal: ReferenceCache::new(total, block_size),
            block_size,
            total,
            groups,
            hash_ids,
            hash_block,
            prompts,
            phases: vec![Phase::Waiting; inputs.len()],
        }
    }

    pub fn is_waiting(&self, request: usize) -> bool {
        matches!(self.phases[request], Phase::Waiting)
    }

    pub fn is_prefilling(&self, request: usize) -> bool {
        matches!(self.phases[request], Phase::Prefill(..))
    }

    pub fn is_decoding(&self, request: usize) -> bool {
        matches!(self.phases[request], Phase::Decode(..))
    }

    /// What a waiting request would find.
    pub fn lookup(&self, request: usize) -> Found {
        assert!(self.is_waiting(request), "only waiting requests are looked up");
        self.cache.lookup(&self.prompts[request])
    }

    /// Admits a waiting request with at most `most` new tokens; returns whether the blocks sufficed.
    pub fn admit(&mut self, request: usize, max_tokens: Tokens) -> bool {
        let prompt = self.prompts[request];
        let found = self.lookup(request);
        let cached = found.blocks * self.block_size;
        let new = (prompt.input - cached).min(max_tokens);
        let mut admitted = None;
        if new == 0 {
            admitted = Some(Holdings::default());
        } else if new.div_ceil(self.block_size) + found.free <= self.cache.free() {
            let mut holdings = Holdings::default();
            self.cache.claim(&prompt, found, &mut holdings);
            self.cache.store_prompt(&prompt, &mut holdings, new);
            admitted = Some(holdings);
        }
        let literal = self.literal_prompt(&prompt);
        let blocks = self.literal.lookup(&literal);
        let succeeded = self.literal.prefill(&literal, cached, cached + new, &blocks);
        assert_eq!(admitted.is_some(), succeeded, "admission of request {request}");
        if let Some(holdings) = admitted {
            let stored = if new == 0 { 0 } else { cached + new };
            self.phases[request] = self.phase(request, cached + new, stored, holdings);
            self.check_own_blocks_are_found(&prompt, cached + new);
        }
        self.check();
        succeeded
    }

    /// The next chunk of a running prompt.
    pub fn extend(&mut self, request: usize, max_tokens: Tokens) -> bool {
        let prompt = self.prompts[request];
        let literal = self.literal_prompt(&prompt);
        let Phase::Prefill(progress, holdings) = &mut self.phases[request] else {
            panic!("request {request} computes no prompt")
        };
        let (start, end) = (*progress, prompt.input.min(*progress + max_tokens));
        let fits = self.cache.fresh_blocks(start, end - start) <= self.cache.free();
        if fits {
            self.cache.store_prompt(&prompt, holdings, end - start);
            *progress = end;
        }
        assert_eq!(fits, self.literal.prefill(&literal, start, end, &[]), "chunk of request {request}");
        if end == prompt.input && fits {
            let holdings = std::mem::take(holdings);
            self.phases[request] = Phase::Decode(end, holdings);
        }
        self.check();
        fits
    }

    /// One generated token.
    pub fn decode(&mut self, request: usize) -> bool {
        let Phase::Decode(stored, _) = &mut self.phases[request] else {
            panic!("request {request} does not decode")
        };
        let opens = u32::from(self.cache.opens_block(*stored));
        let fits = opens <= self.cache.free();
        if fits {
            self.cache.take(opens);
            *stored += 1;
        }
        assert_eq!(fits, self.literal.decode(request), "token of request {request}");
        self.check();
        fits
    }

    /// A decoding request gets no token in a step; the engine then notes what it has stored.
    pub fn pass_over(&mut self, request: usize) {
        let Phase::Decode(stored, holdings) = &mut self.phases[request] else {
            panic!("request {request} does not decode")
        };
        holdings.stored = *stored;
    }

    /// A running request goes back to the queue.
    pub fn evict(&mut self, request: usize) {
        self.release(request, Phase::Waiting);
    }

    /// A running request ends.
    pub fn end_running(&mut self, request: usize) {
        self.release(request, Phase::Ended);
    }

    /// A waiting request ends.
    pub fn end_waiting(&mut self, request: usize) {
        assert!(self.is_waiting(request));
        self.phases[request] = Phase::Ended;
        self.cache.end(LegIndex::from_index(request));
        self.check();
    }

    fn release(&mut self, request: usize, then: Phase) {
        let comes_back = matches!(then, Phase::Waiting);
        let (Phase::Prefill(stored, mut holdings) | Phase::Decode(stored, mut holdings)) =
            std::mem::replace(&mut self.phases[request], then)
        else {
            panic!("request {request} does not run")
        };
        holdings.stored = stored;
        self.cache.release(&self.prompts[request], &mut holdings, comes_back);
        self.literal.release(request);
        self.check();
    }

    /// The prompt in the terms of the literal cache.
    fn literal_prompt(&self, prompt: &Prompt) -> reference_cache::Prompt {
        reference_cache::Prompt {
            request: prompt.request.index(),
            length: prompt.input,
            group: (prompt.shared_blocks > 0).then(|| self.cache.runs.stretches(prompt.path)[0].run),
            prefix: prompt.shared_blocks * self.block_size,
            own_start: 0,
            hash_ids: self.hash_ids[prompt.request.index()].clone(),
            hash_block: self.hash_block,
        }
    }

    fn phase(&self, request: usize, progress: Tokens, stored: Tokens, holdings: Holdings) -> Phase {
        if progress < self.prompts[request].input {
            Phase::Prefill(progress, holdings)
        } else {
            Phase::Decode(stored, holdings)
        }
    }

    /// KV-14.3: unless the admission itself recycled one of its own shallower keys.
    fn check_own_blocks_are_found(&self, prompt: &Prompt, progress: Tokens) {
        let full = progress / self.block_size;
        let own = self.literal_prompt(prompt).keys(self.block_size);
        let own_deleted = self.literal.deleted.iter().any(|key| match *key {
            Key::Own(request, _) => request == prompt.request.index(),
            key => own[..full as usize].contains(&key),
        });
        if !own_deleted {
            assert!(self.literal.lookup(&self.literal_prompt(prompt)).len() as u32 >= full);
            assert!(self.cache.lookup(prompt).blocks >= full.min(prompt.shared_blocks));
        }
    }

    /// Everything observable is the same in both caches (KV-11).
    pub fn check(&self) {
        self.literal.check_invariants();
        assert_eq!(self.cache.free(), self.literal.free());
        assert_eq!(self.cache.used(), self.literal.used());
        assert_eq!(self.cache.used() + self.cache.free(), self.total);
        assert_eq!((self.cache.hits, self.cache.misses), (self.literal.hits, self.literal.misses));
        assert_eq!(self.cache.hits + self.cache.misses, self.literal.appended);
        for group in 0..self.groups {
            let leading = self.cache.found_of_groups().nth(group as usize).expect("a group");
            assert_eq!(leading, self.literal.leading(group), "leading blocks of group {group}");
        }
        for request in (0..self.prompts.len()).filter(|&request| self.is_waiting(request)) {
            let blocks = self.literal.lookup(&self.literal_prompt(&self.prompts[request]));
            let found = Found { blocks: blocks.len() as u32, free: self.literal.free_among(&blocks) };
            assert_eq!(self.lookup(request), found, "lookup of request {request}");
        }
        assert_eq!(self.recycling_order(), self.literal_recycling_order());
        self.check_plain_head();
    }

    /// The literal key of each shared block, by run and position. Blocks have the same run and position exactly if they have
    /// the same key.
    fn names(&self) -> BTreeMap<(u32, u32), Key> {
        let (mut names, mut places) = (BTreeMap::new(), BTreeMap::new());
        for prompt in &self.prompts {
            let literal = self.literal_prompt(prompt);
            let mut position = 0;
            for stretch in self.cache.runs.stretches(prompt.path) {
                for at in position..stretch.end.min(prompt.shared_blocks) {
                    let (place, key) = ((stretch.run, at), literal.key(at, self.block_size));
                    assert_eq!(*names.entry(place).or_insert(key), key, "one key per place");
                    assert_eq!(*places.entry(key).or_insert(place), place, "one place per key");
                }
                position = stretch.end;
            }
        }
        names
    }

    /// The engine's free list: shared blocks by key, and the number of other blocks between them.
    fn recycling_order(&self) -> Vec<(u32, Option<Key>)> {
        let names = self.names();
        let mut order = vec![(0, None)];
        let mut free = self.cache.free.clone();
        while free.len() > 0 {
            match free.pop(free.len()) {
                Entry::Plain(count) => add_others(&mut order, count),
                Entry::Private(..) => add_others(&mut order, 1),
                Entry::Shared(at, count) => {
                    let span = self.cache.shared.span(at);
                    let positions = (span.from..span.to).rev();
                    assert_eq!(positions.len() as u32, count, "the whole span is free");
                    order.extend(positions.map(|position| (0, Some(names[&(span.run, position)]))));
                }
            }
        }
        order
    }

    fn literal_recycling_order(&self) -> Vec<(u32, Option<Key>)> {
        let mut order = vec![(0, None)];
        for key in self.literal.free_keys() {
            match key {
                Some(key @ (Key::Shared(..) | Key::Hashed(..))) => order.push((0, Some(key))),
                _ => add_others(&mut order, 1),
            }
        }
        order
    }

    /// What the engine calls plain must be findable by no request that is still alive.
    fn check_plain_head(&self) {
        let findable = |key: Option<Key>| match key {
            None => false,
            Some(Key::Shared(..) | Key::Equal(..) | Key::Hashed(..)) => true,
            Some(Key::Own(request, _)) => !matches!(self.phases[request], Phase::Ended),
        };
        let plain = self.literal.free_keys().take_while(|&key| !findable(key)).count() as u32;
        for count in plain + 1..=self.cache.free() {
            assert!(!self.cache.next_are_plain(count), "{count} blocks, of which {plain} are plain");
        }
    }
}

fn add_others(order: &mut [(u32, Option<Key>)], count: u32) {
    if let Some(last) = order.last_mut() {
        last.0 += count;
    }
}

//! Copying beside a store that moves every block of the batch in every step, as T-3 words it.

use super::super::{KvCache, Prompt, PromptRuns};
use super::{Asker, Copied};
use crate::instance::TierParams;
use crate::units::{LegIndex, Micros, Tokens};
use crate::workload::{Context, NO_SESSION, Requests};
use proptest::prelude::*;
use std::sync::Arc;

const SIZE: Tokens = 4;
const REQUESTS: u32 = 60;

/// A name: a group's block, or one of a request's own.
type Literal = (u32, u32);

/// The store, oldest first.
#[derive(Default)]
struct LiteralStore {
    names: Vec<Literal>,
    stores: u64,
    evictions: u64,
}

impl LiteralStore {
    fn copy(&mut self, name: Literal, capacity: usize) {
        if let Some(at) = self.names.iter().position(|&other| other == name) {
            self.names.remove(at);
        } else {
            if self.names.len() == capacity {
                self.names.remove(0);
                self.evictions += 1;
            }
            self.stores += 1;
        }
        self.names.push(name);
    }
}

struct Running {
    row: u32,
    prompt: Prompt,
    order: u64,
    stored: Tokens,
    before: Tokens,
    /// Its steps are not counted: its names may be known.
    known: bool,
}

impl Running {
    fn copied(&self) -> Copied {
        Copied { prompt: self.prompt, order: self.order, before: self.before, stored: self.stored }
    }

    fn names(&self) -> impl Iterator<Item = Literal> {
        let (group, shared, row) = (self.row % 3, self.prompt.shared_blocks, self.row);
        (0..self.stored / SIZE).map(move |at| if at < shared { (1000 + group, at) } else { (row, at) })
    }
}

/// Requests of three groups, some without a prefix, of different lengths.
fn requests() -> Requests {
    let rows = 0..REQUESTS;
    Requests {
        input: rows.clone().map(|row| 9 + row % 7 * 3).collect(),
        group: rows.clone().map(|row| row % 3).collect(),
        prefix: rows.clone().map(|row| row % 5 * 2).collect(),
        session: rows.map(|_| NO_SESSION).collect(),
        groups: (0..3).map(|group| group.to_string()).collect(),
        ..Requests::default()
    }
}

fn check(capacity: u32, choices: &[u8]) {
    let requests = requests();
    let runs = Arc::new(PromptRuns::new(&requests, SIZE));
    let params = TierParams { blocks: capacity, per_block: Micros(1) };
    let mut kv = KvCache::new(100_000, SIZE, Arc::clone(&runs), false).with_tier(Some(params));
    let mut literal = LiteralStore::default();
    let (mut running, mut gone): (Vec<Running>, Vec<u32>) = (Vec::new(), Vec::new());
    let (mut next, mut order) = (0, 0);
    for &choice in choices {
        // Some leave, from anywhere; they may come back.
        if choice % 4 == 0 && !running.is_empty() {
            let member = running.remove(usize::from(choice >> 2) % running.len());
            let comes_back = choice & 4 == 0;
            kv.catch_up(&member.prompt, member.stored, true);
            kv.give_back(member.prompt.request, Some(member.order), comes_back);
            if comes_back {
                gone.push(member.row);
            }
        }
        // All that run get a token.
        let mut filled = 0;
        for member in &mut running {
            member.before = member.stored;
            assert!(kv.store_plainly(member.stored));
            member.stored += 1;
            if member.known {
                kv.catch_up(&member.prompt, member.stored, false);
            } else {
                filled += u64::from(member.stored % SIZE == 0);
            }
        }
        let before = running.len();
        if choice & 8 == 0 {
            let known = choice & 16 == 0 && !gone.is_empty();
            let row = if known { gone.remove(0) } else { next };
            next += u32::from(!known);
            if row < REQUESTS {
                let (path, shared_blocks) = runs.shared(&requests, row as usize, SIZE);
                let input = requests.input[row as usize];
                let request = LegIndex::new(row);
                let prompt = Prompt { request, input, path, shared_blocks, context: Context::Fresh };
                let asker = Asker { prompt, prefix: requests.prefix[row as usize] };
                let (found, granted, _) = kv.admit(&asker, Tokens::MAX, |found| input - found).expect("room");
                // A prompt that is there as a whole is held by nobody.
                if granted > 0 {
                    assert_eq!(found + granted, input);
                    order += 1;
                    running.push(Running { row, prompt, order, stored: input, before: input, known });
                } else {
                    kv.give_back(request, None, false);
                }
            }
        }
        let joined = running[before..].iter();
        let news: Vec<Copied> = running[..before]
            .iter()
            .filter(|member| member.known)
            .chain(joined)
            .map(Running::copied)
            .collect();
        kv.copy(filled, &news, || running.iter().map(Running::copied).collect());
        for name in running.iter().flat_map(Running::names) {
            literal.copy(name, capacity as usize);
        }
        let record = kv.tier_record().expect("a tier");
        let got = (record.stores, record.evictions, record.used as usize);
        assert_eq!(got, (literal.stores, literal.evictions, literal.names.len()));
    }
    for member in running.drain(..) {
        kv.catch_up(&member.prompt, member.stored, true);
        kv.give_back(member.prompt.request, Some(member.order), false);
    }
    assert_eq!(kv.used(), 0);
}

proptest! {
    #[test]
    fn copying_what_is_new_is_copying_everything(
        capacity in 1_u32..120,
        choices in prop::collection::vec(any::<u8>(), 1..150),
    ) {
        check(capacity, &choices);
    }
}

#[test]
fn t_15_a_prompt_larger_than_the_store_goes_round_in_it() {
    let requests = Requests {
        input: vec![48],
        group: vec![crate::workload::NO_GROUP],
        prefix: vec![0],
        session: vec![NO_SESSION],
        ..Requests::default()
    };
    let runs = Arc::new(PromptRuns::new(&requests, 8));
    let params = TierParams { blocks: 3, per_block: Micros(703) };
    let mut kv = KvCache::new(12, 8, runs, false).with_tier(Some(params));
    kv.tell_apart(&[]);
    let prompt = Prompt {
        request: LegIndex::new(0),
        input: 48,
        path: super::super::Path::default(),
        shared_blocks: 0,
        context: Context::Fresh,
    };
    assert_eq!(kv.admit(&Asker { prompt, prefix: 0 }, 2048, |found| 48 - found), Some((0, 48, 48)));
    let member = Copied { prompt, order: 0, before: 48, stored: 48 };
    let mut figures = Vec::new();
    for step in 0..6 {
        let news = if step == 0 { vec![member] } else { Vec::new() };
        kv.copy(0, &news, || vec![member]);
        let record = kv.tier_record().expect("a tier");
        figures.push((record.stores, record.evictions));
    }
    assert_eq!(figures, [(6, 3), (12, 9), (18, 15), (24, 21), (30, 27), (36, 33)]);
}

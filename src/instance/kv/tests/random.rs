//! Random sequences of operations: the engine's cache and the literal one never differ in anything observable.

use super::super::Found;
use super::both::{Both, Input};
use crate::workload::NO_GROUP;
use proptest::prelude::*;

/// What is tried next. Numbers are reduced to what is possible at that moment.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Admit { max_tokens: u32 },
    Extend { max_tokens: u32 },
    Decode { times: u32 },
    PassOver,
    Evict,
    Complete,
    EndRunning,
    EndWaiting,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        6 => (1_u32..80).prop_map(|max_tokens| Operation::Admit { max_tokens }),
        4 => (1_u32..40).prop_map(|max_tokens| Operation::Extend { max_tokens }),
        6 => (1_u32..20).prop_map(|times| Operation::Decode { times }),
        2 => Just(Operation::PassOver),
        3 => Just(Operation::Evict),
        3 => Just(Operation::Complete),
        1 => Just(Operation::EndRunning),
        1 => Just(Operation::EndWaiting),
    ]
}

/// Inputs in blocks and tokens beyond them; some groups with several prefix lengths, some prefix-only prompts.
fn input(block_size: u32) -> impl Strategy<Value = Input> {
    let private =
        prop_oneof![2 => Just(0), 3 => 1..4 * block_size, 1 => (0_u32..4).prop_map(move |n| n * block_size)];
    let prefix = prop_oneof![(0_u32..5).prop_map(move |n| n * block_size), 0..5 * block_size];
    (prop_oneof![1 => Just(NO_GROUP), 3 => 0_u32..2], prefix, private).prop_map(|(group, prefix, private)| {
        let prefix = if group == NO_GROUP { 0 } else { prefix };
        Input { tokens: (prefix + private).max(1), group, prefix }
    })
}

/// Block size, number of blocks, requests, and (which request, what).
type Case = (u32, u32, Vec<Input>, Vec<(usize, Operation)>);

fn case() -> impl Strategy<Value = Case> {
    (prop_oneof![1_u32..=4, 1_u32..=16], prop_oneof![3_u32..12, 12_u32..60]).prop_flat_map(
        |(block_size, total)| {
            (
                Just(block_size),
                Just(total),
                prop::collection::vec(input(block_size), 1..10),
                prop::collection::vec((0_usize..1000, operation()), 1..120),
            )
        },
    )
}

/// Prompts as paths of a random tree: per request the places among at most three children, one for each hash block. An id is
/// the path to it, so that it stands at one place; a third of the requests has none.
fn tree_case() -> impl Strategy<Value = (Case, Vec<Vec<u64>>, u32)> {
    let hash_block = prop_oneof![1_u32..=4, 1_u32..=40];
    (case(), hash_block).prop_flat_map(|(case, hash_block)| {
        let steps = prop::collection::vec(prop_oneof![6 => Just(0_u64), 2 => Just(1), 1 => Just(2)], 80);
        let request = prop_oneof![1 => Just(None), 2 => steps.prop_map(Some)];
        let requests = prop::collection::vec(request, case.2.len());
        (Just(case), requests, Just(hash_block)).prop_map(|(mut case, requests, hash_block)| {
            let ids = requests.into_iter().zip(&mut case.2).map(|(steps, input)| {
                let Some(steps) = steps else { return Vec::new() };
                (input.group, input.prefix) = (NO_GROUP, 0);
                input.tokens = input.tokens.min(80 * hash_block);
                let blocks = input.tokens.div_ceil(hash_block) as usize;
                let deeper = |id: &mut u64, step: u64| {
                    // A number that no other path has: 80 digits in base 3 would be too large.
                    *id = id.wrapping_add(step + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
                    Some(*id)
                };
                steps[..blocks].iter().scan(1_u64, |id, &step| deeper(id, step)).collect()
            });
            let ids = ids.collect();
            (case, ids, hash_block)
        })
    })
}

/// What the waiting requests find, and the engine's promise that it has not changed.
fn lookups(both: &Both, requests: usize) -> (u64, Vec<Option<Found>>) {
    let found = (0..requests).map(|request| both.is_waiting(request).then(|| both.lookup(request)));
    (both.cache.version(), found.collect())
}

fn apply(both: &mut Both, requests: usize, chosen: usize, operation: Operation) {
    let pick = |fits: &dyn Fn(usize) -> bool| {
        let possible: Vec<usize> = (0..requests).filter(|&request| fits(request)).collect();
        (!possible.is_empty()).then(|| possible[chosen % possible.len()])
    };
    let running = |both: &Both, request| both.is_prefilling(request) || both.is_decoding(request);
    let picked = match operation {
        Operation::Admit { .. } | Operation::EndWaiting => pick(&|request| both.is_waiting(request)),
        Operation::Extend { .. } => pick(&|request| both.is_prefilling(request)),
        Operation::Decode { .. } | Operation::PassOver | Operation::Complete => {
            pick(&|request| both.is_decoding(request))
        }
        Operation::Evict | Operation::EndRunning => pick(&|request| running(both, request)),
    };
    let Some(request) = picked else { return };
    match operation {
        Operation::Admit { max_tokens } => {
            both.admit(request, max_tokens);
        }
        Operation::Extend { max_tokens } => {
            both.extend(request, max_tokens);
        }
        Operation::Decode { times } => {
            (0..times).all(|_| both.decode(request));
        }
        Operation::PassOver => both.pass_over(request),
        Operation::Evict => both.evict(request),
        Operation::Complete => {
            // The last token is stored first, if there is a block for it (KV-7.2).
            both.decode(request);
            both.end_running(request);
        }
        Operation::EndRunning => both.end_running(request),
        Operation::EndWaiting => both.end_waiting(request),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn the_cache_agrees_with_a_literal_reading_of_the_chapter(case in case()) {
        let ids = vec![Vec::new(); case.2.len()];
        agree(case, ids, 1)?;
    }

    #[test]
    fn with_hash_ids_too((case, ids, hash_block) in tree_case()) {
        agree(case, ids, hash_block)?;
    }
}

fn agree(case: Case, ids: Vec<Vec<u64>>, hash_block: u32) -> Result<(), TestCaseError> {
    let (block_size, total, inputs, operations) = case;
    let mut both = Both::hashed(total, block_size, &inputs, ids, hash_block);
    let mut before = lookups(&both, inputs.len());
    for (chosen, operation) in operations {
        apply(&mut both, inputs.len(), chosen, operation);
        let after = lookups(&both, inputs.len());
        if before.0 == after.0 {
            for (before, after) in before.1.iter().zip(&after.1) {
                if let (Some(before), Some(after)) = (before, after) {
                    prop_assert_eq!(before, after, "a lookup changed, but not the version");
                }
            }
        }
        before = after;
    }
    Ok(())
}

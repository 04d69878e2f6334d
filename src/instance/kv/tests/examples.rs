//! KV-13: KV-X1 to KV-X4, and what follows from KV-14 without chance.

use super::both::{Both, Input};
use super::reference_cache::Key;
use crate::units::Tokens;

/// More tokens than any prompt has.
const ALL: Tokens = 1000;

/// Compares with a row of the chapter's tables: free list, hits, misses, used.
fn expect(both: &Both, free: &str, hits: u64, misses: u64, used: u32) {
    assert_eq!(both.literal.free_text(), free);
    assert_eq!((both.cache.hits, both.cache.misses), (hits, misses));
    assert_eq!(both.cache.used(), used);
}

#[test]
fn k1_basic_life_cycle() {
    let inputs = [
        Input::unique(1), // The chapter counts from 1.
        Input::in_group(1, 8, 10),
        Input::in_group(1, 8, 12),
        Input::unique(12),
        Input::in_group(1, 8, 16),
        Input::in_group(1, 8, 12),
    ];
    let mut both = Both::new(6, 4, &inputs);
    expect(&both, "0 1 2 3 4 5", 0, 0, 0);
    assert_eq!(both.literal.index_text(), "");

    assert_eq!(both.lookup(1).blocks, 0);
    assert!(both.admit(1, ALL));
    expect(&both, "3 4 5", 0, 3, 3);
    assert_eq!(both.literal.index_text(), "G1#0 G1#1");

    assert!(both.decode(1) && both.decode(1));
    expect(&both, "3 4 5", 0, 3, 3);
    assert!(both.decode(1));
    expect(&both, "4 5", 0, 4, 4);
    assert_eq!(both.literal.index_text(), "G1#0 G1#1");

    assert_eq!((both.lookup(2).blocks, both.lookup(2).free), (2, 0));
    assert!(both.admit(2, ALL));
    expect(&both, "5", 2, 5, 5);
    assert_eq!(both.literal.index_text(), "G1#0 G1#1 r2#2");

    both.end_running(1);
    expect(&both, "5 3 2", 2, 5, 3);
    both.end_running(2);
    expect(&both, "5 3 2 4:r2#2 1:G1#1 0:G1#0", 2, 5, 0);

    assert!(both.admit(3, ALL));
    expect(&both, "4:r2#2 1:G1#1 0:G1#0", 2, 8, 3);
    assert_eq!(both.literal.index_text(), "G1#0 G1#1 r2#2 r3#0 r3#1 r3#2");

    assert_eq!((both.lookup(4).blocks, both.lookup(4).free), (2, 2));
    let before = both.clone();
    assert!(!both.admit(4, ALL), "2 fresh and 2 claimed blocks are more than 3");
    assert_eq!(both.literal, before.literal);
    assert_eq!(format!("{:?}", both.cache), format!("{:?}", before.cache));

    assert_eq!(both.lookup(5).blocks, 2);
    assert!(both.admit(5, ALL));
    expect(&both, "", 4, 9, 6);
    assert_eq!(both.literal.index_text(), "G1#0 G1#1 r3#0 r3#1 r3#2 r5#2");
}

#[test]
fn k2_duplicate_content_hides_a_valid_copy() {
    let member = Input::in_group(1, 12, 13);
    let (a, b, c, d) = (0, 1, 2, 3);
    let mut both = Both::new(6, 4, &[member, member, Input::unique(12), member]);
    let third_block = Key::Shared(1, 2);

    assert!(both.admit(a, 8));
    expect(&both, "2 3 4 5", 0, 2, 2);
    assert_eq!(both.literal.block_of(third_block), None);

    assert_eq!(both.lookup(b).blocks, 2);
    assert!(both.admit(b, 4));
    expect(&both, "3 4 5", 2, 3, 3);
    assert_eq!(both.literal.block_of(third_block), Some(2));

    assert!(both.extend(a, 4));
    expect(&both, "4 5", 2, 4, 4);
    assert_eq!(both.literal.block_of(third_block), Some(3), "replaced by the newer copy");

    both.end_running(b);
    expect(&both, "4 5 2:G1#2", 2, 4, 3);
    assert_eq!(both.lookup(d).blocks, 3);

    assert!(both.admit(c, ALL));
    expect(&both, "", 2, 7, 6);
    assert_eq!(both.literal.block_of(third_block), None, "deleted, although a still holds its copy");
    assert_eq!(both.lookup(d).blocks, 2);

    both.end_running(a);
    expect(&both, "3:G1#2 1:G1#1 0:G1#0", 2, 7, 3);
    assert_eq!(both.lookup(d).blocks, 2);
}

#[test]
fn k3_whole_prompt_hit_claims_nothing() {
    let member = Input::in_group(1, 8, 8);
    let (a, b, c, another) = (0, 1, 2, 3);
    let mut both = Both::new(4, 4, &[member, member, Input::unique(8), member]);
    assert!(both.admit(a, ALL));
    both.end_running(a);
    expect(&both, "2 3 1:G1#1 0:G1#0", 0, 2, 0);

    assert_eq!(both.lookup(b).blocks, 2);
    assert!(both.admit(b, ALL));
    expect(&both, "2 3 1:G1#1 0:G1#0", 0, 2, 0);

    assert!(both.decode(b));
    expect(&both, "3 1:G1#1 0:G1#0", 0, 3, 1);

    assert!(both.admit(c, ALL));
    expect(&both, "0:G1#0", 0, 5, 3);
    assert_eq!(both.lookup(another).blocks, 1, "the prefix of b is half gone while b runs");
}

#[test]
fn k4_a_chunk_that_ends_inside_a_block() {
    let (a, b) = (0, 1);
    let mut both = Both::new(3, 4, &[Input::unique(12), Input::unique(4)]);
    assert!(both.admit(a, 6));
    assert_eq!((both.cache.free(), both.cache.used()), (1, 2));
    assert!(both.admit(b, 4));
    assert_eq!((both.cache.free(), both.cache.used()), (0, 3));
    assert!(both.extend(a, 2), "two tokens fit into the block that is held already");
    assert_eq!((both.cache.free(), both.cache.used()), (0, 3));
    assert_eq!(both.literal.index_text(), "r0#0 r0#1 r1#0");
    assert!(!both.extend(a, 1));
    assert_eq!((both.cache.free(), both.cache.used()), (0, 3));
}

#[test]
fn an_evicted_request_that_comes_back_at_once_finds_its_full_prompt_blocks() {
    for (input, computed, generated) in [(10, 10, 0), (10, 6, 0), (8, 8, 5), (11, 11, 7), (3, 3, 1)] {
        let mut both = Both::new(20, 4, &[Input::unique(input)]);
        assert!(both.admit(0, computed));
        for _ in 0..generated {
            assert!(both.decode(0));
        }
        both.evict(0);
        let full = computed / 4;
        assert_eq!((both.lookup(0).blocks, both.lookup(0).free), (full, full));
    }
}

#[test]
fn blocks_of_an_evicted_request_are_recycled_deepest_first() {
    let mut both = Both::new(4, 4, &[Input::unique(14), Input::unique(4), Input::unique(4)]);
    assert!(both.admit(0, 12));
    both.evict(0);
    assert_eq!(both.literal.free_text(), "3 2:r0#2 1:r0#1 0:r0#0");
    assert!(both.admit(1, ALL));
    assert_eq!(both.lookup(0).blocks, 3);
    assert!(both.admit(2, ALL));
    assert_eq!(both.lookup(0).blocks, 2);
}

#[test]
fn the_prefix_found_by_a_member_ends_where_its_own_declared_prefix_ends() {
    let inputs = [Input::in_group(0, 16, 20), Input::in_group(0, 9, 20), Input::in_group(0, 16, 12)];
    let mut both = Both::new(20, 4, &inputs);
    assert!(both.admit(0, ALL));
    assert_eq!(both.cache.found_of_groups().collect::<Vec<_>>(), [4]);
    assert_eq!(both.lookup(1).blocks, 2, "9 shared tokens are two full blocks");
    assert_eq!(both.lookup(2).blocks, 3, "12 tokens of prompt are three full blocks");
}

#[test]
fn recycling_a_stale_copy_of_a_private_block_hides_the_newer_copy() {
    let (a, b, c, d) = (0, 1, 2, 3);
    let inputs = [Input::in_group(0, 8, 14), Input::in_group(0, 8, 12), Input::unique(24), Input::unique(20)];
    let mut both = Both::new(10, 4, &inputs);
    // Two copies of the second prefix block; recycling b's makes a's unfindable.
    assert!(both.admit(a, 4) && both.admit(b, ALL) && both.extend(a, ALL));
    both.end_running(b);
    assert!(both.admit(c, ALL));
    both.end_running(c);
    both.evict(a);
    assert!(both.literal.free_text().ends_with("5 4:r0#2 3:G0#1 0:G0#0"));
    assert_eq!(both.lookup(a).blocks, 1);
    // So a computes its own block again, while the old copy is still in the free list.
    assert!(both.admit(a, ALL));
    assert!(both.literal.free_text().ends_with("5 4:r0#2 3:G0#1"));
    assert!(both.admit(d, ALL));
    assert_eq!(both.literal.free_text(), "3:G0#1");
    both.evict(a);
    assert_eq!(both.lookup(a).blocks, 2, "the key went with the old copy");
}

#[test]
fn a_request_admitted_on_a_whole_prompt_hit_leaves_no_prompt_blocks_behind() {
    let (a, b, passed_over) = (0, 1, 2);
    let member = Input::in_group(0, 8, 12);
    for request in [b, passed_over] {
        let mut both = Both::new(20, 4, &[member, Input::in_group(0, 8, 8), Input::in_group(0, 8, 8)]);
        assert!(both.admit(a, ALL));
        assert!(both.admit(request, ALL));
        for _ in 0..9 {
            assert!(both.decode(request));
        }
        if request == passed_over {
            both.pass_over(request);
        }
        both.evict(request);
        assert_eq!((both.lookup(request).blocks, both.lookup(request).free), (2, 0));
    }
}

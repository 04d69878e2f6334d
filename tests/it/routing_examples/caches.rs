//! R-X2, R-X3, R-X5: refreshes, the router's own index, and cold requests.

use super::recorded::{run_case, scores, seen, tie};
use blis_playground::units::InstanceIndex;

#[test]
fn x2_decisions_refresh_the_view() {
    let outcome = run_case("tiny-gateway-latency");
    for request in 0..4 {
        assert_eq!(scores(&outcome, request), [1.0; 3]);
        assert_eq!(seen(&outcome, request, |seen| seen.free_kv_blocks), [0; 3], "before the first refresh");
        assert_eq!(seen(&outcome, request, |seen| seen.batch_size), [0; 3]);
    }
    assert_eq!(outcome.records.routed_at[4].0, 50_000, "the decision that refreshes");
    let picture = [0.999_591_426_236_721_4, 0.999_701_426_865_296_4, 0.999_748_569_991_828_5];
    for request in [4, 5] {
        assert_eq!(scores(&outcome, request), picture);
        assert_eq!(seen(&outcome, request, |seen| seen.free_kv_blocks), [15_883, 15_890, 15_893]);
        assert_eq!(seen(&outcome, request, |seen| seen.batch_size), [1; 3]);
    }
    assert_eq!(scores(&outcome, 6), [0.999_889_999_371_425, 1.0, 0.999_874_284_995_914_2]);
    assert_eq!(seen(&outcome, 6, |seen| seen.batch_size), [1, 0, 1]);
    assert_eq!(seen(&outcome, 6, |seen| seen.free_kv_blocks), [15_902, 15_909, 15_901]);
    assert_eq!(scores(&outcome, 7), [1.0; 3]);
    assert_eq!(seen(&outcome, 7, |seen| seen.batch_size), [0; 3]);
    for request in 0..8 {
        assert_eq!(seen(&outcome, request, |seen| seen.queue_depth), [0; 3]);
    }
    let draws: Vec<_> = (0..8).map(|request| tie(&outcome, request)).collect();
    let of_three = |pick| Some((3, pick));
    assert_eq!(draws, [of_three(0), of_three(1), of_three(2), of_three(0), None, None, None, of_three(2)]);
    assert_eq!(outcome.records.instance, [0, 1, 2, 0, 2, 2, 1, 2].map(InstanceIndex::new));
}

#[test]
fn x3_the_router_remembers_where_it_sent_a_prefix() {
    let outcome = run_case("tiny-prefix-cache");
    let (two_thirds, third) = (0.666_666_666_666_666_6, 0.333_333_333_333_333_3);
    assert_eq!(scores(&outcome, 0), [third, third]);
    assert_eq!(scores(&outcome, 1), [0.4 * two_thirds + third, third]);
    assert_eq!(scores(&outcome, 2), [third, third]);
    assert_eq!(scores(&outcome, 3), [1.0, third]);
    assert_eq!(scores(&outcome, 6), [1.0, third]);
    assert_eq!(scores(&outcome, 7), [third, third]);
    let of_two = |pick| Some((2, pick));
    for (request, draw) in [(0, of_two(0)), (1, None), (2, of_two(0)), (3, None), (6, None), (7, of_two(1))] {
        assert_eq!(tie(&outcome, request), draw, "request {request}");
        assert_eq!(outcome.records.instance[request as usize].get(), u32::from(request == 7));
    }
    assert_eq!(outcome.records.routed_at[6], outcome.records.routed_at[7]);
}

#[test]
fn x5_cold_requests_go_where_the_last_cold_one_is_longest_ago() {
    let outcome = run_case("scorer-no-hit-lru");
    let (high, low) = (0.666_666_666_666_666_7, 0.333_333_333_333_333_37);
    let rows = [
        (6_346, [1.0, high, low, 0.0], 0),
        (24_140, [0.0, 1.0, high, low], 1),
        (35_432, [0.5; 4], 2),
        (64_040, [low, 0.0, 1.0, high], 2),
        (72_524, [high, low, 0.0, 1.0], 3),
        (74_397, [1.0, high, low, 0.0], 0),
    ];
    for (request, (time, expected, chosen)) in (0_u32..).zip(rows) {
        let row = request as usize;
        assert_eq!(outcome.records.routed_at[row].0, time);
        assert_eq!(scores(&outcome, request), expected, "request {request}");
        assert_eq!(outcome.records.instance[row].get(), chosen);
        assert_eq!(tie(&outcome, request), (request == 2).then_some((4, 2)));
    }
}

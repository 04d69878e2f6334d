//! C-X4: the bucket's level is a running sum of doubles.

use crate::common::cluster::{ROOFLINE, config, request, run};
use blis_playground::config::AdmissionPolicyName;
use blis_playground::record::{RejectionReason, RequestState};

/// Which requests are let in, given as (time, cost).
fn admitted(capacity: f64, rate: f64, rows: &[(i64, u32)]) -> Vec<bool> {
    let requests = rows.iter().map(|&(time, cost)| request(time, cost, 1)).collect();
    let mut config = config(ROOFLINE, 1, requests);
    config.admission.policy = AdmissionPolicyName::TokenBucket;
    config.admission.token_bucket_capacity = capacity;
    config.admission.token_bucket_refill_rate = rate;
    let outcome = run(&config);
    let reasons = &outcome.gateway.rejections;
    assert!(reasons.iter().all(|(_, reason)| *reason == RejectionReason::InsufficientTokens));
    assert_eq!(outcome.gateway.admission_decisions as usize, rows.len());
    outcome.records.state.iter().map(|&state| state != RequestState::Rejected).collect()
}

#[test]
fn x4_exact_fits_are_admitted_and_the_bucket_is_capped() {
    let rows = [
        (0, 500),
        (100_000, 100),
        (150_000, 51),
        (199_999, 100),
        (200_000, 100),
        (5_000_000, 501),
        (5_000_000, 500),
        (5_000_001, 1),
    ];
    assert_eq!(admitted(500.0, 1000.0, &rows), [true, true, false, false, true, false, true, false]);
}

#[test]
fn x4_rejected_requests_decide_by_their_rounding() {
    let rows = [(0, 10), (3, 1), (9, 1), (10, 1), (11, 1)];
    assert_eq!(admitted(10.0, 100_000.0, &rows), [true, false, false, false, true]);
    let without_two = [(0, 10), (10, 1)];
    assert_eq!(admitted(10.0, 100_000.0, &without_two), [true, true], "the level is exactly 1");
}

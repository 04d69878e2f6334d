//! C-X2 and C-X3: shedding, and the age of what it sees.

use crate::common::cluster::{ROOFLINE, config, happened, instances, of_class, request, run, times, view};
use blis_playground::Config;
use blis_playground::config::AdmissionPolicyName;
use blis_playground::record::{RejectionReason, RequestState};
use blis_playground::units::RequestIndex;

/// C-X2: a burst of `batch` requests against a threshold of 3.
fn tier_shed_burst(snapshot_refresh_interval: i64) -> Config {
    let requests = vec![
        of_class("batch", request(0, 100, 2)),
        of_class("batch", request(0, 80, 2)),
        of_class("batch", request(0, 60, 2)),
        of_class("batch", request(1, 40, 1)),
        of_class("standard", request(1, 40, 1)),
        of_class("batch", request(60_000, 10, 1)),
    ];
    let mut config = config(ROOFLINE, 2, requests);
    config.admission.policy = AdmissionPolicyName::TierShed;
    config.admission.tier_shed_threshold = 3;
    config.admission.tier_shed_min_priority = 3;
    config.routing.snapshot_refresh_interval = snapshot_refresh_interval;
    config
}

#[test]
fn x2_tier_shed_counts_running_requests_twice_with_live_snapshots() {
    let outcome = run(&tier_shed_burst(0));
    assert_eq!(instances(&outcome), [Some(0), Some(1), Some(0), None, Some(1), Some(0)]);
    let e2e = [Some(12_712), Some(11_543), Some(12_712), None, Some(11_542), Some(5761)];
    assert_eq!(times(&outcome.records.e2e), e2e);
    let reason = RejectionReason::TierShed { priority: -1, min: 3, load: 4 };
    assert_eq!(outcome.gateway.rejections, [(RequestIndex::new(3), reason)]);
    assert_eq!(outcome.gateway.rejected, 1);
    assert_eq!(outcome.requests.classes, ["batch", "standard"]);
    assert_eq!(outcome.gateway.rejected_by_class, [1, 0]);
    assert_eq!(outcome.gateway.arrivals_by_class, [5, 1]);
}

#[test]
fn x2_tier_shed_sees_only_requests_in_flight_before_the_first_refresh() {
    let outcome = run(&tier_shed_burst(50_000));
    assert_eq!(instances(&outcome), [0, 1, 0, 1, 0, 1].map(Some));
    let e2e = happened(&[12_719, 11_543, 12_719, 11_542, 12_718, 5761]);
    assert_eq!(times(&outcome.records.e2e), e2e);
    assert_eq!(outcome.gateway.rejected, 0);
}

#[test]
fn x2_a_burst_is_judged_as_a_whole_before_any_of_it_is_routed() {
    for (snapshot_refresh_interval, load) in [(0, 4), (50_000, 2)] {
        let mut config = tier_shed_burst(snapshot_refresh_interval);
        config.admission.tier_shed_threshold = 0;
        config.admission.tier_shed_min_priority = 5;
        let outcome = run(&config);
        let shed = |priority| RejectionReason::TierShed { priority, min: 5, load };
        assert_eq!(
            outcome.gateway.rejections,
            [(3, shed(-1)), (4, shed(3))].map(|(request, reason)| (RequestIndex::new(request), reason)),
            "both see the same load"
        );
        assert_eq!(instances(&outcome), [Some(0), Some(1), Some(0), None, None, Some(1)]);
    }
}

#[test]
fn x3_gaie_legacy_sheds_at_an_average_saturation_of_exactly_one() {
    let requests = vec![
        of_class("standard", request(0, 100, 3)),
        of_class("standard", request(0, 64, 3)),
        of_class("standard", request(100, 30, 1)),
        of_class("batch", request(200, 30, 1)),
        of_class("batch", request(300, 30, 1)),
        of_class("critical", request(400, 30, 1)),
    ];
    let mut config = config(ROOFLINE, 2, requests);
    config.admission.policy = AdmissionPolicyName::GaieLegacy;
    config.admission.gaie_qd_threshold = 1.0;
    config.admission.gaie_kv_threshold = 0.5;
    config.routing.snapshot_refresh_interval = 0;
    config.memory.total_kv_blocks = Some(20);
    config.memory.max_model_len = Some(320);
    config.instance.max_num_running_reqs = 1;
    let outcome = run(&config);

    let seen = |request| {
        let view = view(&outcome, request);
        let (queues, used) = (view.iter().map(|seen| seen.queue_depth), view.iter());
        (queues.collect::<Vec<_>>(), used.map(|seen| 20 - seen.free_kv_blocks).collect::<Vec<_>>())
    };
    assert_eq!(seen(2), (vec![0, 0], vec![7, 4]));
    assert_eq!(seen(3), (vec![1, 0], vec![7, 4]));
    assert_eq!(seen(5), (vec![1, 1], vec![7, 4]));
    let reason = RejectionReason::GaieSaturated { saturation: 1.0 };
    assert_eq!(outcome.gateway.rejections, [(RequestIndex::new(4), reason)]);
    assert_eq!(outcome.records.state[4], RequestState::Rejected);
    assert_eq!(instances(&outcome), [Some(0), Some(1), Some(0), Some(1), None, Some(0)]);
    let scheduled = [Some(0), Some(0), Some(17_304), Some(17_294), None, Some(23_068)];
    assert_eq!(times(&outcome.records.first_scheduled_at), scheduled);
    let e2e = [Some(17_304), Some(17_294), Some(22_968), Some(22_858), None, Some(28_432)];
    assert_eq!(times(&outcome.records.e2e), e2e);
}

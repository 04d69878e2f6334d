//! C-X8: three users that wait for their answers.

use crate::common::cluster::{ROOFLINE, config, happened, run, times};
use blis_playground::Config;
use blis_playground::record::RequestState;
use blis_playground::units::InstanceIndex;

/// Three users without think time, 50 tokens in, 2 out.
fn three_users(instances: u32) -> Config {
    let mut config = config(ROOFLINE, instances, Vec::new());
    let workload = &mut config.workload;
    workload.requests = None;
    workload.concurrency = 3;
    workload.num_requests = 9;
    workload.prompt_tokens = 50;
    workload.prompt_tokens_stdev = 0;
    workload.prompt_tokens_min = 50;
    workload.prompt_tokens_max = 50;
    workload.output_tokens = 2;
    workload.output_tokens_stdev = 0;
    workload.output_tokens_min = 2;
    workload.output_tokens_max = 2;
    config
}

#[test]
fn x8_follow_ups_in_order_of_their_creation() {
    let mut config = three_users(2);
    config.admission.latency = 100;
    config.routing.latency = 50;
    let outcome = run(&config);
    let (requests, records) = (&outcome.requests, &outcome.records);
    assert_eq!(requests.session, [0, 1, 2, 1, 0, 2, 1, 0, 2]);
    assert_eq!(requests.round, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    let arrivals = [0, 0, 0, 11_678, 11_690, 11_690, 23_365, 23_368, 29_126];
    assert_eq!(times(&requests.arrival), happened(&arrivals));
    assert_eq!(times(&records.routed_at), happened(&arrivals.map(|arrival| arrival + 150)));
    assert_eq!(records.instance, [0, 1, 0, 1, 0, 1, 0, 1, 0].map(InstanceIndex::new));
    assert_eq!(times(&records.ttft), happened(&[5926, 5917, 5926, 5917, 5917, 11_675, 5917, 5917, 5926]));
    assert_eq!(
        times(&records.e2e),
        happened(&[11_690, 11_678, 11_690, 11_687, 11_678, 17_436, 11_687, 11_678, 11_687])
    );
    let ends = [11_690, 11_678, 11_690, 23_365, 23_368, 29_126, 35_052, 35_046, 40_813];
    assert_eq!(times(&records.ended_at), happened(&ends));
    assert_eq!(records.first_scheduled_at[5].0, 17_595, "waits for the step that decodes request 3");
    assert_eq!(outcome.duration().0, 40_813);
}

#[test]
fn x8_on_one_instance_all_users_move_in_step() {
    let outcome = run(&three_users(1));
    let arrivals = [0, 0, 0, 12_273, 12_273, 12_273, 24_546, 24_546, 24_546];
    assert_eq!(times(&outcome.requests.arrival), happened(&arrivals));
    assert_eq!(times(&outcome.records.ttft), happened(&[6506; 9]));
    assert_eq!(times(&outcome.records.e2e), happened(&[12_273; 9]));
}

#[test]
fn x8_without_a_request_limit_the_horizon_ends_the_loop() {
    let mut config = three_users(1);
    config.workload.num_requests = 0;
    config.cluster.horizon = Some(25_000);
    let outcome = run(&config);
    let count = |state| outcome.records.state.iter().filter(|&&other| other == state).count();
    assert_eq!((count(RequestState::Completed), count(RequestState::Running)), (6, 3));
    assert_eq!(outcome.requests.len(), 9);
    assert_eq!(outcome.instances[0].routed, 9);
}

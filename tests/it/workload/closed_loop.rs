//! Virtual users that wait for each answer (W-8).

use super::support::{arrivals, config, from_spec, generated};
use blis_playground::config::Config;
use blis_playground::units::{Micros, RequestIndex};
use blis_playground::workload::{Answer, NO_SESSION, Workload};

fn users(users: u32, think_time_ms: u32, num_requests: u32) -> Config {
    config(|w| (w.concurrency, w.think_time_ms, w.num_requests) = (users, think_time_ms, num_requests))
}

/// Answers `row` at `step_end`; the row of the follow-up.
fn answered(row: u32, step_end: i64) -> Answer {
    Answer { request: RequestIndex::new(row), at: Micros(step_end), context: 0 }
}

fn answer(workload: &mut Workload, row: u32, step_end: i64) -> Option<u32> {
    let closed_loop = workload.closed_loop.as_mut().expect("virtual users");
    closed_loop
        .follow_up(&mut workload.requests, answered(row, step_end), Micros::FOREVER)
        .map(RequestIndex::get)
}

#[test]
fn first_requests_are_spread_over_one_think_time() {
    let workload = generated(&users(3, 500, 8));
    assert_eq!(arrivals(&workload), [0, 166_666, 333_333]);
    assert_eq!(workload.requests.session, [0, 1, 2]);
    assert_eq!(workload.closed_loop.expect("virtual users").remaining, Some(5));
}

#[test]
fn without_think_time_all_users_start_at_once() {
    assert_eq!(arrivals(&generated(&users(4, 0, 8))), [0; 4]);
    assert_eq!(arrivals(&generated(&users(1, 500, 8))), [0]);
}

#[test]
fn the_next_request_arrives_one_think_time_after_the_step_with_a_name_of_its_own() {
    let mut workload = generated(&users(3, 500, 8));
    assert_eq!(answer(&mut workload, 2, 1_000_000), Some(3));
    assert_eq!(answer(&mut workload, 0, 1_000_007), Some(4));
    assert_eq!(answer(&mut workload, 3, 2_000_000), Some(5));
    let requests = &workload.requests;
    assert_eq!(requests.arrival[3..], [1_500_000, 1_500_007, 2_500_000].map(Micros));
    assert_eq!((&requests.session[3..], &requests.round[3..]), (&[2, 0, 2][..], &[1, 1, 2][..]));
    assert_eq!(requests.deadline[3], Micros(301_500_000));
    let ids: Vec<String> = RequestIndex::first(6).map(|row| requests.id(row)).collect();
    assert_eq!(
        ids,
        [
            "request_0",
            "request_1",
            "request_2",
            "session_concurrency_distribution_user_2_round_1_1",
            "session_concurrency_distribution_user_0_round_1_2",
            "session_concurrency_distribution_user_2_round_2_3",
        ]
    );
    assert_eq!(requests.budget[5], requests.output[5] as i32);
}

#[test]
fn the_budget_counts_first_requests_and_follow_ups() {
    let mut workload = generated(&users(2, 0, 3));
    assert_eq!(answer(&mut workload, 0, 10), Some(2));
    assert_eq!(answer(&mut workload, 1, 20), None);
    assert_eq!(workload.requests.len(), 3);
    assert_eq!(generated(&users(5, 100, 2)).requests.len(), 2);
}

#[test]
fn a_smaller_budget_than_users_starts_the_first_users_at_their_times() {
    assert_eq!(arrivals(&generated(&users(4, 1, 2))), [0, 250]);
}

#[test]
fn a_follow_up_may_arrive_at_the_horizon_but_not_after_it() {
    let mut settings = users(1, 1, 0);
    settings.cluster.horizon = Some(2000);
    let mut workload = generated(&settings);
    let closed_loop = workload.closed_loop.as_mut().expect("virtual users");
    assert_eq!(closed_loop.remaining, None);
    let mut next =
        |step_end| closed_loop.follow_up(&mut workload.requests, answered(0, step_end), Micros(2000));
    assert_eq!(next(1001), None);
    assert_eq!(next(1000), Some(RequestIndex::new(1)));
}

#[test]
fn lengths_do_not_depend_on_the_order_of_answers() {
    let lengths_of_user = |order: [u32; 2], user: u32| {
        let mut workload = generated(&users(2, 0, 100));
        let mut last = [0, 1];
        for turn in 0..20 {
            for user in order {
                let place = &mut last[user as usize];
                *place = answer(&mut workload, *place, turn).expect("budget left");
            }
        }
        let requests = &workload.requests;
        let rows = (0..requests.len()).filter(|&row| requests.session[row] == user);
        rows.map(|row| (requests.input[row], requests.output[row])).collect::<Vec<_>>()
    };
    for user in 0..2 {
        assert_eq!(lengths_of_user([0, 1], user), lengths_of_user([1, 0], user));
    }
    assert_ne!(lengths_of_user([0, 1], 0), lengths_of_user([0, 1], 1));
}

#[test]
fn a_specification_may_mix_users_with_an_open_loop() {
    let lengths = "input_distribution: {type: constant, params: {value: 1}}, \
                   output_distribution: {type: constant, params: {value: 1}}";
    let mut workload = from_spec(&format!(
        "{{aggregate_rate: 100, num_requests: 5, clients: [\
         {{id: open, rate_fraction: 1, arrival: {{process: constant}}, {lengths}}}, \
         {{id: loop, concurrency: 2, think_time_us: 30000, {lengths}}}]}}"
    ));
    // The open loop has the whole aggregate rate.
    assert_eq!(arrivals(&workload), [0, 10_000, 15_000, 20_000, 30_000]);
    assert_eq!(workload.requests.session, [0, NO_SESSION, 1, NO_SESSION, NO_SESSION]);
    let deadlines = &workload.requests.deadline;
    assert_eq!(deadlines[..3], [Micros(300_000_000), Micros::ZERO, Micros(300_015_000)]);
    assert_eq!(answer(&mut workload, 1, 40_000), None);
    assert_eq!(answer(&mut workload, 0, 40_000), None);
}

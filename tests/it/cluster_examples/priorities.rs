//! C-X7: what makes a request urgent inside an instance.

use crate::common::cluster::{
    ROOFLINE, TRAINED_PHYSICS, config, happened, of_class, request, run, steps, times,
};
use blis_playground::config::{
    PreemptionPolicyName, PriorityPolicyName as Priority, SchedulerName as Scheduler,
};
use blis_playground::units::RequestIndex;

/// The order in which five requests are served one after the other.
fn order_of_service(priority: Priority, scheduler: Scheduler) -> Vec<u32> {
    let rows = [(0, "standard"), (10, "batch"), (20, "critical"), (30, "standard"), (30, "critical")];
    let requests = rows.iter().map(|&(arrival, class)| of_class(class, request(arrival, 40, 2))).collect();
    let mut config = config(ROOFLINE, 1, requests);
    config.instance.max_num_running_reqs = 1;
    config.instance.priority_policy = priority;
    config.instance.scheduler = scheduler;
    let scheduled = run(&config).records.first_scheduled_at;
    let mut order: Vec<u32> = (0..5).collect();
    order.sort_by_key(|&request| scheduled[request as usize]);
    let starts: Vec<_> = order.iter().map(|&request| scheduled[request as usize].0).collect();
    assert_eq!(starts, [0, 11_527, 23_054, 34_581, 46_108]);
    order
}

#[test]
fn x7_slo_class_orders_by_the_class() {
    assert_eq!(order_of_service(Priority::SloClass, Scheduler::PriorityFcfs), [0, 2, 4, 3, 1]);
    assert_eq!(order_of_service(Priority::SloClass, Scheduler::ReversePriority), [0, 1, 3, 2, 4]);
}

#[test]
fn x7_constant_leaves_the_order_of_arrival() {
    assert_eq!(order_of_service(Priority::Constant, Scheduler::PriorityFcfs), [0, 1, 2, 3, 4]);
    assert_eq!(order_of_service(Priority::Constant, Scheduler::ReversePriority), [0, 1, 2, 3, 4]);
}

#[test]
fn x7_slo_based_puts_the_oldest_first() {
    assert_eq!(order_of_service(Priority::SloBased, Scheduler::PriorityFcfs), [0, 1, 2, 3, 4]);
    assert_eq!(order_of_service(Priority::SloBased, Scheduler::ReversePriority), [0, 3, 4, 2, 1]);
}

#[test]
fn x7_inverted_slo_puts_the_newest_first() {
    assert_eq!(order_of_service(Priority::InvertedSlo, Scheduler::PriorityFcfs), [0, 3, 4, 2, 1]);
    assert_eq!(order_of_service(Priority::InvertedSlo, Scheduler::ReversePriority), [0, 1, 2, 3, 4]);
}

#[test]
fn x7_fcfs_never_sees_a_priority() {
    for priority in [Priority::SloClass, Priority::Constant, Priority::SloBased, Priority::InvertedSlo] {
        assert_eq!(order_of_service(priority, Scheduler::Fcfs), [0, 1, 2, 3, 4]);
    }
}

/// In step 4 a block is missing: which request is evicted, and the E2E of all three.
fn check_victim(priority: Priority, victim: u32, e2e: [i64; 3]) {
    let requests = vec![
        of_class("batch", request(0, 8, 6)),
        of_class("critical", request(1, 10, 6)),
        of_class("standard", request(1, 7, 6)),
    ];
    let mut config = config(TRAINED_PHYSICS, 1, requests);
    config.memory.total_kv_blocks = Some(8);
    config.memory.block_size_in_tokens = 4;
    config.memory.max_model_len = Some(32);
    config.instance.preemption_policy = PreemptionPolicyName::Priority;
    config.instance.priority_policy = priority;
    let outcome = run(&config);
    assert_eq!(outcome.steps[3].start.0, 52_170);
    assert_eq!(outcome.steps[3].preempted, [RequestIndex::new(victim)]);
    let batch: Vec<u32> = steps(&outcome)[3].3.iter().map(|&(request, _)| request).collect();
    let others: Vec<u32> = (0..3).filter(|&request| request != victim).collect();
    assert_eq!(batch, others);
    assert_eq!(times(&outcome.records.e2e), happened(&e2e));
}

#[test]
fn x7_the_least_urgent_class_is_evicted() {
    check_victim(Priority::SloClass, 0, [174_893, 101_888, 101_888]);
}

#[test]
fn x7_without_classes_the_newest_is_evicted_and_of_equals_the_one_nearer_the_tail() {
    check_victim(Priority::Constant, 2, [89_721, 101_915, 162_725]);
    check_victim(Priority::SloBased, 2, [89_721, 101_915, 162_725]);
}

#[test]
fn x7_inverted_slo_evicts_the_oldest() {
    check_victim(Priority::InvertedSlo, 0, [174_893, 101_888, 101_888]);
}

//! Requests given row by row.

use super::support::{config, generated, refusal};
use blis_playground::config::{Burst, Config, ExplicitRequest};
use blis_playground::units::{Micros, RequestIndex};
use blis_playground::workload::{NO_GROUP, NO_NODE, NO_SESSION, generate};

fn list(requests: Vec<ExplicitRequest>) -> Config {
    config(|w| w.requests = Some(requests.into()))
}

/// Three good rows, of which the last is changed.
fn with_third(change: impl FnOnce(&mut ExplicitRequest)) -> Config {
    let mut rows =
        vec![ExplicitRequest { input_tokens: 5, output_tokens: 2, ..ExplicitRequest::default() }; 3];
    change(&mut rows[2]);
    list(rows)
}

#[test]
fn rows_keep_their_order_and_values() {
    let late = ExplicitRequest {
        context_tokens: 0,
        id: Some("late".to_owned()),
        arrival_us: 900,
        input_tokens: 40,
        output_tokens: 7,
        budget: Some(3),
        prefix_group: Some("g".to_owned()),
        prefix_length: 32,
        slo_class: "batch".to_owned(),
        tenant: "t".to_owned(),
        deadline_us: Some(5000),
        client: "c".to_owned(),
        session: "s".to_owned(),
        round: 2,
        model: "m".to_owned(),
        streaming: true,
        slo_target_us: 7,
        row_prefix_length: Some(16),
        hash_ids: None,
    };
    let early = ExplicitRequest { arrival_us: 100, input_tokens: 1, ..ExplicitRequest::default() };
    let requests = generated(&list(vec![late, early])).requests;
    assert_eq!(requests.arrival, [Micros(900), Micros(100)]);
    assert_eq!((requests.input.clone(), requests.output.clone()), (vec![40, 1], vec![7, 0]));
    assert_eq!(requests.budget, [3, 0]);
    assert_eq!(requests.deadline, [Micros(5000), Micros::ZERO]);
    assert_eq!((requests.group.clone(), requests.prefix.clone()), (vec![0, NO_GROUP], vec![32, 0]));
    assert_eq!(requests.groups, ["g"]);
    assert_eq!([0, 1].map(|row| requests.id(RequestIndex::new(row))), ["late", "request_1"]);
    assert_eq!(requests.session, [0, NO_SESSION]);
    assert_eq!(requests.round, [2, 0]);
    assert_eq!(crate::common::conversations(&requests), ["s", ""]);
    assert_eq!([0, 1].map(|row| requests.model(RequestIndex::new(row))), ["m", ""]);
}

#[test]
fn the_empty_class_and_tenant_come_first_in_their_tables() {
    let requests = generated(&with_third(|row| row.slo_class = "critical".to_owned())).requests;
    assert_eq!(
        (requests.classes, requests.class),
        (vec![String::new(), "critical".to_owned()], vec![0, 0, 1])
    );
    let mut rows = vec![ExplicitRequest::default(); 2];
    (rows[0].slo_class, rows[0].tenant) = ("batch".to_owned(), "t".to_owned());
    let requests = generated(&list(rows)).requests;
    assert_eq!((requests.classes, requests.class), (vec![String::new(), "batch".to_owned()], vec![1, 0]));
    assert_eq!((requests.tenants, requests.tenant), (vec![String::new(), "t".to_owned()], vec![1, 0]));
}

#[test]
fn rows_without_any_id_are_numbered_without_storing_names() {
    assert_eq!(generated(&with_third(|_| ())).requests.ids, None);
}

#[test]
fn an_empty_list_is_a_workload_without_requests() {
    assert!(generated(&list(Vec::new())).requests.is_empty());
}

fn hashed(rows: &[(u32, Option<&[u64]>)]) -> Config {
    let row = |&(input_tokens, ids): &(u32, Option<&[u64]>)| ExplicitRequest {
        input_tokens,
        hash_ids: ids.map(<[u64]>::to_vec),
        ..ExplicitRequest::default()
    };
    let mut config = list(rows.iter().map(row).collect());
    config.workload.hash_block = 10;
    config
}

#[test]
fn hash_ids_become_a_tree() {
    let ids: [&[u64]; 4] = [&[u64::MAX, 7], &[u64::MAX, 8, 3], &[], &[u64::MAX]];
    let rows = [(11, Some(ids[0])), (30, Some(ids[1])), (5, None), (0, Some(ids[2])), (10, Some(ids[3]))];
    let requests = generated(&hashed(&rows)).requests;
    let tree = requests.tree.clone().expect("there are ids");
    assert_eq!(tree.check(&requests), Ok(()));
    assert_eq!((tree.hash_block, tree.parent), (10, vec![NO_NODE, 0, 0, 2]));
    assert_eq!(tree.leaf, [1, 3, NO_NODE, NO_NODE, 0]);
    assert_eq!(generated(&hashed(&rows[2..3])).requests.tree, None);
}

#[test]
fn hash_ids_that_are_no_path_are_refused_with_what_would_be_right() {
    let first: (u32, Option<&[u64]>) = (20, Some(&[1, 2]));
    let cases: [(u32, &[u64], &str); 5] = [
        (
            21,
            &[1, 2],
            "workload.requests[1].hash_ids: got 2 ids, expected 3, one for each 10 tokens (workload.hash_block) of 21, begun or full",
        ),
        (
            0,
            &[1],
            "workload.requests[1].hash_ids: got 1 ids, expected 0, one for each 10 tokens (workload.hash_block) of 0, begun or full",
        ),
        (
            20,
            &[2, 3],
            "workload.requests[1].hash_ids[0]: got 2, expected a number of its own: 2 stands for a whole prompt up to its block, and it came first as hash_ids[1] behind 1",
        ),
        (
            20,
            &[3, 2],
            "workload.requests[1].hash_ids[1]: got 2, expected a number of its own: 2 stands for a whole prompt up to its block, and it came first as hash_ids[1] behind 1",
        ),
        (
            20,
            &[3, 1],
            "workload.requests[1].hash_ids[1]: got 1, expected a number of its own: 1 stands for a whole prompt up to its block, and it came first as hash_ids[0] at the start of a prompt",
        ),
    ];
    for (input, ids, message) in cases {
        let error = generate(&hashed(&[first, (input, Some(ids))])).expect_err(message);
        assert_eq!(error.to_string(), message);
    }
    let mut both = hashed(&[first]);
    both.workload.rows_mut().expect("a list")[0].prefix_group = Some("g".to_owned());
    assert_eq!(refusal(&both).0, "workload.requests[0].hash_ids");
    both.workload.hash_block = 0;
    assert_eq!(refusal(&both).0, "workload.hash_block");
}

#[test]
fn a_burst_repeats_hash_ids() {
    let mut config = hashed(&[(20, Some(&[1, 2])), (5, None)]);
    config.workload.bursts = vec![Burst { requests: 3, at: 7 }];
    let requests = generated(&config).requests;
    let tree = requests.tree.clone().expect("there are ids");
    assert_eq!((tree.leaf.len(), tree.check(&requests)), (5, Ok(())));
}

#[test]
fn a_bad_row_is_named() {
    type Change = fn(&mut ExplicitRequest);
    let cases: [(&str, Change); 10] = [
        ("arrival_us", |row| row.arrival_us = -1),
        ("arrival_us", |row| row.arrival_us = 1_000_000_000_000_001),
        ("deadline_us", |row| row.deadline_us = Some(-1)),
        ("input_tokens", |row| row.input_tokens = 10_000_001),
        ("output_tokens", |row| row.output_tokens = 10_000_001),
        ("budget", |row| row.budget = Some(-1)),
        ("budget", |row| row.budget = Some(10_000_001)),
        ("prefix_length", |row| (row.prefix_length, row.prefix_group) = (6, Some(String::new()))),
        ("prefix_length", |row| row.prefix_length = 1),
        ("id", |row| row.id = Some("request_1".to_owned())),
    ];
    for (field, change) in cases {
        let (path, text) = refusal(&with_third(change));
        assert_eq!(path, format!("workload.requests[2].{field}"), "{text}");
    }
}

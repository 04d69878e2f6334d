//! Lists of requests that the process holds: the same runs as from rows, and nothing that breaks the engine.

use blis_playground::config::{Config, ExplicitRequest, ExplicitRequests, LoadedRequests};
use blis_playground::workload::imported::imported;
use blis_playground::workload::loaded::{self, RequestList};
use blis_playground::workload::{self, Requests};
use blis_playground::{Simulation, record};
use proptest::prelude::*;

/// Requests with everything that a row can have.
fn rows() -> Vec<ExplicitRequest> {
    (0..60)
        .map(|row: u32| ExplicitRequest {
            id: Some(format!("call {row}")),
            arrival_us: i64::from(row) * 7_000 % 100_000,
            input_tokens: 100 + row * 13 % 700,
            output_tokens: 1 + row % 40,
            budget: row.is_multiple_of(5).then_some(64),
            prefix_group: row.is_multiple_of(3).then(|| format!("group {}", row % 2)),
            prefix_length: if row.is_multiple_of(3) { 64 } else { 0 },
            slo_class: ["", "gold"][row as usize % 2].to_owned(),
            tenant: ["", "ann", "bea"][row as usize % 3].to_owned(),
            deadline_us: row.is_multiple_of(7).then_some(60_000_000),
            client: "web".to_owned(),
            session: ["", "s1"][row as usize % 2].to_owned(),
            round: row % 4,
            ..ExplicitRequest::default()
        })
        .collect()
}

fn with(requests: ExplicitRequests) -> Config {
    let mut config = Config::default();
    config.cluster.num_instances = 2;
    config.workload.requests = Some(requests);
    config
}

fn digest(config: &Config) -> String {
    let mut simulation = Simulation::new(config).expect("valid");
    simulation.run_to_end();
    record::digest(&simulation.finish())
}

/// The columns of the rows.
fn list() -> RequestList {
    workload::generate(&with(rows().into())).expect("valid").requests.into()
}

#[test]
fn a_loaded_list_runs_like_its_rows() {
    let reference = loaded::load_list(list(), "rows.csv").expect("valid");
    assert_eq!((reference.requests, reference.name.as_str()), (60, "rows.csv"));
    let loaded = with(ExplicitRequests::Loaded(reference.clone()));
    assert_eq!(digest(&loaded), digest(&with(rows().into())));
    assert_eq!(imported(&loaded), imported(&with(rows().into())));

    // It comes back from its bytes under the same name.
    let bytes = loaded::pack(&list());
    assert_eq!(loaded::load(&bytes, "rows.csv"), Ok(reference.clone()));
    assert_eq!(*loaded::find(&reference).expect("held"), list());
}

#[test]
fn settings_name_a_loaded_list_by_its_digest() {
    let reference = LoadedRequests { digest: "0".repeat(32), name: "lost.csv".to_owned(), requests: 7 };
    let config = with(ExplicitRequests::Loaded(reference));
    let again = Config::from_json(&config.to_json()).expect("valid");
    assert_eq!(again, config);
    assert_eq!(Config::from_pairs(&Config::default(), config.to_pairs()), Ok(config.clone()));

    let error = workload::generate(&config).expect_err("nobody has loaded it").to_string();
    assert_eq!(
        error,
        "workload.requests: got the list lost.csv, expected a list that has been loaded: choose its file again"
    );
    assert!(config.problems().iter().any(|problem| problem.to_string() == error));
}

#[test]
fn what_is_wrong_with_a_row_still_has_its_place() {
    for (requests, message) in [
        (
            r#"[{"arrival_us": "x"}]"#,
            "workload.requests[0].arrival_us: got \"x\" (a text), expected a whole number",
        ),
        (r#"{"digest": 3}"#, "workload.requests.digest: got 3, expected a text"),
        (
            r#"{"rows": []}"#,
            "workload.requests.rows: got [], expected a known field: one of digest, name, requests",
        ),
        ("7", "workload.requests: got 7, expected a JSON document or null"),
    ] {
        let json = format!(r#"{{"workload": {{"requests": {requests}}}}}"#);
        assert_eq!(Config::from_json(&json).expect_err("not a list").to_string(), message);
    }
}

#[test]
fn columns_that_do_not_belong_together_are_refused() {
    type Change = fn(&mut RequestList);
    let changes: [(&str, Change); 12] = [
        ("no request", |list| list.requests = Requests::default()),
        ("different lengths", |list| list.requests.input.truncate(3)),
        ("different lengths", |list| list.streaming = Some(vec![true])),
        ("without a name", |list| list.requests.class[5] = 99),
        ("without a name", |list| list.requests.client[5] = 99),
        ("without a name", |list| list.requests.group[0] = 99),
        ("[4].prefix_length", |list| list.requests.prefix[4] = 50),
        ("[3].arrival_us", |list| list.requests.arrival[3].0 = -1),
        ("[2].budget", |list| list.requests.budget[2] = -1),
        ("[9].id", |list| list.requests.ids.as_mut().expect("ids")[9] = "call 1".to_owned()),
        ("without a name", |list| list.requests.session[1] = 99),
        ("at most 200 bytes", |list| list.requests.tenants[0] = "x".repeat(300)),
    ];
    for (words, change) in changes {
        let mut list = list();
        change(&mut list);
        let error = loaded::load_list(list.clone(), "").expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
        assert_eq!(loaded::load(&loaded::pack(&list), "").expect_err(words).to_string(), error);
    }
}

/// Rows of a list with hash ids beside one with a prefix group.
fn hashed() -> Config {
    let ids = [Some(vec![5, 9]), None, Some(vec![5, 2, 7]), Some(vec![5]), Some(vec![3])];
    let request = |hash_ids: Option<Vec<u64>>| ExplicitRequest {
        input_tokens: 64 * hash_ids.as_ref().map_or(3, |ids: &Vec<u64>| ids.len() as u32) - 3,
        output_tokens: 2,
        hash_ids,
        ..ExplicitRequest::default()
    };
    let mut rows: Vec<_> = ids.into_iter().map(request).collect();
    (rows[1].prefix_group, rows[1].prefix_length) = (Some("g".to_owned()), 32);
    let mut config = with(rows.into());
    config.workload.hash_block = 64;
    config
}

#[test]
fn a_list_comes_back_as_rows() {
    for config in [with(rows().into()), hashed()] {
        let list = RequestList::from(workload::generate(&config).expect("valid").requests);
        assert_eq!(list.clone().canonical(), list);
        let mut again = config.clone();
        again.workload.requests = Some(list.rows().into());
        assert_eq!(workload::generate(&again).expect("valid").requests, list.requests);
    }
    let plain = with(rows().into());
    let list = RequestList::from(workload::generate(&plain).expect("valid").requests);
    assert_eq!(list.rows(), rows());
}

#[test]
fn lists_of_the_same_content_have_one_name() {
    let list = RequestList::from(workload::generate(&hashed()).expect("valid").requests);
    let mut other = list.clone();
    let requests = &mut other.requests;
    requests.tenants = vec!["nobody".to_owned(), String::new()];
    requests.tenant.fill(1);
    let tree = requests.tree.as_mut().expect("hash ids");
    // The same paths, below a node that no request has.
    tree.parent.insert(0, u32::MAX);
    for node in tree.parent.iter_mut().chain(&mut tree.leaf).filter(|node| **node != u32::MAX) {
        *node += 1;
    }
    assert_ne!(other, list);
    assert_eq!(other.clone().canonical(), list);
    assert_eq!(loaded::load_list(other, "a"), loaded::load_list(list, "a"));
}

#[test]
fn a_list_that_is_let_go_is_gone() {
    let mut other = list();
    other.requests.output[0] += 1;
    let reference = loaded::load_list(other, "").expect("valid");
    assert!(loaded::is_loaded(&reference.digest));
    assert!(loaded::unload(&reference.digest));
    assert!(!loaded::unload(&reference.digest));
    assert!(loaded::find(&reference).is_err());
}

proptest! {
    /// Damaged bytes are refused, or give a list that can be run: never a panic.
    #[test]
    fn damaged_bytes_do_no_harm(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = loaded::pack(&list());
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if byte % 4 == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(reference) = loaded::load(&bytes, "") {
            let config = with(ExplicitRequests::Loaded(reference.clone()));
            let _ = Simulation::new(&config).map(|mut run| run.advance(10_000));
            if *loaded::find(&reference).expect("held") != list() {
                loaded::unload(&reference.digest);
            }
        }
    }
}

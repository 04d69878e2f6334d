//! Merging clients, order, cut, prefix groups, timeouts (W-5, W-6 and W-9).

use super::support::{
    arrivals, arrivals_of, config, from_spec, generated, golden_cases, integers, moments, spec, spec_config,
};
use blis_playground::units::Micros;
use blis_playground::workload::NO_GROUP;
use std::collections::BTreeSet;

/// A client with lengths of one token.
fn client(id: &str, fraction: f64, more: &str) -> String {
    format!(
        "{{id: {id}, rate_fraction: {fraction}, {more}, \
         input_distribution: {{type: constant, params: {{value: 1}}}}, \
         output_distribution: {{type: constant, params: {{value: 1}}}}}}"
    )
}

#[test]
fn equal_arrival_times_keep_the_order_of_the_clients() {
    let (slow, fast) = (
        client("slow", 1.0, "arrival: {process: constant}"),
        client("fast", 2.0, "arrival: {process: constant}"),
    );
    let names = |clients: String| {
        let workload = from_spec(&format!("{{aggregate_rate: 3, num_requests: 6, clients: [{clients}]}}"));
        let requests = workload.requests;
        let name = |&client: &u32| requests.clients[client as usize].clone();
        (arrivals_of(&requests), requests.client.iter().map(name).collect::<Vec<_>>())
    };
    let times = vec![500_000, 1_000_000, 1_000_000, 1_500_000, 2_000_000, 2_000_000];
    let (arrivals, order) = names(format!("{slow}, {fast}"));
    assert_eq!(arrivals, times);
    assert_eq!(order, ["fast", "slow", "fast", "fast", "slow", "fast"]);
    let (arrivals, order) = names(format!("{fast}, {slow}"));
    assert_eq!(arrivals, times);
    assert_eq!(order, ["fast", "fast", "slow", "fast", "fast", "slow"]);
}

#[test]
fn requests_are_split_by_fraction_and_constant_clients_stay_on_their_grid() {
    let mut shares = Vec::new();
    for seed in 0..100 {
        let workload = from_spec(&format!(
            "{{seed: {seed}, aggregate_rate: 100, num_requests: 500, clients: [{}, {}]}}",
            client("a", 3.0, "arrival: {process: poisson}"),
            client("b", 1.0, "arrival: {process: constant}"),
        ));
        let requests = &workload.requests;
        assert_eq!(requests.len(), 500);
        assert!(requests.arrival.is_sorted());
        let b = requests.clients.iter().position(|name| name == "b").expect("b occurs") as u32;
        let of_b = requests.client.iter().zip(arrivals(&workload)).filter(|&(&client, _)| client == b);
        let of_b: Vec<i64> = of_b.map(|(_, arrival)| arrival).collect();
        assert_eq!(of_b, (1..=of_b.len() as i64).map(|k| k * 40_000).collect::<Vec<_>>());
        shares.push(of_b.len() as f64);
    }
    let (mean, sd) = moments(&shares);
    // Measured over 100 seeds: 124.4 ± 5.0.
    assert!((mean - 124.4).abs() < 5.0 * (5.0 * 2.0f64.sqrt() / 10.0), "mean {mean}");
    assert!((3.5..7.0).contains(&sd), "standard deviation {sd}");
}

#[test]
fn the_first_client_that_names_a_group_fixes_its_prefix_length() {
    let requests = from_spec(&format!(
        "{{aggregate_rate: 3, num_requests: 30, clients: [{}, {}, {}]}}",
        client("a", 1.0, "prefix_group: g, prefix_length: 64, arrival: {process: constant}"),
        client("b", 1.0, "prefix_group: g, prefix_length: 10, arrival: {process: constant}"),
        client("c", 1.0, "arrival: {process: constant}"),
    ))
    .requests;
    assert_eq!(requests.groups, ["g"]);
    for row in 0..requests.len() {
        let expected = if requests.client[row] == 2 { (NO_GROUP, 0, 1) } else { (0, 64, 65) };
        assert_eq!((requests.group[row], requests.prefix[row], requests.input[row]), expected);
    }
}

#[test]
fn a_group_without_a_length_gets_50_tokens_even_if_a_later_client_gives_one() {
    let requests = from_spec(&format!(
        "{{aggregate_rate: 2, num_requests: 10, clients: [{}, {}]}}",
        client("a", 1.0, "prefix_group: g, arrival: {process: constant}"),
        client("b", 1.0, "prefix_group: g, prefix_length: 10, arrival: {process: constant}"),
    ))
    .requests;
    assert_eq!(requests.prefix, [50; 10]);
}

#[test]
fn cohort_members_share_a_prefix_or_have_one_each() {
    let groups = |sharing: &str| {
        let cohort = client(
            "c",
            1.0,
            &format!("population: 2, prefix_group: g{sharing}, arrival: {{process: constant}}"),
        );
        from_spec(&format!("{{aggregate_rate: 2, num_requests: 10, cohorts: [{cohort}]}}")).requests.groups
    };
    assert_eq!(groups(""), ["g"]);
    assert_eq!(groups(", prefix_sharing: shared"), ["g"]);
    assert_eq!(groups(", prefix_sharing: per_member"), ["g-0", "g-1"]);
}

#[test]
fn a_client_timeout_counts_unless_the_settings_name_one() {
    let yaml = format!(
        "{{aggregate_rate: 2, num_requests: 2, clients: [{}, {}]}}",
        client("a", 1.0, "timeout: 7, arrival: {process: constant}"),
        client("b", 1.0, "arrival: {process: constant}"),
    );
    let deadlines = |timeout| {
        let mut settings = spec_config(&yaml);
        settings.workload.timeout = timeout;
        generated(&settings).requests.deadline
    };
    assert_eq!(deadlines(None), [Micros(1_000_007), Micros::ZERO]);
    assert_eq!(deadlines(Some(2)), [Micros(3_000_000); 2]);
    assert_eq!(deadlines(Some(-1)), [Micros::ZERO; 2]);
}

#[test]
fn only_names_that_occur_are_in_the_tables() {
    let requests = from_spec(&format!(
        "{{aggregate_rate: 1001, num_requests: 5, clients: [{}, {}]}}",
        client("rare", 1.0, "slo_class: batch, tenant_id: t, arrival: {process: constant}"),
        client("usual", 1000.0, "slo_class: critical, arrival: {process: constant}"),
    ))
    .requests;
    assert_eq!((requests.clients, requests.classes), (vec!["usual".to_owned()], vec!["critical".to_owned()]));
    assert_eq!(requests.tenants, [""]);
}

#[test]
fn recorded_specifications_give_the_recorded_labels_and_constant_grids() {
    let (mut compared, mut grids) = (0, 0);
    for (name, case) in golden_cases() {
        let source = &case["workload"]["source"];
        // Conversations have tests of their own.
        if source["kind"] != "spec" || !case["workload"]["parent"].is_null() {
            continue;
        }
        let text = source["spec"].to_string();
        let mut settings = config(|w| w.spec = Some(spec(&text)));
        settings.cluster.horizon = case["config"]["horizon"].as_i64();
        let requests = generated(&settings).requests;
        let recorded = &case["workload"];
        let label = |row: usize| {
            let group = requests.groups.get(requests.group[row] as usize).map_or("", String::as_str);
            let class = &requests.classes[requests.class[row] as usize];
            (class.clone(), group.to_owned(), i64::from(requests.prefix[row]))
        };
        let ours: BTreeSet<_> = (0..requests.len()).map(label).collect();
        let text_at = |column: &str, row: usize| recorded[column][row].as_str().unwrap_or("").to_owned();
        let prefixes = integers(&recorded["prefix_length"]);
        let times = integers(&recorded["arrival_us"]);
        let recorded_label =
            |row: usize| (text_at("slo_class", row), text_at("prefix_group", row), prefixes[row]);
        let theirs: BTreeSet<_> = (0..times.len()).map(recorded_label).collect();
        assert_eq!(ours, theirs, "{name}");
        if settings.cluster.horizon.is_none() {
            assert_eq!(requests.len(), times.len(), "{name}");
        }
        compared += 1;
        for client in source["spec"]["clients"].as_array().expect("clients") {
            let class = client["slo_class"].as_str().unwrap_or("");
            let alone = source["spec"]["clients"].as_array().expect("clients").iter();
            if client["arrival"]["process"] == "constant"
                && alone.filter(|other| other["slo_class"].as_str().unwrap_or("") == class).count() == 1
            {
                let of_class = |column: Vec<(String, i64)>| -> Vec<i64> {
                    column.into_iter().filter(|(c, _)| c == class).map(|(_, time)| time).collect()
                };
                let ours = of_class(
                    (0..requests.len()).map(|row| (label(row).0, requests.arrival[row].0)).collect(),
                );
                let theirs =
                    of_class((0..times.len()).map(|row| (text_at("slo_class", row), times[row])).collect());
                let common = ours.len().min(theirs.len());
                assert!(common > 0, "{name}: {class}");
                assert_eq!(ours[..common], theirs[..common], "{name}: {class}");
                grids += 1;
            }
        }
    }
    assert_eq!(compared, 57);
    assert!(grids >= 5, "only {grids} constant clients compared");
}

//! What the reference's streams are too much for (N-21), and seeds of every size.

use blis_playground::Config;
use blis_playground::config::StreamsName;
use blis_playground::config::workload_spec::PrefixSharing;
use blis_playground::workload::specification::from_yaml;
use blis_playground::workload::{Generation, generate};

fn config(spec: &str) -> Config {
    let mut config = Config::default();
    config.workload.spec = Some(from_yaml(spec).unwrap_or_else(|error| panic!("{error}")));
    config
}

fn cohort(population: u32) -> Config {
    config(&format!(
        "{{aggregate_rate: 100, num_requests: 50, cohorts: [{{id: c, population: {population}, rate_fraction: 1, \
         arrival: {{process: poisson}}, input_distribution: {{type: constant, params: {{value: 9}}}}, \
         output_distribution: {{type: constant, params: {{value: 9}}}}}}]}}"
    ))
}

#[test]
fn too_many_members_and_users_are_refused_with_the_limit_and_a_way_out() {
    let refused = generate(&cohort(100_000)).expect_err("490 MB of generators");
    assert_eq!(refused.path(), "workload.spec.cohorts[0].population");
    let message = refused.to_string();
    assert!(message.contains("got 100000, expected at most 20000"), "{message}");
    assert!(message.contains("streams: independent"), "{message}");
    assert_eq!(generate(&cohort(20_000)).expect("just as many").requests.len(), 50);
    let independent = Config { streams: StreamsName::Independent, ..cohort(100_000) };
    assert_eq!(generate(&independent).expect("no such limit").requests.len(), 50);

    let mut users = Config::default();
    (users.workload.concurrency, users.workload.num_requests) = (20_001, 0);
    users.cluster.horizon = Some(1);
    assert_eq!(Generation::new(&users).expect_err("too many").path(), "workload.concurrency");
    // No more of them start than there may be requests.
    users.workload.num_requests = 30;
    assert_eq!(generate(&users).expect("30 users").requests.len(), 30);
}

#[test]
fn too_many_token_ids_are_refused_before_they_are_drawn() {
    // Ten million tokens for each of 20,000 groups.
    let mut prefixes = cohort(20_000);
    let groups = &mut prefixes.workload.spec.as_mut().expect("a specification").cohorts[0];
    "g".clone_into(&mut groups.prefix_group);
    groups.prefix_sharing = PrefixSharing::PerMember;
    groups.prefix_length = 9_999_000;
    let refused = Generation::new(&prefixes).expect_err("a minute of drawing");
    assert_eq!(refused.path(), "streams");
    assert!(refused.to_string().contains("more than 100000000000 tokens in all"), "{refused}");
    prefixes.streams = StreamsName::Independent;
    assert_eq!(generate(&prefixes).expect("nothing to draw").requests.len(), 50);
}

#[test]
fn seeds_that_agree_modulo_a_prime_give_the_same_stream_and_others_do_not() {
    use blis_playground::workload::reference::ReferenceStream;
    let first = |seed| ReferenceStream::new(seed).int63();
    assert_eq!(first(-1), first(2_147_483_646));
    assert_eq!([first(0), first(2_147_483_647)], [first(89_482_311); 2]);
    assert_ne!(first(i64::MIN), first(i64::MAX));
}

//! Prompts of several media (S-11), and the load of inference-perf (S-12).

use super::support::{arrivals, generated, refusal, spec_config};
use blis_playground::config::StreamsName;
use blis_playground::{Config, simulate};

const BOTH: [StreamsName; 2] = [StreamsName::Reference, StreamsName::Independent];

fn constant(value: u32) -> String {
    format!("{{type: constant, params: {{value: {value}}}}}")
}

/// The example of S-11.
fn media(more: &str) -> String {
    let (text, image, two, audio, none) =
        (constant(20), constant(100), constant(2), constant(70), "{type: empirical, params: {'0': 1}}");
    format!(
        "{{aggregate_rate: 5, num_requests: 9, clients: [{{id: m, rate_fraction: 1, arrival: {{process: constant}}, \
         prefix_group: g, prefix_length: 5, input_distribution: {}, output_distribution: {}, \
         multimodal: {{text_distribution: {text}, image_distribution: {image}, image_count_distribution: {two}, \
         audio_distribution: {audio}, video_distribution: {audio}, video_count_distribution: {none}}}{more}}}]}}",
        constant(9),
        constant(3),
    )
}

#[test]
fn tokens_of_all_media_add_up() {
    for streams in BOTH {
        let input = |more: &str| {
            let config = Config { streams, ..spec_config(&media(more)) };
            let workload = generated(&config);
            (workload.requests.input, workload.warnings)
        };
        assert_eq!(input(""), (vec![225; 9], Vec::new()));
        let (first, warnings) = input(", reasoning: {multi_turn: {max_rounds: 2}}");
        assert!(first.iter().all(|&tokens| tokens == 14), "{first:?}");
        assert!(
            warnings[0].contains("clients[0].multimodal: has no effect in conversations"),
            "{warnings:?}"
        );
        let (by_window, warnings) =
            input(", lifecycle: {windows: [{start_us: 0, end_us: 9000000, trace_rate: 2}]}");
        assert!(by_window.iter().all(|&tokens| tokens == 9 || tokens == 14), "{by_window:?}");
        assert!(warnings[0].contains("clients[0].multimodal: has no effect when windows"), "{warnings:?}");
    }
}

#[test]
fn distributions_of_media_are_checked_before_the_run() {
    let place = "workload.spec.clients[0].multimodal";
    for (from, to, path) in [
        ("value: 20}", "}", ".text_distribution.params.value"),
        ("value: 100}", "value: 99999999}", ".image_distribution.params.value"),
        ("value: 2}", "value: 5000}", ".image_count_distribution"),
        (
            "audio_distribution: {type: constant, params: {value: 70}}",
            "audio_distribution: {type: gaussian}",
            ".audio_distribution.params.mean",
        ),
        ("'0': 1", "'0': 0", ".video_count_distribution.params"),
    ] {
        let (at, text) = refusal(&spec_config(&media("").replacen(from, to, 1)));
        assert_eq!(at, format!("{place}{path}"), "{text}");
    }
    let nothing = media("").replace("multimodal: {", "multimodal: {}, model: ''}], x: [{");
    assert!(blis_playground::workload::specification::from_yaml(&nothing).is_err());
}

/// The load that S-12 gives figures for.
fn benchmark(stages: &str, users: (u32, u32), talk: bool) -> String {
    format!(
        "{{version: '2', seed: 1, inference_perf: {{stages: [{stages}], shared_prefix: {{num_unique_system_prompts: {}, \
         num_users_per_system_prompt: {}, system_prompt_len: 32, question_len: 20, output_len: 5, \
         enable_multi_turn_chat: {talk}}}}}}}",
        users.0, users.1
    )
}

#[test]
fn a_stage_of_single_requests_has_exactly_as_many_as_its_rate_says() {
    for streams in BOTH {
        let config = Config { streams, ..spec_config(&benchmark("{rate: 7, duration: 3}", (2, 3), false)) };
        let workload = generated(&config);
        let requests = &workload.requests;
        assert_eq!(requests.len(), 21);
        let last = *arrivals(&workload).last().expect("requests");
        assert!((2_999_990..=3_000_000).contains(&last), "{last}");
        let of_user = |user: u32| requests.client.iter().filter(|&&client| client == user).count();
        assert_eq!([0, 1, 2, 3, 4, 5].map(of_user), [4, 4, 4, 3, 3, 3]);
        assert_eq!(requests.clients[4], "prompt-1-user-1");
        assert_eq!(
            (&requests.groups[..], &requests.tenants[..]),
            (
                &["prompt-0".to_owned(), "prompt-1".to_owned()][..],
                &["prompt-0".to_owned(), "prompt-1".to_owned()][..]
            )
        );
        assert_eq!(requests.classes, ["standard"]);
        assert!(requests.input.iter().all(|&tokens| tokens == 52));
        assert!(requests.deadline.iter().all(|deadline| deadline.0 == 0));
    }
}

#[test]
fn a_stage_of_conversations_shares_its_requests_among_them() {
    for streams in BOTH {
        let config = Config { streams, ..spec_config(&benchmark("{rate: 7, duration: 3}", (2, 3), true)) };
        let outcome = simulate(&config).expect("valid");
        let requests = &outcome.requests;
        assert_eq!(requests.len(), 21);
        let of_user = |user: u32| requests.client.iter().filter(|&&client| client == user).count();
        assert_eq!([0, 1, 2, 3, 4, 5].map(of_user), [4, 4, 4, 3, 3, 3]);
        for row in (0..21).filter(|&row| requests.round[row] > 0) {
            let before = (0..21).find(|&before| {
                requests.session[before] == requests.session[row]
                    && requests.round[before] + 1 == requests.round[row]
            });
            let ended = outcome.records.ended_at[before.expect("the round before")];
            assert_eq!(requests.arrival[row].0 - ended.0, 857_142);
        }
        assert!(requests.input.iter().all(|&tokens| tokens == 52));
    }
}

/// What the report of the reference's users was about: the stages are not mixed, and each has its requests.
#[test]
fn two_stages_of_conversations_have_all_their_requests() {
    let text = benchmark("{rate: 5, duration: 600}, {rate: 10, duration: 600}", (11, 4), true)
        .replace("seed: 1", "seed: 42, num_requests: 9000");
    for streams in BOTH {
        let outcome = simulate(&Config { streams, ..spec_config(&text) }).expect("valid");
        let requests = &outcome.requests;
        assert_eq!(requests.len(), 9000);
        let of_stage = |stage: &str| {
            let is_of = |&&client: &&u32| requests.clients[client as usize].starts_with(stage);
            requests.client.iter().filter(is_of).count()
        };
        assert_eq!((of_stage("stage-0-"), of_stage("stage-1-")), (3000, 6000));
        let starts = (0..requests.len()).filter(|&row| requests.round[row] == 0);
        let late = starts.filter(|&row| requests.arrival[row].0 >= 600_000_000).count();
        assert_eq!(late, 44);
    }
}

#[test]
fn stages_of_single_requests_follow_one_another() {
    for streams in BOTH {
        let text = benchmark("{rate: 50, duration: 20}, {rate: 200, duration: 20}", (2, 3), false);
        let workload = generated(&Config { streams, ..spec_config(&text) });
        let times = arrivals(&workload);
        let first = times.iter().filter(|&&time| time < 20_000_000).count() as f64;
        let second = times.len() as f64 - first;
        assert!((first - 1000.0).abs() < 5.0 * 1000.0_f64.sqrt(), "{first}");
        assert!((second - 4000.0).abs() < 5.0 * 4000.0_f64.sqrt(), "{second}");
        assert!(times.iter().all(|&time| time < 40_000_000));
    }
}

#[test]
fn what_a_benchmark_asks_for_is_checked_with_its_place() {
    let good = benchmark("{rate: 7, duration: 3}", (2, 3), true);
    for (from, to, path) in [
        ("rate: 7", "rate: 0", "stages[0].rate"),
        ("rate: 7", "rate: -1", "stages[0].rate"),
        ("duration: 3", "duration: 0", "stages[0].duration"),
        ("{rate: 7, duration: 3}", "", "stages"),
        ("prompts: 2", "prompts: 0", "shared_prefix.num_unique_system_prompts"),
        ("per_system_prompt: 3", "per_system_prompt: -1", "shared_prefix.num_users_per_system_prompt"),
        ("question_len: 20", "question_len: -1", "shared_prefix.question_len"),
        ("prompts: 2", "prompts: 20", "shared_prefix"),
        ("prompts: 2", "prompts: 19999", "shared_prefix"),
    ] {
        let (at, text) = refusal(&spec_config(&good.replace(from, to)));
        assert_eq!(at, format!("workload.spec.inference_perf.{path}"), "{text}");
    }
    let (at, text) = refusal(&spec_config("{inference_perf: {stages: [{rate: 1, duration: 1}]}}"));
    assert_eq!(at, "workload.spec.inference_perf.shared_prefix", "{text}");
    let beside = good.replace("seed: 1", "seed: 1, clients: [{id: a}]");
    let (at, text) = refusal(&spec_config(&beside));
    assert_eq!(at, "workload.spec.inference_perf");
    assert!(text.contains("exactly one of clients"), "{text}");
    let rate = generated(&spec_config(&good.replace("seed: 1", "seed: 1, aggregate_rate: 3"))).warnings;
    assert!(rate.iter().any(|warning| warning.contains("aggregate_rate: 3 has no effect")), "{rate:?}");
}

//! Command lines, parsed in this process.

use super::*;
use crate::flags::command;
use blis_playground::config::{AdmissionPolicyName, ScorerName};

const MODEL: [&str; 4] = ["blis", "run", "--model", "qwen/qwen3-14b"];

fn invocation(flags: &[&str]) -> Result<Invocation, Failure> {
    let words = MODEL.iter().chain(flags);
    let matches = command().try_get_matches_from(words).expect("the flags are known and of the right type");
    Invocation::from_flags(matches.subcommand_matches("run").expect("the command is run"))
}

#[track_caller]
fn config(flags: &[&str]) -> Config {
    invocation(flags).expect("valid").config
}

#[track_caller]
fn rejected(flags: &[&str]) -> String {
    invocation(flags).expect_err("invalid").to_string()
}

#[track_caller]
fn warned(flags: &[&str]) -> Vec<String> {
    invocation(flags).expect("valid").remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn without_flags_the_references_defaults_hold() {
    let mut expected = Config::default();
    expected.trace.counterfactual_k = 0;
    assert_eq!(config(&[]), expected);
    assert_eq!(warned(&[]), [] as [&str; 0]);
}

#[test]
fn the_guides_quick_example_is_understood_word_for_word() {
    let line = "blis run --model qwen/qwen3-14b --num-instances 4 --rate 100 --num-requests 500 \
                --trace-level decisions --summarize-trace --counterfactual-k 3";
    let matches = command().try_get_matches_from(line.split_whitespace()).expect("known flags");
    let invocation = Invocation::from_flags(matches.subcommand_matches("run").expect("run")).expect("valid");
    assert_eq!(invocation.config.cluster.num_instances, 4);
    assert_eq!(invocation.config.workload.rate, 100.0);
    assert_eq!(invocation.config.workload.num_requests, 500);
    assert_eq!(invocation.config.trace.counterfactual_k, 3);
    assert!(invocation.summarize_trace);
    assert_eq!(invocation.remarks, []);
}

#[test]
fn every_setting_with_a_flag_can_be_given_and_arrives() {
    for setting in schema::settings() {
        let Some(flag) = setting.flag else { continue };
        let known = command()
            .find_subcommand("run")
            .expect("run")
            .get_arguments()
            .any(|arg| arg.get_long() == Some(&flag[2..]));
        assert!(known, "{flag}");
    }
    let flags = [
        "--hardware",
        "L40S",
        "--tp=2",
        "--max-model-len",
        "0",
        "--snapshot-refresh-interval=0",
        "--seed",
        "-7",
    ];
    let config = config(&flags);
    assert_eq!(config.model.hardware.as_deref(), Some("L40S"));
    assert_eq!(config.model.tp, Some(2));
    assert_eq!(config.memory.max_model_len, Some(0));
    assert_eq!(config.routing.snapshot_refresh_interval, 0);
    assert_eq!(config.seed, -7);
}

#[test]
fn every_flag_is_explained_in_one_line() {
    for subcommand in command().get_subcommands() {
        for arg in subcommand.get_arguments() {
            let help = arg.get_help().unwrap_or_else(|| panic!("{} has no help", arg.get_id())).to_string();
            assert!(!help.contains('\n') && help.len() > 10, "{help}");
        }
    }
}

#[test]
fn wrong_values_are_reported_with_flag_rule_and_value() {
    for (flag, value, message) in [
        ("--rate", "0", "--rate must be a number greater than 0, got 0"),
        ("--rate", "nan", "--rate must be a number greater than 0, got nan"),
        ("--num-instances", "0", "--num-instances must be a whole number from 1 to 4096, got 0"),
        ("--num-instances", "-1", "--num-instances must be a whole number from 1 to 4096, got -1"),
        ("--tp", "-1", "--tp must be a whole number from 1 to 1024, got -1"),
        ("--timeout", "0", "--timeout must be at least 1 second, or a negative number for no timeout, got 0"),
        (
            "--gpu-memory-utilization",
            "1.1",
            "--gpu-memory-utilization must be a number greater than 0 and at most 1, got 1.1",
        ),
        ("--trace-level", "Decisions", "--trace-level must be one of none, decisions, got Decisions"),
        (
            "--scheduler",
            "lifo",
            "--scheduler must be one of fcfs, priority-fcfs, sjf, reverse-priority, got lifo",
        ),
        ("--dp", "2", "--dp must be 1 (data parallelism is not simulated), got 2"),
        (
            "--prompt-tokens-stdev",
            "1",
            "--prompt-tokens-stdev 1 cannot be combined with --prompt-tokens-min 2 and --prompt-tokens-max 7000; expected a standard deviation of 0, or from 2 to 7000",
        ),
    ] {
        assert_eq!(rejected(&[flag, value]), message);
    }
}

#[test]
fn negative_numbers_are_values() {
    assert_eq!(config(&["--timeout", "-1"]).workload.timeout, Some(-1));
    let shed = config(&["--admission-policy", "tier-shed", "--tier-shed-min-priority", "-2"]);
    assert_eq!(shed.admission.tier_shed_min_priority, -2);
}

#[test]
fn of_a_repeated_flag_the_last_one_counts() {
    assert_eq!(config(&["--rate", "1", "--rate", "2"]).workload.rate, 2.0);
}

#[test]
fn values_of_the_wrong_type_and_unknown_flags_are_not_parsed() {
    for flags in [
        ["--rate", "abc"],
        ["--num-requests", "1.5"],
        ["--alpha-coeffs", "1,x"],
        ["--no-such-flag", "1"],
        ["--results-path", "x"],
        ["--trace-data", "x"],
        ["--rate", "--num-requests"],
    ] {
        assert!(command().try_get_matches_from(MODEL.iter().chain(&flags)).is_err(), "{flags:?}");
    }
}

#[test]
fn the_model_is_required_and_its_case_does_not_matter() {
    let matches = command().try_get_matches_from(["blis", "run"]).expect("parses");
    let error =
        Invocation::from_flags(matches.subcommand_matches("run").expect("run")).expect_err("no model");
    assert_eq!(error.to_string(), "--model is required");
    assert_eq!(config(&["--model", "Qwen/Qwen3-14B"]).model.name, "qwen/qwen3-14b");
}

#[test]
fn a_tp_of_zero_is_not_given() {
    assert_eq!(config(&["--tp", "0"]).model.tp, None);
}

#[test]
fn scorers_are_read_only_for_the_weighted_policy() {
    assert_eq!(warned(&["--routing-scorers", "garbage"]).len(), 1);
    let weighted = ["--routing-policy", "weighted", "--routing-scorers"];
    let scorers = |list| invocation(&[weighted[0], weighted[1], weighted[2], list]);
    let list = scorers("queue-depth:2, no-hit-lru:1").expect("valid").config.routing.scorers;
    assert_eq!(
        list.iter().map(|scorer| scorer.name).collect::<Vec<_>>(),
        [ScorerName::QueueDepth, ScorerName::NoHitLru]
    );
    assert_eq!(scorers("").expect("empty = default").config.routing.scorers.len(), 3);
    let message = scorers("queue-depth:0").expect_err("weight").to_string();
    assert_eq!(message, "--routing-scorers [0].weight must be a finite positive number, got 0");
    assert!(scorers("garbage").expect_err("no colon").to_string().contains("expected name:weight"));
}

#[test]
fn shedding_by_class_starts_at_zero_and_says_what_that_means() {
    let flags = ["--admission-policy", "tier-shed"];
    assert_eq!(config(&flags).admission.policy, AdmissionPolicyName::TierShed);
    assert_eq!(config(&flags).admission.tier_shed_min_priority, 0);
    assert!(warned(&flags)[0].starts_with("warning: --tier-shed-min-priority is 0, so only classes"));
    assert_eq!(warned(&[flags[0], flags[1], "--tier-shed-min-priority", "3"]), [] as [&str; 0]);
}

#[test]
fn regret_needs_tracing_and_a_number_of_alternatives() {
    let traced = ["--trace-level", "decisions"];
    assert_eq!(config(&["--counterfactual-k", "3"]).trace.counterfactual_k, 0);
    assert_eq!(warned(&["--counterfactual-k", "3", "--summarize-trace"]).len(), 2);
    assert_eq!(config(&traced).trace.counterfactual_k, 0);
    assert!(warned(&[traced[0], traced[1], "--summarize-trace"])[0].starts_with("note: the regret is 0"));
    assert!(!invocation(&["--summarize-trace"]).expect("valid").summarize_trace);
    assert!(!invocation(&[traced[0], traced[1], "--summarize-trace=false"]).expect("valid").summarize_trace);
    let negative = rejected(&["--counterfactual-k", "-1"]);
    assert!(negative.starts_with("--counterfactual-k must be a whole number from 0 to "), "{negative}");
}

#[test]
fn the_closed_loop_needs_an_end_and_excludes_a_rate_and_a_specification() {
    let users = ["--concurrency", "3"];
    assert_eq!(rejected(&users), "--concurrency needs --num-requests or --horizon, got neither");
    assert_eq!(config(&[users[0], users[1], "--horizon", "1000000"]).workload.num_requests, 0);
    assert_eq!(config(&[users[0], users[1], "--num-requests", "8"]).workload.num_requests, 8);
    let rate = rejected(&[users[0], users[1], "--num-requests", "8", "--rate", "1"]);
    assert_eq!(rate, "--concurrency 3 cannot be combined with --rate 1");
    let spec = rejected(&[users[0], users[1], "--num-requests", "8", "--workload-spec", "x.yaml"]);
    assert_eq!(spec, "--concurrency 3 cannot be combined with --workload-spec x.yaml");
}

#[test]
fn no_request_limit_needs_a_horizon() {
    let message = rejected(&["--num-requests", "0"]);
    assert!(
        message == "--num-requests must be at least 1 request unless --horizon is set, got 0",
        "{message}"
    );
}

#[test]
fn targets_are_classes_with_durations() {
    let config = config(&["--slo-ttft", "default=100ms", "--slo-e2e", "default=1.5s,batch=1m"]);
    assert_eq!(config.slo["default"].ttft_ms, Some(100.0));
    assert_eq!(config.slo["default"].e2e_ms, Some(1500.0));
    assert_eq!(config.slo["batch"].e2e_ms, Some(60_000.0));
    assert!(rejected(&["--slo-itl", "default=10"]).starts_with("--slo-itl must be class=duration,..."));
}

#[test]
fn expert_parallelism_is_refused_with_roofline() {
    assert!(invocation(&["--enable-expert-parallel"]).expect("valid").expert_parallel);
    let message = rejected(&["--enable-expert-parallel", "--latency-model", "roofline"]);
    assert!(message.contains("--latency-model roofline"), "{message}");
}

#[test]
fn files_that_are_missing_are_named() {
    let message = rejected(&["--workload-spec", "no/such/file.yaml"]);
    assert!(message.starts_with("--workload-spec no/such/file.yaml: "), "{message}");
    let message = rejected(&["--config", "no/such/file.json"]);
    assert!(message.starts_with("--config no/such/file.json: "), "{message}");
}

/// A file in the system's folder for temporary files, removed at the end.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("blis-plan-{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("the folder for temporary files is writable");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("the folder for temporary files has a plain name")
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // A file that stays behind in that folder does no harm.
        drop(std::fs::remove_file(&self.0));
    }
}

const SPEC: &str = "{version: '2', seed: 7, aggregate_rate: 60, num_requests: 500, clients: [{id: a, rate_fraction: 1, \
                    arrival: {process: poisson}, input_distribution: {type: constant, params: {value: 9}}, \
                    output_distribution: {type: constant, params: {value: 9}}}]}";

#[test]
fn explicit_flags_are_written_into_a_specification_and_others_are_not() {
    let file = TemporaryFile::new("flags.yaml", SPEC);
    let with =
        |flags: &[&str]| invocation(&[&["--workload-spec", file.path()], flags].concat()).expect("valid");
    let spec = with(&[]).config.workload.spec.expect("given");
    assert_eq!((spec.num_requests, spec.seed, spec.horizon), (Some(500), Some(7), None));
    let explicit = with(&["--num-requests", "20", "--seed", "3", "--horizon", "1000000", "--timeout", "-1"]);
    assert_eq!(explicit.remarks, []);
    assert_eq!((explicit.config.seed, explicit.config.workload.timeout), (3, Some(-1)));
    let spec = explicit.config.workload.spec.expect("given");
    assert_eq!((spec.num_requests, spec.seed, spec.horizon), (Some(20), Some(3), Some(1_000_000)));
}

#[test]
fn an_unknown_key_of_a_specification_is_reported_in_one_line_with_its_place() {
    let file = TemporaryFile::new("unknown.yaml", "version: '2'\nsead: 7\n");
    let message = rejected(&["--workload-spec", file.path()]);
    assert!(message.contains("sead") && message.contains("line 2") && !message.contains('\n'), "{message}");
}

#[test]
fn flags_win_over_a_configuration_file_and_the_rest_of_it_holds() {
    let file =
        TemporaryFile::new("config.json", r#"{"cluster": {"num_instances": 3}, "workload": {"rate": 7}}"#);
    let matches = command().try_get_matches_from(["blis", "run", "--config", file.path(), "--rate", "9"]);
    let matches = matches.expect("known flags");
    let config =
        Invocation::from_flags(matches.subcommand_matches("run").expect("run")).expect("valid").config;
    assert_eq!((config.cluster.num_instances, config.workload.rate), (3, 9.0));
    // The file's values and our own defaults, not the reference's.
    assert_eq!(config.trace.counterfactual_k, 1);
}

#[test]
fn a_flag_that_was_renamed_is_accepted_by_both_names_but_not_by_both_at_once() {
    for setting in schema::settings().iter().filter(|setting| setting.older_flag.is_some()) {
        let (newer, older) = (setting.flag.expect("newer"), setting.older_flag.expect("older"));
        let text = |flag| setting.text(&config(&[flag, "77"]));
        assert_eq!((text(newer), text(older)), ("77".to_owned(), "77".to_owned()), "{newer}");
        let words = MODEL.iter().copied().chain([newer, "5", older, "6"]);
        let message = command().try_get_matches_from(words).expect_err("both").to_string();
        assert!(message.contains(newer) && message.contains(older), "{message}");
        assert!(rejected(&[older, "0"]).starts_with(newer), "{}", rejected(&[older, "0"]));
        let help = command().find_subcommand_mut("run").expect("run").render_long_help().to_string();
        assert!(help.contains(&format!("{newer} <")) && !help.contains(&format!("{older} <")), "{help}");
    }
}

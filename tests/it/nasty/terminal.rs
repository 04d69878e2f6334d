//! Characters that act on a terminal or hide, in every text of a user's that the command line prints.

use super::files::Temporary;
use super::fronts::blis;
use blis_playground::text::is_hidden;
use std::ffi::OsString;
use std::process::Output;

/// Sets the title of the window, colours, clears the screen; turns the direction of writing; cannot be seen.
const NASTY: &str = "\u{1b}]0;PWNED\u{7}\u{1b}[31mred\u{1b}[2J\u{9b}1m\u{202e}gpj\u{200b}\u{ad}\u{e0041}end";

/// How it is to be shown.
const SHOWN: &str = r"\u{1b}]0;PWNED\u{7}\u{1b}[31mred\u{1b}[2J\u{9b}1m\u{202e}gpj\u{200b}\u{ad}\u{e0041}end";

/// The same, as strings of JSON and YAML have it.
fn in_json(text: &str) -> String {
    serde_json::to_string(text).expect("a text")
}

/// Both outputs, in which no character but the end of a line is hidden.
#[track_caller]
fn printed(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let (results, said) = (text(&output.stdout), text(&output.stderr));
    for text in [&results, &said] {
        let hidden: Vec<char> = text.chars().filter(|&char| char != '\n' && is_hidden(char)).collect();
        assert!(hidden.is_empty(), "{hidden:?} in {text}");
    }
    (results, said)
}

#[track_caller]
fn run(words: &[&str]) -> (String, String) {
    printed(&blis(["run", "--model=qwen/qwen3-14b", "--num-requests=40"].iter().chain(words)))
}

/// A specification whose clients have nasty names.
fn specification() -> Temporary {
    let client = |id: &str| {
        let name = in_json(&format!("{NASTY}{id}"));
        format!(
            "{{id: {name}, tenant_id: {name}, slo_class: {}, prefix_group: {name}, rate_fraction: 1, arrival: {{process: poisson}}, \
             input_distribution: {{type: constant, params: {{value: 9}}}}, \
             output_distribution: {{type: constant, params: {{value: 9}}}}}}",
            in_json(if id == "a" { "critical" } else { "batch" })
        )
    };
    let clients = format!(
        "version: '2'\naggregate_rate: 60\nnum_requests: 40\nclients: [{}, {}]\n",
        client("a"),
        client("b")
    );
    Temporary::write("nasty.yaml", clients.as_bytes())
}

#[test]
fn names_of_a_workload_are_shown_in_the_report_and_exact_in_files() {
    let file = specification();
    let metrics = Temporary::new("nasty-metrics.json");
    let argument = |flag: &str, file: &Temporary| {
        let mut argument = OsString::from(flag);
        argument.push(&file.0);
        argument
    };
    let fixed =
        ["run", "--model=qwen/qwen3-14b", "--trace-level=decisions", "--summarize-trace"].map(OsString::from);
    let files = [argument("--workload-spec=", &file), argument("--metrics-path=", &metrics)];
    let (report, _) = printed(&blis(fixed.into_iter().chain(files)));
    assert!(
        report.contains("=== Per-Tenant Metrics ===") && report.contains(&format!("  {SHOWN}a: ")),
        "{report}"
    );
    let text = std::fs::read_to_string(&metrics.0).expect("written");
    let rows: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(rows["requests"][0]["tenant_id"].as_str().map(|name| name.starts_with(NASTY)), Some(true));
}

#[test]
fn classes_of_targets_are_shown_in_every_form_of_the_output() {
    let target = format!("--slo-ttft={NASTY}=100ms");
    let (_, said) = run(&[&target]);
    assert!(said.contains("verdict: "), "{said}");
    let (settings, _) = run(&[&target, "--print-config"]);
    assert!(settings.contains(r"\u202e"), "{settings}");
    let (document, _) = run(&[&target, "--format=json"]);
    let document: serde_json::Value = serde_json::from_str(&document).expect("JSON");
    assert_eq!(document["config"]["slo"][NASTY]["ttft_ms"], 100.0);
    let plan =
        ["plan", "--model=qwen/qwen3-14b", "--tps=1", "--max-instances=2", "--max-requests=200", &target];
    let (_, said) = printed(&blis(plan));
    assert!(!said.is_empty());
}

#[test]
fn refused_texts_are_shown_in_messages() {
    for (flag, value) in [
        ("--model", NASTY.to_owned()),
        ("--hardware", NASTY.to_owned()),
        ("--routing-policy", NASTY.to_owned()),
        ("--trace-level", NASTY.to_owned()),
        ("--rate", NASTY.to_owned()),
        ("--fitness-weights", format!("{NASTY}:1")),
        ("--slo-ttft", format!("{NASTY}={NASTY}")),
        ("--config", NASTY.to_owned()),
        ("--workload-spec", NASTY.to_owned()),
        ("--policy-config", NASTY.to_owned()),
        ("--format", NASTY.to_owned()),
        (NASTY, "1".to_owned()),
    ] {
        let (_, said) = run(&[&format!("{flag}={value}")]);
        assert!(said.contains(r"\u{202e}gpj"), "{flag}: {said}");
    }
    let (_, said) = printed(&blis(["run", NASTY]));
    assert!(said.contains(r"\u{202e}gpj"), "{said}");
}

#[test]
fn a_line_in_a_name_is_no_line_of_ours() {
    let (_, said) = run(&["--model=x\ndigest: 0123456789abcdef"]);
    assert!(said.lines().all(|line| !line.starts_with("digest: ")), "{said}");
    assert!(said.contains(r"x\ndigest"), "{said}");
}

#[test]
fn a_line_in_what_the_parser_refuses_is_no_line_of_ours() {
    for words in [
        ["run", "--x\ndigest: 0123456789abcdef"],
        ["run", "--x\n\ndigest: 0123456789abcdef"],
        ["run", "x\ndigest: 0123456789abcdef"],
        ["run", "--format=x\ndigest: 0123456789abcdef"],
        ["run", "--num-instances=x\ndigest: 0123456789abcdef"],
        ["x\ndigest: 0123456789abcdef", "run"],
    ] {
        let output = blis(words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        let (_, said) = printed(&output);
        assert!(said.lines().all(|line| !line.starts_with("digest: ")), "{said}");
        assert!(said.contains(r"\ndigest: 0123456789abcdef"), "{said}");
    }
}

#[test]
fn a_checked_file_and_its_name_are_shown() {
    let file = Temporary::write("\u{1b}[31mnasty.json", format!("{{{}: 1}}", in_json(NASTY)).as_bytes());
    let (report, _) = printed(&blis([OsString::from("check"), file.0.clone().into()]));
    assert!(report.contains(r"\u{1b}[31mnasty.json: "), "{report}");
}

//! Texts that are too long to be quoted, names twice, and marks in front of a document, through every reader.

use super::fronts::run;
use blis_playground::catalog::parse_gpu_table;
use blis_playground::catalog::public_model::from_config_text;
use blis_playground::config::ExplicitRequest;
use blis_playground::formats::trace::Trace;
use blis_playground::golden::check_case;
use blis_playground::settings::policy;
use blis_playground::workload::specification::from_yaml;
use blis_playground::{Config, ConfigError};
use std::fmt::Write;

/// Longest message: a path, a quotation, and a list of names to choose from.
const MOST: usize = 3000;

/// A text of megabytes in letters of two bytes each.
fn long() -> String {
    "ü".repeat(1_500_000)
}

/// Says what is wrong in few words, whatever the text was.
#[track_caller]
fn brief(what: &str, error: &ConfigError) {
    let parts = [error.to_string(), error.path().to_owned(), error.value(), error.expected()];
    assert!(parts.iter().all(|part| part.chars().count() <= MOST), "{what}: {} bytes", parts[0].len());
    assert!(error.value().chars().count() <= 81, "{what}: {}", error.value());
}

#[test]
fn no_key_and_no_value_of_a_configuration_is_quoted_at_length() {
    let long = long();
    for json in [
        format!("{{\"{long}\": 1}}"),
        format!("{{\"model\": {{\"{long}\": 1}}}}"),
        format!("{{\"model\": {{\"name\": \"{long}\"}}}}"),
        format!("{{\"seed\": \"{long}\"}}"),
        format!("{{\"routing\": {{\"policy\": \"{long}\"}}}}"),
        format!("{{\"seed\": [\"{}\"]}}", vec!["ü"; 500_000].join("\", \"")),
        format!("{{\"slo\": {{\"{long}\": {{\"ttft_ms\": 1}}}}}}"),
        format!("{{\"{long}\": 1, \"{long}\": 2}}"),
        // Shorter than what is refused unread.
        format!("{{\"{0}\": 1, \"{0}\": 2}}", &long[..60_000]),
        format!("{{\"{}\": 1}}", &long[..60_000]),
        format!("{{\"seed\": \"{}\"}}", &long[..60_000]),
        format!("{{\"model\": {{\"name\": \"{}\"}}}}", &long[..60_000]),
        format!("{{\"slo\": {{\"{}\": {{\"ttft_ms\": 1}}}}}}", &long[..60_000]),
        format!("{{\"admission\": {{\"slo_priorities\": {{\"{}\": 1000}}}}}}", &long[..60_000]),
    ] {
        let error = Config::from_json(&json).and_then(|config| run(&config)).expect_err("refused");
        brief(&json[..json.floor_char_boundary(40)], &error);
    }
}

#[test]
fn no_text_of_an_address_is_quoted_at_length() {
    let long = long();
    for (name, text) in [
        (long.as_str(), "1"),
        ("rate", &long),
        ("model", &long),
        ("hw", &long),
        ("route", &long),
        ("scorers", &long),
        ("slo_ttft", &long),
        ("spec", &long),
        ("requests", &long),
    ] {
        let read = Config::from_pairs(&Config::default(), [(name, text)]);
        let error = read.and_then(|config| run(&config)).expect_err("refused");
        brief(&name[..name.floor_char_boundary(40)], &error);
    }
}

#[test]
fn no_part_of_yaml_is_quoted_at_length() {
    let long = long();
    for yaml in [
        format!("{long}: 1\n"),
        format!("? {long}\n"),
        format!("{0}: 1\n{0}: 2\n", &long[..1_000_000]),
        format!("clients: *{long}\n"),
        format!("seed: {long}\n"),
        format!("clients: [{{id: {long}, rate_fraction: x}}]\n"),
        format!("clients: [{{{long}: 1}}]\n"),
    ] {
        let what = &yaml[..yaml.floor_char_boundary(40)];
        brief(what, &from_yaml(&yaml).expect_err("refused"));
        brief(what, &policy::from_yaml(&Config::default(), &yaml).expect_err("refused"));
    }
    for yaml in [format!("scheduler: {long}\n"), format!("admission: {{policy: {long}}}\n")] {
        brief(&yaml[..9], &policy::from_yaml(&Config::default(), &yaml).expect_err("refused"));
    }
}

/// The table of a run of one request, with another text in one of its cells.
fn table(column: &str, text: &str) -> String {
    let mut config = Config::default();
    config.workload.num_requests = 1;
    let outcome = run(&config).expect("a run");
    let mode = blis_playground::formats::trace::Mode::Generated;
    let data = blis_playground::outcome::print::trace::export(&outcome, &config, mode).data;
    let (head, row) = data.split_once('\n').expect("two lines");
    let place = head.split(',').position(|name| name == column).expect("a column");
    let mut cells: Vec<&str> = row.trim_end().split(',').collect();
    cells[place] = text;
    format!("{head}\n{}\n", cells.join(","))
}

#[test]
fn no_cell_of_a_trace_is_quoted_at_length() {
    let long = long();
    for column in ["request_id", "tenant_id", "slo_class", "streaming", "reason_ratio", "error_message"] {
        for text in [long.as_str(), &long[..60_000]] {
            if column == "error_message" && text.len() == 60_000 {
                continue;
            }
            brief(column, &Trace::read("", &table(column, text)).expect_err("refused"));
        }
    }
    brief("header", &Trace::read(&format!("{long}: 1"), &table("tenant_id", "a")).expect_err("refused"));
}

#[test]
fn no_part_of_a_recording_or_a_table_of_gpus_is_quoted_at_length() {
    let long = long();
    for json in [format!("{{\"{long}\": 1}}"), format!("{{\"format\": \"{long}\"}}"), format!("\"{long}\"")] {
        brief("recording", &check_case(&json).expect_err("refused"));
        brief("GPUs", &parse_gpu_table(&json).expect_err("refused"));
    }
}

#[test]
fn a_name_longer_than_names_are_is_refused_wherever_a_workload_holds_one() {
    let long = "ü".repeat(101);
    let edits: [fn(&mut ExplicitRequest, String); 6] = [
        |request, name| request.id = Some(name),
        |request, name| request.prefix_group = Some(name),
        |request, name| request.slo_class = name,
        |request, name| request.tenant = name,
        |request, name| request.client = name,
        |request, name| request.session = name,
    ];
    let listed = |edit: fn(&mut ExplicitRequest, String), name: &str| {
        let mut config = Config::default();
        let mut request = ExplicitRequest { input_tokens: 1, ..ExplicitRequest::default() };
        edit(&mut request, name.to_owned());
        config.workload.requests = Some(vec![request].into());
        run(&config)
    };
    for edit in edits {
        let error = listed(edit, &long).expect_err("refused");
        assert!(error.path().starts_with("workload.requests[0]."), "{error}");
        assert!(error.expected().contains("200 bytes"), "{error}");
        assert!(listed(edit, &long[..200]).is_ok());
    }
    for field in ["id", "tenant_id", "slo_class", "prefix_group"] {
        let mut client = String::from("rate_fraction: 1, arrival: {process: poisson}, ");
        client += "input_distribution: {type: constant, params: {value: 9}}, ";
        client += "output_distribution: {type: constant, params: {value: 9}}, ";
        write!(client, "{field}: {long}").expect("a text takes everything");
        let yaml = format!("version: '2'\naggregate_rate: 60\nnum_requests: 5\nclients: [{{{client}}}]\n");
        let mut config = Config::default();
        config.workload.spec = Some(from_yaml(&yaml).expect("readable"));
        let error = run(&config).expect_err("refused");
        assert_eq!(error.path(), format!("workload.spec.clients[0].{field}"));
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_document() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let config = Config::from_json(&marked(r#"{"seed": 7}"#)).expect("a configuration");
    assert_eq!(config.seed, 7);
    let spec = from_yaml(&marked("seed: 7\n")).expect("a specification");
    assert_eq!(spec.seed, Some(7));
    let policies =
        policy::from_yaml(&Config::default(), &marked("scheduler: sjf\n")).expect("policies").config;
    assert_ne!(policies, Config::default());
    let trace = Trace::read(&marked("mode: real\n"), &marked(&table("tenant_id", "a"))).expect("a trace");
    assert_eq!((trace.header.mode.as_str(), trace.rows[0].tenant_id.as_str()), ("real", "a"));
    let pairs = [("requests", marked(r#"[{"input_tokens": 1}]"#))];
    assert!(Config::from_pairs(&Config::default(), pairs).is_ok());
    let gpus = parse_gpu_table(&marked(r#"{"B200": {"TFlopsPeak": 2250}}"#)).expect("a table");
    assert_eq!(gpus[0].name, "B200");
    let model = from_config_text("a/b", &marked(r#"{"hidden_size": 64}"#)).expect("a model");
    assert_eq!(model.hidden_size, 64);
    // Only one, and only in front.
    assert!(Config::from_json(&marked(&marked("{}"))).is_err());
    assert!(Config::from_json("{}\u{feff}").is_err());
}

#[test]
fn a_key_for_the_second_time_is_named_with_its_line() {
    let json = Config::from_json("{\"seed\": 1,\n \"model\": {},\n \"seed\": 2}").expect_err("refused");
    assert!(json.to_string().contains("`seed` at line 3"), "{json}");
    for table in ["{\"H100\": {},\n\"H100\": {}}", "{\"hardware\": {\"H100\": {},\n\"H100\": {}}}"] {
        let gpus = parse_gpu_table(table).expect_err("refused");
        assert!(gpus.to_string().contains("`H100` at line 2"), "{gpus}");
    }
    // Files of models are read as Python reads them: the last counts.
    let model = from_config_text("a/b", "{\"hidden_size\": 64,\n\"hidden_size\": 65}").expect("a model");
    assert_eq!(model.hidden_size, 65);
    let yaml = from_yaml("seed: 1\nversion: '2'\nseed: 2\n").expect_err("refused");
    assert!(yaml.to_string().contains("line 3") && yaml.to_string().contains("\"seed\""), "{yaml}");
}

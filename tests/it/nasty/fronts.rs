//! The same settings through the JSON form, the pairs of an address, and the command line.

use blis_playground::settings::schema;
use blis_playground::{Config, ConfigError, Outcome, Simulation};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// A setting by its flag without dashes, as it is typed, and as JSON text.
pub struct Given {
    pub flag: &'static str,
    pub typed: &'static str,
    pub json: &'static str,
}

/// A number, which is typed as it is written in JSON.
pub fn number(flag: &'static str, text: &'static str) -> Given {
    Given { flag, typed: text, json: text }
}

/// A name, a text in JSON.
pub fn name(flag: &'static str, typed: &'static str, json: &'static str) -> Given {
    Given { flag, typed, json }
}

/// JSON text with the settings at their places; written as text, because not every nasty number is JSON.
fn json_text(settings: &[Given]) -> String {
    let mut document = json!({});
    for (place, given) in settings.iter().enumerate() {
        let path = path_of(given.flag);
        let (group, field) = path.split_once('.').unwrap_or(("", path));
        let slot = if group.is_empty() { &mut document[field] } else { &mut document[group][field] };
        *slot = Value::String(format!("<{place}>"));
    }
    let mut text = document.to_string();
    for (place, given) in settings.iter().enumerate() {
        text = text.replace(&format!("\"<{place}>\""), given.json);
    }
    text
}

/// Path of a flag's setting in the configuration.
fn path_of(flag: &str) -> &'static str {
    schema::by_name(&format!("--{flag}")).unwrap_or_else(|| panic!("no setting --{flag}")).path
}

/// Everything that a run needs is done, so that whichever part objects is heard.
pub fn run(config: &Config) -> Result<Outcome, ConfigError> {
    let mut simulation = Simulation::new(config)?;
    simulation.run_to_end();
    Ok(simulation.finish())
}

fn by_json(settings: &[Given]) -> Result<Outcome, ConfigError> {
    run(&Config::from_json(&json_text(settings))?)
}

fn by_pairs(settings: &[Given]) -> Result<Outcome, ConfigError> {
    let pairs = settings.iter().map(|given| {
        let flag = format!("--{}", given.flag);
        (schema::by_name(&flag).expect("checked by the caller").key, given.typed)
    });
    run(&Config::from_pairs(&Config::default(), pairs)?)
}

/// `blis` with these arguments.
pub fn blis<Text: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = Text>) -> Output {
    let command = Command::new(Path::new(env!("CARGO_BIN_EXE_blis"))).args(arguments).output();
    command.expect("the command line has been built")
}

/// What a command prints on standard error.
pub fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("complaints are text")
}

fn by_command(settings: &[Given]) -> Output {
    let flags = settings.iter().map(|given| format!("--{}={}", given.flag, given.typed));
    // The other fronts record regret by default.
    let fixed = ["run", "--model=qwen/qwen3-14b", "--trace-level=decisions", "--counterfactual-k=1"];
    blis(fixed.into_iter().map(str::to_owned).chain(flags))
}

/// Every front refuses the settings and names the first of them.
pub fn refused(settings: &[Given]) {
    let flag = settings[0].flag;
    for (front, result) in [("JSON", by_json(settings)), ("pairs", by_pairs(settings))] {
        let error =
            result.err().unwrap_or_else(|| panic!("{front}: --{flag} {} accepted", settings[0].typed));
        assert!(error.path().starts_with(path_of(flag)), "{front}: {error}");
        assert!(!error.expected().is_empty(), "{front}: {error}");
    }
    let output = by_command(settings);
    let complaint = complaint(&output);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains(&format!("--{flag}")), "{complaint}");
}

/// Every front accepts the settings, the run comes to an end, and the three runs are the same.
pub fn accepted(settings: &[Given]) -> Outcome {
    let outcome = by_json(settings).expect("JSON");
    let again = by_pairs(settings).expect("pairs");
    assert_eq!(format!("{:?}", outcome.records), format!("{:?}", again.records));
    let output = by_command(settings);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    let digest = blis_playground::record::digest(&outcome);
    assert!(complaint(&output).contains(&digest), "{} is not {digest}", complaint(&output));
    outcome
}

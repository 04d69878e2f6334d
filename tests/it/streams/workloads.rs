//! Whole workloads, column by column (N-11 to N-17).

use crate::common::golden_json;
use blis_playground::Config;
use blis_playground::settings::schema;
use blis_playground::units::Micros;
use blis_playground::workload::specification::from_yaml;
use blis_playground::workload::{Answer, NO_GROUP, NO_SESSION, Workload, generate};
use serde_json::Value;

/// The settings of a recorded command line.
fn config(case: &Value) -> Config {
    let mut config = Config::default();
    let args: Vec<&str> = case["args"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let value = |flag: &str| args.chunks(2).find(|pair| pair[0] == flag).map(|pair| pair[1]);
    for pair in args.chunks(2) {
        let setting = schema::settings().iter().find(|setting| setting.flag == Some(pair[0]));
        let setting = setting.unwrap_or_else(|| panic!("{} is no setting", pair[0]));
        config.set(setting.path, pair[1]).unwrap_or_else(|error| panic!("{error}"));
    }
    if value("--concurrency").is_some() && value("--num-requests").is_none() {
        config.workload.num_requests = 0;
    }
    if !case["spec"].is_null() {
        let mut spec = from_yaml(&case["spec"].to_string()).unwrap_or_else(|error| panic!("{error}"));
        let given = |flag| value(flag).map(|text| text.parse::<i64>().expect("an integer"));
        spec.seed = given("--seed").or(spec.seed);
        spec.num_requests = given("--num-requests").map(|count| count as u64).or(spec.num_requests);
        config.workload.spec = Some(spec);
    }
    config
}

/// The columns of a case, as the recordings name them.
const COLUMNS: [&str; 8] = [
    "arrival_us",
    "input_tokens",
    "output_tokens",
    "prefix_length",
    "deadline_us",
    "prefix_group",
    "slo_class",
    "client_id",
];

fn column(workload: &Workload, name: &str) -> Vec<Value> {
    let requests = &workload.requests;
    let deadline =
        |deadline: &Micros| if *deadline == Micros::ZERO { Value::Null } else { deadline.0.into() };
    // The reference does not write the group at rounds of conversations.
    let group = |row: usize| match requests.group[row] {
        NO_GROUP => Value::Null,
        _ if requests.conversation((row as u32).into()).is_some() => Value::Null,
        group => requests.groups[group as usize].as_str().into(),
    };
    match name {
        "arrival_us" => requests.arrival.iter().map(|time| time.0.into()).collect(),
        "input_tokens" => requests.input.iter().map(|&tokens| tokens.into()).collect(),
        "output_tokens" => requests.output.iter().map(|&tokens| tokens.into()).collect(),
        "prefix_length" => requests.prefix.iter().map(|&tokens| tokens.into()).collect(),
        "deadline_us" => requests.deadline.iter().map(deadline).collect(),
        "prefix_group" => (0..requests.len()).map(group).collect(),
        "slo_class" => {
            requests.class.iter().map(|&class| requests.classes[class as usize].as_str().into()).collect()
        }
        "client_id" => {
            requests.client.iter().map(|&client| requests.clients[client as usize].as_str().into()).collect()
        }
        "session_id" => {
            let name = |row: usize| requests.session_name(row).unwrap_or_default().into();
            (0..requests.len()).map(name).collect()
        }
        other => panic!("{other} is not compared"),
    }
}

/// FNV-1a over all rows: integers as 8 bytes, texts with a line's end.
fn checksum(rows: &[Value], is_text: bool) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for row in rows {
        if is_text {
            row.as_str().unwrap_or_default().bytes().chain([10]).for_each(&mut add);
        } else {
            row.as_i64().unwrap_or_default().to_le_bytes().into_iter().for_each(&mut add);
        }
    }
    format!("{hash:016x}")
}

fn compare(name: &str, config: &Config, expected: &Value) {
    let workload = generate(config).unwrap_or_else(|error| panic!("{name}: {error}"));
    let seed = config.workload.spec.as_ref().map_or(config.seed, |spec| spec.seed.unwrap_or(0));
    assert_eq!(Value::from(seed), expected["seed"], "{name}");
    assert_eq!(Value::from(workload.requests.len()), expected["requests"], "{name}");
    for column_name in COLUMNS {
        let rows = column(&workload, column_name);
        let whole = &expected["columns"][column_name];
        for (at, recorded) in whole.as_array().into_iter().flatten().enumerate() {
            assert_eq!(&rows[at], recorded, "{name}: {column_name} of request {at}");
        }
        let is_text = ["prefix_group", "slo_class", "client_id"].contains(&column_name);
        let sum = checksum(&rows, is_text);
        assert_eq!(Value::from(sum), expected["checksums"][column_name], "{name}: {column_name}");
    }
    if let Some(names) = expected.get("session_id") {
        assert_eq!(&Value::from(column(&workload, "session_id")), names, "{name}: session_id");
    }
    if let Some(sessions) = expected.get("sessions") {
        compare_sessions(name, workload, sessions, expected);
    }
}

/// The rounds that follow from answers, with what is drawn behind them.
fn compare_sessions(name: &str, workload: Workload, sessions: &Value, expected: &Value) {
    let mut closed_loop = workload.closed_loop.expect("sessions that wait for answers");
    let budget = closed_loop.remaining.map_or(Value::Null, Value::from);
    assert_eq!(budget, expected["follow_up_budget"], "{name}");
    // The rounds are drawn in the order in which requests are answered; each user has a stream of its own.
    closed_loop.remaining = None;
    closed_loop.never_end();
    let mut requests = workload.requests;
    let mut by_user: Vec<u32> =
        (0..requests.len() as u32).filter(|&row| requests.session[row as usize] != NO_SESSION).collect();
    // Users by number, conversations by name within a client.
    let names: Vec<Option<String>> =
        (0..requests.len() as u32).map(|row| requests.conversation(row.into()).map(str::to_owned)).collect();
    let conversation = |row: u32| names[row as usize].clone();
    by_user.sort_by_key(|&row| match conversation(row) {
        Some(name) => (requests.client[row as usize], name, 0),
        None => (0, String::new(), requests.session[row as usize]),
    });
    assert_eq!(by_user.len(), sessions.as_array().expect("a list").len(), "{name}");
    for (&row, session) in by_user.iter().zip(sessions.as_array().expect("a list")) {
        let number = requests.session[row as usize] as usize;
        let id = requests.session_name(row as usize).expect("a user");
        assert_eq!(session["session_id"], id, "{name}");
        assert_eq!(session["think_us"], closed_loop.think_time(number, 1).0, "{name}: {id}");
        assert_eq!(session["prefix"], requests.prefix[row as usize], "{name}: {id}");
        let mut row = row;
        for round in session["rounds"].as_array().expect("a list") {
            let next = closed_loop
                .follow_up(
                    &mut requests,
                    Answer { request: row.into(), at: Micros(0), context: 0 },
                    Micros(i64::MAX),
                )
                .expect("a follow-up");
            row = next.get();
            let own = requests.input[next] - requests.prefix[next];
            assert_eq!(round, &serde_json::json!([own, requests.output[next]]), "{name}: {id}");
        }
        let next = closed_loop.next_int63(number);
        let next = next.map(|next| next.to_string());
        assert_eq!(next.as_deref(), session["next_int63"].as_str(), "{name}: {id}");
    }
}

#[test]
fn every_recorded_workload_comes_out() {
    let recordings = golden_json("streams/workloads.json");
    let mut compared = 0;
    for case in recordings["cases"].as_array().expect("a list") {
        let name = case["name"].as_str().expect("a name");
        compare(name, &config(case), &case["expected"]);
        compared += 1;
    }
    assert_eq!(compared, 207);
}

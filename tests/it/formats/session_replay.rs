//! Traces whose rounds wait for the answers before them (S-9).

use crate::common::golden_text;
use blis_playground::golden::case_setup;
use blis_playground::workload::{Replay, SessionReplay, ThinkTime, replay};
use blis_playground::{Config, Outcome, simulate};

/// The conversation of `session-tiny-accumulate` as a trace.
const DATA: &str = "request_id,client_id,tenant_id,slo_class,session_id,round_index,prefix_group,prefix_length,streaming,input_tokens,output_tokens,text_tokens,image_tokens,audio_tokens,video_tokens,reason_ratio,model,deadline_us,server_input_tokens,arrival_time_us,send_time_us,first_chunk_time_us,last_chunk_time_us,num_chunks,status,error_message,finish_reason,think_time_us
0,c,,,A,0,,0,false,40,10,0,0,0,0,0,,0,0,0,0,0,0,0,ok,,,0
1,c,,,,0,,0,false,20,3,0,0,0,0,0,,0,0,0,0,0,0,0,ok,,,0
2,c,,,A,1,,0,false,10,23,0,0,0,0,0,,0,0,900,0,0,0,0,ok,,,1000
3,c,,,A,2,,0,false,5,4,0,0,0,0,0,,0,0,2000,0,0,0,0,ok,,,0
";
const HEADER: &str = "trace_version: 3\nsession_context_growth: accumulate\n";

fn trace(header: &str, data: &str) -> Replay {
    replay(header, data).expect("a trace")
}

fn run(replay: Replay) -> Outcome {
    let (config, _) = case_setup(&golden_text("cases/session-tiny-accumulate.json")).expect("a case");
    simulate(&replay.applied_to(&Config { workload: Config::default().workload, ..config })).expect("a run")
}

#[test]
fn a_trace_of_a_conversation_gives_the_recorded_run() {
    let outcome = run(trace(HEADER, DATA).in_closed_loop(&SessionReplay::default()).expect("rounds"));
    let arrivals: Vec<_> = outcome.requests.arrival.iter().map(|time| time.0).collect();
    assert_eq!(arrivals, [0, 0, 138_474, 433_935]);
    assert_eq!(outcome.requests.input, [40, 20, 59, 86]);
    assert_eq!(outcome.records.cached_first, [0, 0, 48, 80]);
    let ttfts: Vec<_> = [0, 2, 3].map(|row: usize| outcome.records.ttft[row].0).to_vec();
    assert_eq!(ttfts, [28018, 27814, 27794]);
    assert_eq!(outcome.requests.deadline[3].0, 433_935 + 300_000_000);
}

#[test]
fn every_round_is_sent_at_its_own_time_unless_it_is_to_wait() {
    let outcome = run(trace(HEADER, DATA));
    let arrivals: Vec<_> = outcome.requests.arrival.iter().map(|time| time.0).collect();
    assert_eq!(arrivals, [0, 0, 900, 2000]);
    assert_eq!(outcome.requests.input, [40, 20, 10, 5]);
    assert_eq!(outcome.records.cached_first, [0; 4]);
}

#[test]
fn pauses_come_from_flags_rows_or_gaps() {
    let second_arrival = |replay: Replay, think_time| {
        let sessions = SessionReplay { think_time, seed: 42 };
        run(replay.in_closed_loop(&sessions).expect("rounds")).requests.arrival[2].0
    };
    let end = 137_474;
    assert_eq!(second_arrival(trace(HEADER, DATA), Some(ThinkTime::Constant(5))), end + 5);
    let without = DATA.replace(",think_time_us", "").replace(",,0\n", ",\n").replace(",,1000\n", ",\n");
    assert_eq!(second_arrival(trace(HEADER, &without), None), end + 900);
}

#[test]
fn unknown_growth_and_missing_rounds_are_errors() {
    let growth = replay("session_context_growth: sideways", DATA).expect_err("no such growth");
    assert!(growth.to_string().contains("trace header.session_context_growth"), "{growth}");
    let gap = DATA.replace("A,1,", "A,3,");
    let error = trace(HEADER, &gap).in_closed_loop(&SessionReplay::default()).expect_err("no round 1");
    assert!(error.to_string().contains("expected 1, got 2"), "{error}");
}

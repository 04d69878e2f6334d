//! Sessions: those of virtual users, and those that the rows of a list name (metrics chapter, M-6, Session Metrics; M-13).

use super::Outcome;
use super::statistics::{OrderedSamples, Samples};
use crate::record::RequestState;
use crate::units::RequestIndex;
use crate::workload::NO_SESSION;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A list of samples in figures; ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionStatistics {
    /// Number of samples.
    pub count: u64,
    /// Mean.
    pub mean_ms: f64,
    /// Median.
    pub p50_ms: f64,
    /// 95th percentile.
    pub p95_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// Smallest.
    pub min_ms: f64,
    /// Largest.
    pub max_ms: f64,
}

impl SessionStatistics {
    /// Of samples that are in ms already: the reference converts each before it adds or interpolates, and the second
    /// decimal can hang on that (M-13).
    fn of_ms(samples: Vec<f64>) -> Self {
        let samples = Samples::from_values(samples);
        // Statistics in the unit of the samples.
        Self {
            count: samples.count(),
            mean_ms: samples.mean_us(),
            p50_ms: samples.percentile_us(50.0),
            p95_ms: samples.percentile_us(95.0),
            p99_ms: samples.percentile_us(99.0),
            min_ms: samples.percentile_us(0.0),
            max_ms: samples.percentile_us(100.0),
        }
    }
}

/// What sessions saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionMetrics {
    /// Sessions of which a request reached an instance that could serve it.
    pub sessions: u64,
    /// Time to first token of round 0.
    pub ttft_cold: SessionStatistics,
    /// Time to first token of later rounds.
    pub ttft_warm: SessionStatistics,
    /// Arrival of round 0 to the latest completion of the session.
    pub duration: SessionStatistics,
}

/// One session on the way: arrival of round 0, latest completion.
#[derive(Default)]
struct Session {
    start: Option<i64>,
    end: Option<i64>,
}

impl Session {
    /// From the start to the end in ms, with the reference's roundings.
    fn duration_ms(&self) -> Option<f64> {
        let (start, end) = (self.start?, self.end?);
        Some(end as f64 / 1000.0 - (start as f64 / 1e6) * 1000.0)
    }
}

/// Whether the reference lists a request among its results: it was routed to an instance, which could serve it (S-10).
fn has_result(outcome: &Outcome, row: RequestIndex) -> bool {
    outcome.records.instance[row].is_some() && outcome.records.state[row] != RequestState::Dropped
}

/// What sessions saw; `None` without sessions.
pub fn session_metrics(outcome: &Outcome) -> Option<SessionMetrics> {
    let requests = &outcome.requests;
    let mut sessions: BTreeMap<u32, Session> = BTreeMap::new();
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for row in outcome.rows().filter(|&row| has_result(outcome, row)) {
        let number = requests.session[row];
        if number == NO_SESSION {
            continue;
        }
        let session = sessions.entry(number).or_default();
        session.end = session.end.max(outcome.completion_time(row).map(|time| time.0));
        let ttft_ms = outcome.ttft(row).map(|ttft| ttft as f64 / 1000.0);
        if requests.round[row] == 0 {
            session.start = Some(requests.arrival[row].0);
            cold.extend(ttft_ms);
        } else {
            warm.extend(ttft_ms);
        }
    }
    if sessions.is_empty() {
        return None;
    }
    let durations = sessions.values().filter_map(Session::duration_ms).collect();
    Some(SessionMetrics {
        sessions: sessions.len() as u64,
        ttft_cold: SessionStatistics::of_ms(cold),
        ttft_warm: SessionStatistics::of_ms(warm),
        duration: SessionStatistics::of_ms(durations),
    })
}

impl fmt::Display for SessionMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Session Metrics ===")?;
        writeln!(f, "  Sessions: {}", self.sessions)?;
        let lines = [
            ("TTFT cold (round 0): ", self.ttft_cold),
            ("TTFT warm (round≥1): ", self.ttft_warm),
            ("Session duration:    ", self.duration),
        ];
        for (name, figures) in lines.into_iter().filter(|(_, figures)| figures.count > 0) {
            let SessionStatistics { count, mean_ms, p50_ms, p95_ms, p99_ms, .. } = figures;
            writeln!(
                f,
                "  {name}mean={mean_ms:.2} p50={p50_ms:.2} p95={p95_ms:.2} p99={p99_ms:.2} ms (n={count})"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::workload::Sessions;

    fn round(user: u32, round: u32, arrival: i64, ttft: i64) -> RowBuilder {
        RowBuilder { session: user, round, ..RowBuilder::completed(arrival, ttft, &[1000]) }
    }

    #[test]
    fn the_open_loop_has_no_sessions() {
        assert_eq!(session_metrics(&outcome(1, &[RowBuilder::completed(0, 1, &[])])), None);
    }

    #[test]
    fn cold_and_warm_first_tokens_are_told_apart() {
        let rows = [round(0, 0, 0, 5780), round(0, 1, 500_000, 5770), round(1, 0, 100, 5780)];
        let text = session_metrics(&outcome(1, &rows)).expect("two users").to_string();
        let expected = "=== Session Metrics ===\n  Sessions: 2\n  \
            TTFT cold (round 0): mean=5.78 p50=5.78 p95=5.78 p99=5.78 ms (n=2)\n  \
            TTFT warm (round≥1): mean=5.77 p50=5.77 p95=5.77 p99=5.77 ms (n=1)\n  \
            Session duration:    mean=256.77 p50=256.77 p95=481.77 p99=501.77 ms (n=2)\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn sessions_of_a_list_are_told_apart_by_their_names() {
        let of_list = |at, arrival| RowBuilder { session: NO_SESSION, ..round(0, at, arrival, 5780) };
        let mut outcome = outcome(1, &[of_list(0, 0), of_list(1, 50), of_list(0, 100), of_list(0, 7)]);
        assert_eq!(session_metrics(&outcome), None);
        let requests = &mut outcome.requests;
        (requests.session, requests.sessions) = Sessions::of_rows(["a", "a", "b", ""].into_iter());
        let metrics = session_metrics(&outcome).expect("named");
        let counts = [metrics.ttft_cold, metrics.ttft_warm, metrics.duration].map(|figures| figures.count);
        assert_eq!((metrics.sessions, counts), (2, [2, 1, 2]));
    }

    #[test]
    fn the_figures_of_a_recording_are_equal_digit_by_digit() {
        // The completed requests of the reference's case session-tiny-drop.
        let recorded = [
            (0, 0, 0, 5779, 57668),
            (1, 0, 0, 5779, 57668),
            (2, 0, 0, 64188, 110_320),
            (0, 1, 57668, 58433, 110_323),
            (1, 1, 57668, 116_090, 167_946),
            (2, 1, 110_320, 122_206, 122_206),
            (1, 2, 225_614, 13824, 13824),
        ];
        let rows = recorded.map(|(user, round, arrival, ttft, e2e)| RowBuilder {
            session: user,
            round,
            ..RowBuilder::completed(arrival, ttft, &[e2e - ttft])
        });
        let metrics = session_metrics(&outcome(1, &rows)).expect("three users");
        let figures = |count, mean_ms, p50_ms, p95_ms, p99_ms, min_ms, max_ms| SessionStatistics {
            count,
            mean_ms,
            p50_ms,
            p95_ms,
            p99_ms,
            min_ms,
            max_ms,
        };
        let expected = SessionMetrics {
            sessions: 3,
            ttft_cold: figures(
                3,
                25.248_666_666_666_67,
                5.779,
                58.3471,
                63.019_820_000_000_01,
                5.779,
                64.188,
            ),
            ttft_warm: figures(4, 77.63825, 87.2615, 121.2886, 122.02252, 13.824, 122.206),
            duration: figures(
                3,
                213.318_333_333_333_36,
                232.526,
                238.746_799_999_999_98,
                239.29976,
                167.991,
                239.438,
            ),
        };
        assert_eq!(metrics, expected);
    }

    #[test]
    fn samples_are_converted_before_they_are_added() {
        // 31485 us in one piece is 31.485, a double just below the tie; the reference's difference lies above it.
        let (arrival, end) = (1_000_003, 1_031_488);
        let metrics = session_metrics(&outcome(1, &[round(0, 0, arrival, end - arrival - 1000)]));
        let expected = end as f64 / 1000.0 - (arrival as f64 / 1e6) * 1000.0;
        let duration = metrics.expect("one user").duration.mean_ms;
        assert_eq!(duration, expected);
        assert_ne!(duration, (end - arrival) as f64 / 1000.0);
        let ttfts = [0.1, 0.2, 0.3].map(|ms: f64| round(0, 0, 0, (ms * 1000.0) as i64));
        let mean = session_metrics(&outcome(1, &ttfts)).expect("one user").ttft_cold.mean_ms;
        assert_eq!(mean, (0.1 + 0.2 + 0.3) / 3.0);
    }

    #[test]
    fn a_line_without_samples_is_left_out() {
        let row = RowBuilder { session: 0, ..RowBuilder::queued(0, 0) };
        let text = session_metrics(&outcome(1, &[row])).expect("one user").to_string();
        assert_eq!(text, "=== Session Metrics ===\n  Sessions: 1\n");
    }
}

//! The closed loop seen from its virtual users (metrics chapter, M-6, Session Metrics).

use super::Outcome;
use super::statistics::{OrderedSamples, Samples};
use crate::units::RequestIndex;
use crate::workload::NO_USER;
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
}

impl From<Samples> for SessionStatistics {
    fn from(samples: Samples) -> Self {
        Self {
            count: samples.count(),
            mean_ms: samples.mean_ms(),
            p50_ms: samples.percentile_ms(50.0),
            p95_ms: samples.percentile_ms(95.0),
            p99_ms: samples.percentile_ms(99.0),
        }
    }
}

/// What virtual users saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionMetrics {
    /// Virtual users that sent a request.
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

/// What virtual users saw; `None` in the open loop.
pub fn session_metrics(outcome: &Outcome) -> Option<SessionMetrics> {
    let requests = &outcome.requests;
    let mut sessions: BTreeMap<u32, Session> = BTreeMap::new();
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for row in outcome.rows().filter(|&row| outcome.has_arrived(row)) {
        if requests.user[row] == NO_USER {
            continue;
        }
        let session = sessions.entry(requests.user[row]).or_default();
        session.end = session.end.max(outcome.completion_time(row).map(|time| time.0));
        if requests.round[row] == 0 {
            session.start = Some(requests.arrival[row].0);
            cold.extend(outcome.ttft(row));
        } else {
            warm.extend(outcome.ttft(row));
        }
    }
    if sessions.is_empty() {
        return None;
    }
    let durations = sessions.values().filter_map(|session| Some(session.end? - session.start?)).collect();
    Some(SessionMetrics {
        sessions: sessions.len() as u64,
        ttft_cold: Samples::from_micros(cold).into(),
        ttft_warm: Samples::from_micros(warm).into(),
        duration: Samples::from_micros(durations).into(),
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
            let SessionStatistics { count, mean_ms, p50_ms, p95_ms, p99_ms } = figures;
            writeln!(
                f,
                "  {name}mean={mean_ms:.2} p50={p50_ms:.2} p95={p95_ms:.2} p99={p99_ms:.2} ms (n={count})"
            )?;
        }
        Ok(())
    }
}

/// Names of sessions: `concurrency_<client>_user_<u>` (workload chapter, W-8).
///
/// Users are numbered client by client, so a user's number within its client is its distance from the
/// client's first user, which always sends a request.
pub struct SessionNames {
    first_user: BTreeMap<u32, u32>,
}

impl SessionNames {
    /// Finds the first user of each client.
    pub fn new(outcome: &Outcome) -> Self {
        let mut first_user = BTreeMap::new();
        for (&client, &user) in outcome.requests.client.iter().zip(&outcome.requests.user) {
            if user != NO_USER {
                let first = first_user.entry(client).or_insert(user);
                *first = user.min(*first);
            }
        }
        Self { first_user }
    }

    /// The session of a request; `None` in the open loop, unless it was given a name.
    pub fn name(&self, outcome: &Outcome, row: RequestIndex) -> Option<String> {
        let requests = &outcome.requests;
        let (client, user) = (requests.client[row], requests.user[row]);
        if user == NO_USER {
            let given = requests.sessions.as_ref().and_then(|sessions| sessions.get(row.index()));
            return given.filter(|name| !name.is_empty()).cloned();
        }
        let number = user - self.first_user.get(&client)?;
        let client = requests.clients.get(client as usize)?;
        Some(format!("concurrency_{client}_user_{number}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    fn round(user: u32, round: u32, arrival: i64, ttft: i64) -> RowBuilder {
        RowBuilder { user, round, ..RowBuilder::completed(arrival, ttft, &[1000]) }
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
    fn a_line_without_samples_is_left_out() {
        let row = RowBuilder { user: 0, ..RowBuilder::queued(0, 0) };
        let text = session_metrics(&outcome(1, &[row])).expect("one user").to_string();
        assert_eq!(text, "=== Session Metrics ===\n  Sessions: 1\n");
    }

    #[test]
    fn sessions_are_named_by_client_and_number_within_it() {
        let outcome = outcome(1, &[round(7, 0, 0, 1), round(8, 0, 0, 1), RowBuilder::completed(0, 1, &[])]);
        let names = SessionNames::new(&outcome);
        let named: Vec<_> = outcome.rows().map(|row| names.name(&outcome, row)).collect();
        let expected =
            ["concurrency_client_user_0", "concurrency_client_user_1"].map(|name| Some(name.to_owned()));
        assert_eq!(named[..2], expected);
        assert_eq!(named[2], None);
    }
}

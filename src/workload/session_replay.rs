//! A list of requests whose later rounds wait for the answers before them (sessions chapter, S-9).

use super::independent::Variates;
use super::independent::streams::stream;
use crate::config::limits::MAX_TIME_US;
use crate::config::{ExplicitRequest, RoundScript, SessionScript, SessionScripts};
use crate::error::ConfigError;
use std::collections::{BTreeMap, HashMap};

/// How long the client of a later round waits, µs: whatever its row says.
const TIMEOUT_US: i64 = 300_000_000;

/// How conversations of a list are replayed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionReplay {
    /// The pause between an answer and the next round, in place of what the rows say.
    pub think_time: Option<ThinkTime>,
    /// Seed of pauses that are drawn.
    pub seed: i64,
}

/// What a trace says of its conversations, beside its requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Per row, the pause before it, µs; empty if no row has one.
    pub think_times: Vec<i64>,
    /// Whether prompts repeat the conversation so far; the lengths of later rounds are then those of their new tokens.
    pub accumulate: bool,
}

/// A pause, or a distribution of pauses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ThinkTime {
    /// Always the same, µs.
    Constant(i64),
    /// exp(mu + sigma Z) seconds, rounded to µs, within bounds; at least 1 µs.
    Lognormal {
        /// Mean of the logarithm of seconds.
        mu: f64,
        /// Standard deviation of it.
        sigma: f64,
        /// Shortest, µs.
        min: Option<i64>,
        /// Longest, µs; wins over the shortest.
        max: Option<i64>,
    },
}

impl ThinkTime {
    /// Reads `constant:value=500ms` or `lognormal:mu=2.0,sigma=0.6[,min=3s,max=30s]`; times without a unit are ms.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORMS: &str = "constant:value=500ms or lognormal:mu=2.0,sigma=0.6[,min=3s,max=30s]";
        let (kind, list) = text.split_once(':').ok_or_else(|| format!("must be {FORMS}, got {text}"))?;
        let mut given = BTreeMap::new();
        for pair in list.split(',') {
            let (key, value) = pair.split_once('=').ok_or_else(|| format!("must be {FORMS}, got {text}"))?;
            if given.insert(key.trim(), value.trim()).is_some() {
                return Err(format!("names {} twice", key.trim()));
            }
        }
        let time = |value: &str| {
            microseconds(value).ok_or_else(|| format!("has no time in {value}: 3s, 500ms or 20us"))
        };
        let mut take = |key: &str| given.remove(key);
        let number = |key: &str, value: Option<&str>| {
            let number =
                value.and_then(|value| value.parse::<f64>().ok()).filter(|number| number.is_finite());
            number.ok_or_else(|| format!("needs a finite number {key}, got {}", value.unwrap_or("none")))
        };
        let think_time = match kind.trim() {
            "constant" => Self::Constant(time(take("value").ok_or("needs a time value")?)?),
            "lognormal" => {
                let (mu, sigma) = (number("mu", take("mu"))?, number("sigma", take("sigma"))?);
                if sigma < 0.0 {
                    return Err(format!("needs a sigma of at least 0, got {sigma}"));
                }
                let (min, max) = (take("min").map(time).transpose()?, take("max").map(time).transpose()?);
                Self::Lognormal { mu, sigma, min, max }
            }
            other => return Err(format!("must be {FORMS}, got {other}")),
        };
        match given.keys().next() {
            Some(key) => Err(format!("knows no {key}; it must be {FORMS}")),
            None => Ok(think_time),
        }
    }

    fn draw(self, rng: &mut rand_xoshiro::Xoshiro256PlusPlus) -> i64 {
        match self {
            Self::Constant(time) => time,
            Self::Lognormal { mu, sigma, min, max } => {
                let normal = Variates::get().normal(rng);
                // The cast saturates.
                let drawn = (libm::exp(mu + sigma * normal) * 1e6).round() as i64;
                let bounded = drawn.max(min.unwrap_or(0));
                max.map_or(bounded, |max| bounded.min(max)).clamp(1, MAX_TIME_US)
            }
        }
    }
}

/// A time with or without a unit: ms, if it has none.
fn microseconds(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 3] = [("us", 1.0), ("ms", 1e3), ("s", 1e6)];
    let found = UNITS.into_iter().find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)));
    let (number, scale) = found.unwrap_or((text, 1e3));
    let time = number.trim().parse::<f64>().ok()? * scale;
    (0.0..=MAX_TIME_US as f64).contains(&time).then_some(time.round() as i64)
}

/// The requests that are sent at their time, which are first rounds and those of no conversation, and the rounds that follow
/// from answers.
///
/// # Errors
/// Rounds of a conversation that are not 0, 1, 2, ...
pub fn closed_loop(
    requests: &[ExplicitRequest],
    recorded: &Recorded,
    replay: &SessionReplay,
) -> Result<(Vec<ExplicitRequest>, SessionScripts), ConfigError> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut sessions: Vec<(&str, Vec<usize>)> = Vec::new();
    for (row, request) in requests.iter().enumerate().filter(|(_, request)| !request.session.is_empty()) {
        let place = *places.entry(&request.session).or_insert_with(|| {
            sessions.push((&request.session, Vec::new()));
            sessions.len() - 1
        });
        sessions[place].1.push(row);
    }
    let mut sent = Vec::new();
    let mut scripts = Vec::with_capacity(sessions.len());
    for (name, mut rows) in sessions {
        rows.sort_by_key(|&row| requests[row].round);
        for (expected, &row) in rows.iter().enumerate() {
            let round = requests[row].round;
            if round as usize != expected {
                return Err(ConfigError::malformed(
                    format!("workload.requests[{row}].round"),
                    format!(
                        "session \"{name}\" has non-consecutive round indices (expected {expected}, got {round})"
                    ),
                ));
            }
        }
        let pauses = pauses(name, &rows, requests, recorded, replay);
        let round = |(&row, think_time_us): (&usize, i64)| RoundScript {
            think_time_us,
            context_tokens: None,
            input_tokens: requests[row].input_tokens - requests[row].prefix_length,
            output_tokens: requests[row].output_tokens,
        };
        sent.push(ExplicitRequest { context_tokens: 0, ..requests[rows[0]].clone() });
        scripts.push(SessionScript {
            session: name.to_owned(),
            accumulate: recorded.accumulate,
            timeout_us: Some(TIMEOUT_US),
            rounds: rows[1..].iter().zip(pauses).map(round).collect(),
        });
    }
    sent.extend(requests.iter().filter(|request| request.session.is_empty()).cloned());
    Ok((sent, SessionScripts(scripts)))
}

/// The pauses before the later rounds of a conversation: given for all, or what its rows say, or the gaps between their arrivals.
fn pauses(
    name: &str,
    rows: &[usize],
    requests: &[ExplicitRequest],
    recorded: &Recorded,
    replay: &SessionReplay,
) -> Vec<i64> {
    let later = &rows[1..];
    if let Some(think_time) = replay.think_time {
        let mut rng = stream(replay.seed, &format!("session/{name}/think"));
        return later.iter().map(|_| think_time.draw(&mut rng)).collect();
    }
    let said = |row: &usize| recorded.think_times.get(*row).copied().unwrap_or(0);
    if later.iter().any(|row| said(row) != 0) {
        return later.iter().map(said).collect();
    }
    let gap = |pair: &[usize]| (requests[pair[1]].arrival_us - requests[pair[0]].arrival_us).max(0);
    rows.windows(2).map(gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(session: &str, round: u32, arrival_us: i64, input_tokens: u32) -> ExplicitRequest {
        ExplicitRequest {
            session: session.to_owned(),
            round,
            arrival_us,
            input_tokens,
            output_tokens: 7,
            ..ExplicitRequest::default()
        }
    }

    #[test]
    fn rounds_follow_with_the_pauses_of_rows_gaps_or_flags() {
        let requests = [
            row("b", 1, 900, 30),
            row("a", 0, 100, 10),
            row("", 0, 5, 1),
            row("b", 0, 400, 20),
            row("a", 1, 50, 5),
        ];
        let recorded = Recorded { think_times: vec![77, 0, 0, 0, 0], accumulate: true };
        let (sent, scripts) = closed_loop(&requests, &recorded, &SessionReplay::default()).expect("rounds");
        let names: Vec<_> = sent.iter().map(|request| request.session.as_str()).collect();
        assert_eq!(names, ["b", "a", ""]);
        let pauses = |scripts: &SessionScripts| -> Vec<i64> {
            scripts.0.iter().map(|script| script.rounds[0].think_time_us).collect()
        };
        // a's second round was sent before its first.
        assert_eq!(pauses(&scripts), [77, 0]);
        assert!(scripts.0.iter().all(|script| script.accumulate && script.timeout_us == Some(300_000_000)));
        let without =
            closed_loop(&requests, &Recorded::default(), &SessionReplay::default()).expect("rounds");
        assert_eq!(pauses(&without.1), [500, 0]);
        let constant = SessionReplay { think_time: Some(ThinkTime::Constant(9)), seed: 1 };
        assert_eq!(pauses(&closed_loop(&requests, &recorded, &constant).expect("rounds").1), [9, 9]);
    }

    #[test]
    fn a_missing_round_is_named() {
        let error = closed_loop(
            &[row("A", 0, 0, 1), row("A", 2, 0, 1)],
            &Recorded::default(),
            &SessionReplay::default(),
        );
        let words = error.expect_err("round 1 is missing").to_string();
        assert!(
            words.contains("session \"A\" has non-consecutive round indices (expected 1, got 2)"),
            "{words}"
        );
    }

    #[test]
    fn think_times_are_read_with_units_and_bounds() {
        assert_eq!(ThinkTime::parse("constant:value=500ms"), Ok(ThinkTime::Constant(500_000)));
        assert_eq!(ThinkTime::parse("constant:value=2"), Ok(ThinkTime::Constant(2000)));
        let bounded =
            ThinkTime::Lognormal { mu: 2.0, sigma: 0.6, min: Some(3_000_000), max: Some(30_000_000) };
        assert_eq!(ThinkTime::parse("lognormal:mu=2.0,sigma=0.6,min=3s,max=30s"), Ok(bounded));
        for wrong in [
            "",
            "constant",
            "constant:value=-1",
            "constant:value=1h",
            "lognormal:mu=1",
            "lognormal:mu=1,sigma=-1",
            "normal:mu=1",
            "constant:value=1,mu=2",
            "lognormal:mu=nan,sigma=1",
        ] {
            assert!(ThinkTime::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn drawn_pauses_have_the_median_of_their_distribution_and_keep_their_bounds() {
        let mut rng = stream(1, "test");
        let free = ThinkTime::Lognormal { mu: 1.0, sigma: 0.5, min: None, max: None };
        let mut drawn: Vec<i64> = (0..10_001).map(|_| free.draw(&mut rng)).collect();
        drawn.sort_unstable();
        let median = drawn[5000] as f64 / 1e6;
        assert!((median / std::f64::consts::E - 1.0).abs() < 0.03, "{median}");
        let bounded =
            ThinkTime::Lognormal { mu: 1.0, sigma: 2.0, min: Some(2_000_000), max: Some(3_000_000) };
        assert!((0..1000).all(|_| (2_000_000..=3_000_000).contains(&bounded.draw(&mut rng))));
    }
}

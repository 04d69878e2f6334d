//! What became of conversations, round by round (sessions chapter, S-7 and S-10). Ours, but for the figures of sessions.

use super::Outcome;
use super::sessions::{SessionMetrics, session_metrics};
use super::statistics::Samples;
use super::summary::LatencySummary;
use crate::record::{RequestState, SessionEnd};
use crate::units::{InstanceIndex, RequestIndex};
use crate::workload::{NO_SESSION, SessionState};
use serde::Serialize;

/// Rounds that have figures of their own; later ones are in those of the last.
const MOST_ROUNDS: usize = 64;

/// What became of the conversations of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Conversations {
    /// Time to first token of first and later rounds, and how long conversations took.
    pub metrics: SessionMetrics,
    /// How they ended, where each round waits for the answer before it; `null` where none does.
    pub ends: Option<SessionEnds>,
    /// Figures of each round, the first one first. The last of 64 stands for all later ones, too.
    pub by_round: Vec<RoundFigures>,
    /// Later rounds that were routed.
    pub follow_ups: u64,
    /// Those of them that another instance served than the round before.
    pub moved: u64,
}

/// Numbers of conversations by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionEnds {
    /// All rounds were answered.
    pub completed: u64,
    /// A round timed out or could not be served: the client sends no more.
    pub cancelled: u64,
    /// A round was refused, or lost in a crash: the client hears nothing and sends no more.
    pub refused: u64,
    /// The next round would have come after the end of the run.
    pub horizon_interrupted: u64,
    /// The requests of the run were used up.
    pub budget_exhausted: u64,
    /// A round was still under way when the run ended.
    pub under_way: u64,
}

impl SessionEnds {
    /// Conversations that broke off because the cluster did not answer.
    pub const fn broken(&self) -> u64 {
        self.cancelled + self.refused
    }
}

/// Figures of one round of all conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RoundFigures {
    /// Its number, from 0.
    pub round: u32,
    /// Requests that were in a batch.
    pub requests: u64,
    /// Mean tokens of the prompt.
    pub input_tokens: f64,
    /// Mean tokens of it that repeat the conversation so far.
    pub context_tokens: f64,
    /// Mean tokens of it that were in the prefix cache.
    pub cached_tokens: f64,
    /// Share of the prompts' tokens that were in the prefix cache; 0 without any.
    pub hit_rate: f64,
    /// Time to first token.
    pub ttft: LatencySummary,
}

/// Sums of one round.
#[derive(Debug, Default)]
struct Round {
    requests: u64,
    input: u64,
    context: u64,
    cached: u64,
    ttft: Vec<f64>,
}

impl Round {
    fn figures(self, round: usize) -> RoundFigures {
        let mean = |sum: u64| if self.requests == 0 { 0.0 } else { sum as f64 / self.requests as f64 };
        RoundFigures {
            round: round as u32,
            requests: self.requests,
            input_tokens: mean(self.input),
            context_tokens: mean(self.context),
            cached_tokens: mean(self.cached),
            hit_rate: if self.input == 0 { 0.0 } else { self.cached as f64 / self.input as f64 },
            ttft: LatencySummary::of(&Samples::from_values(self.ttft)),
        }
    }
}

/// What became of the conversations; `None` without any. Virtual users hold none.
pub fn conversations(outcome: &Outcome) -> Option<Conversations> {
    let requests = &outcome.requests;
    let sessions = requests.sessions.as_ref()?;
    let records = &outcome.records;
    let context = requests.context_tokens();
    let mut rounds: Vec<Round> = Vec::new();
    let mut rows: Vec<RequestIndex> = outcome
        .rows()
        .filter(|&row| requests.session[row] != NO_SESSION && outcome.has_arrived(row))
        .collect();
    rows.sort_by_key(|&row| requests.round[row]);
    let (mut follow_ups, mut moved) = (0, 0);
    let mut before = vec![InstanceIndex::NONE; sessions.names.len()];
    let mut last = vec![RequestState::NotArrived; sessions.names.len()];
    for row in rows {
        let session = requests.session[row] as usize;
        last[session] = records.state[row];
        let instance = records.instance[row];
        if instance.is_some() && before[session].is_some() {
            follow_ups += 1;
            moved += u64::from(before[session] != instance);
        }
        if instance.is_some() {
            before[session] = instance;
        }
        if !records.first_scheduled_at[row].happened() {
            continue;
        }
        let number = (requests.round[row] as usize).min(MOST_ROUNDS - 1);
        if rounds.len() <= number {
            rounds.resize_with(number + 1, Round::default);
        }
        let round = &mut rounds[number];
        round.requests += 1;
        round.input += u64::from(requests.input[row]);
        round.context += u64::from(context[row.index()]);
        round.cached += u64::from(records.cached_first[row]);
        round.ttft.extend(outcome.ttft(row).map(|ttft| ttft as f64));
    }
    Some(Conversations {
        metrics: session_metrics(outcome)?,
        ends: (!outcome.sessions.is_empty()).then(|| ends(outcome, &last)),
        by_round: rounds.into_iter().enumerate().map(|(number, round)| round.figures(number)).collect(),
        follow_ups,
        moved,
    })
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum ConversationEnd {
    /// All rounds were answered.
    Completed,
    /// A round timed out or could not be served.
    Cancelled,
    /// A round was refused, or lost in a crash.
    Refused,
    /// The next round would have come after the end of the run.
    HorizonInterrupted,
    /// The requests of the run were used up.
    BudgetExhausted,
    /// A round was still under way when the run ended.
    UnderWay,
}

/// How each conversation ended; `None` for those that did not begin. Empty where rounds do not follow from answers.
pub fn conversation_ends(outcome: &Outcome) -> Vec<Option<ConversationEnd>> {
    let Some(sessions) = outcome.requests.sessions.as_ref().filter(|_| !outcome.sessions.is_empty()) else {
        return Vec::new();
    };
    let mut last = vec![(0, RequestState::NotArrived); sessions.names.len()];
    for row in outcome.rows().filter(|&row| outcome.has_arrived(row)) {
        let session = outcome.requests.session[row];
        if session != NO_SESSION {
            let round = outcome.requests.round[row];
            let known = &mut last[session as usize];
            if round >= known.0 {
                *known = (round, outcome.records.state[row]);
            }
        }
    }
    outcome.sessions.iter().zip(last).map(|(end, (_, last))| end_of(*end, last)).collect()
}

/// How a conversation ended whose last round has this state.
fn end_of(end: SessionEnd, last: RequestState) -> Option<ConversationEnd> {
    if end.rounds == 0 || last == RequestState::NotArrived {
        return None;
    }
    Some(match end.state {
        SessionState::Completed => ConversationEnd::Completed,
        SessionState::Cancelled => ConversationEnd::Cancelled,
        SessionState::HorizonInterrupted => ConversationEnd::HorizonInterrupted,
        SessionState::BudgetExhausted => ConversationEnd::BudgetExhausted,
        SessionState::Active if matches!(last, RequestState::Rejected | RequestState::Lost) => {
            ConversationEnd::Refused
        }
        SessionState::Active => ConversationEnd::UnderWay,
    })
}

/// Counts the conversations by how they ended; `last` is the state of the last round of each.
fn ends(outcome: &Outcome, last: &[RequestState]) -> SessionEnds {
    let mut ends = SessionEnds::default();
    for (end, &last) in outcome.sessions.iter().zip(last) {
        let Some(end) = end_of(*end, last) else { continue };
        *match end {
            ConversationEnd::Completed => &mut ends.completed,
            ConversationEnd::Cancelled => &mut ends.cancelled,
            ConversationEnd::Refused => &mut ends.refused,
            ConversationEnd::HorizonInterrupted => &mut ends.horizon_interrupted,
            ConversationEnd::BudgetExhausted => &mut ends.budget_exhausted,
            ConversationEnd::UnderWay => &mut ends.under_way,
        } += 1;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::workload::{Context, Sessions};

    /// Two conversations: one of two rounds that moves to another instance, one whose second round is refused.
    fn run() -> Outcome {
        let round = |round, instance, input, arrival| RowBuilder {
            round,
            instance,
            input,
            output: 10,
            ..RowBuilder::completed(arrival, 1000 * i64::from(round + 1), &[5; 9])
        };
        let rows = [
            round(0, 0, 100, 0),
            round(0, 1, 200, 10),
            round(1, 1, 159, 50_000),
            RowBuilder { round: 1, ..RowBuilder::rejected(60_000) },
        ];
        let mut outcome = outcome(2, &rows);
        outcome.requests.session = vec![0, 1, 0, 1];
        outcome.requests.sessions = Some(Sessions {
            names: vec!["a".into(), "b".into()],
            context: vec![Context::Answered; 2],
            forks: Vec::new(),
        });
        outcome.records.cached_first[2] = 96;
        outcome.sessions = vec![
            SessionEnd { state: SessionState::Completed, rounds: 2 },
            SessionEnd { state: SessionState::Active, rounds: 2 },
        ];
        outcome
    }

    #[test]
    fn rounds_and_ends_are_counted() {
        let own = conversations(&run()).expect("two conversations");
        assert_eq!((own.follow_ups, own.moved), (1, 1));
        let expected = SessionEnds { completed: 1, refused: 1, ..SessionEnds::default() };
        assert_eq!(own.ends, Some(expected));
        assert_eq!(expected.broken(), 1);
        assert_eq!(
            conversation_ends(&run()),
            [Some(ConversationEnd::Completed), Some(ConversationEnd::Refused)]
        );
        let [first, second] = own.by_round[..] else { panic!("two rounds") };
        assert_eq!((first.requests, first.input_tokens, first.context_tokens), (2, 150.0, 0.0));
        assert_eq!((second.requests, second.context_tokens, second.cached_tokens), (1, 109.0, 96.0));
        assert_eq!(second.hit_rate, 96.0 / 159.0);
        assert_eq!(second.ttft.mean_ms, 2.0);
    }

    #[test]
    fn late_rounds_share_their_figures() {
        let mut outcome = run();
        outcome.requests.round[2] = 1000;
        assert_eq!(conversations(&outcome).expect("two conversations").by_round.len(), MOST_ROUNDS);
    }

    #[test]
    fn users_and_single_requests_are_no_conversations() {
        assert_eq!(conversations(&outcome(1, &[RowBuilder::completed(0, 1, &[])])), None);
    }
}

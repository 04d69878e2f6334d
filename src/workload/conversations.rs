//! Conversations as they are planned: every round at the time at which it would come if an answer took a microsecond per token
//! (sessions chapter, S-4 and S-5).
//!
//! The plan decides which conversations there are. In the open loop its rounds are the requests; in the closed loop only the first
//! round of each is, and the others follow from the answers.

use super::lengths::LengthSampler;
use super::sources::Source;
use super::workload_plan::{Arrivals, Entry, WorkloadPlan};
use crate::config::limits::MAX_REQUESTS;
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Most rounds that may be planned, those struck out included: what the limit on requests lets the generation of one client come to.
pub(super) const MAX_PLANNED_ROUNDS: u64 = 3 * MAX_REQUESTS;

/// Rows beyond twice the number of requests at which those that can no longer be among the requests are dropped.
const PRUNING: usize = 1 << 16;

/// A row that is no round of a conversation.
pub(super) const NO_ROUND: u32 = u32::MAX;

/// The conversations of a client (S-1).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ConversationPlan {
    /// Rounds of each, the first included.
    pub rounds: u32,
    /// Pause between the end of a round and the next one.
    pub think_time: Micros,
    /// Whether prompts repeat the conversation so far.
    pub grows: bool,
    /// Whether the client is one conversation and no source of them.
    pub is_single: bool,
    /// Whether each round waits for the answer before it.
    pub is_closed: bool,
    /// A label of each round, which the reference draws behind its tokens.
    pub label: Option<LengthSampler>,
    /// Start of the first window in the list, µs, from which a single conversation counts its time.
    pub first_window: i64,
}

/// What draws the rounds of a client's conversations.
pub(super) trait Talk {
    /// Begins a conversation; returns the number in its name.
    fn begin(&mut self) -> u64;

    /// New tokens of the next prompt and tokens of its answer. Takes what it costs beyond one draw out of `budget`.
    fn round(&mut self, plan: &ConversationPlan, lengths: Lengths, budget: &mut u64) -> (Tokens, Tokens);

    /// Whether what is drawn next depends on how many rounds have been drawn, so that none can be left out.
    const ALL_ROUNDS: bool;
}

/// The distributions of a round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths<'plan> {
    /// New tokens of a prompt.
    pub input: &'plan LengthSampler,
    /// Tokens of an answer.
    pub output: &'plan LengthSampler,
}

impl<'plan> Lengths<'plan> {
    /// Those of an entry, or of one of its windows with parameters of its own.
    pub(super) fn of(entry: &'plan Entry, part: u32) -> Self {
        match &entry.arrivals {
            Arrivals::PerWindow(windows) => {
                let window = &windows[part as usize];
                Self { input: &window.input, output: &window.output }
            }
            _ => Self { input: &entry.input, output: &entry.output },
        }
    }
}

/// A conversation that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Begun {
    /// Index of its source.
    pub source: u32,
    /// The number in its name.
    pub number: u64,
}

/// A planned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlannedRound {
    /// When, µs.
    pub arrival: i64,
    /// Index of its source.
    pub source: u32,
    /// Index into [`Planned::begun`].
    pub conversation: u32,
    /// Number of the round, from 0.
    pub round: u32,
    /// Tokens of its prompt without the shared prefix; what it repeats is in it.
    pub input: Tokens,
    /// Tokens of its answer.
    pub output: Tokens,
}

/// Where a conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Index of the entry and of the source.
    pub entry: u32,
    pub source: u32,
    /// Number of the window within the entry if it has parameters of its own.
    pub part: u32,
    /// When, µs.
    pub at: i64,
}

/// The conversation that is being planned.
#[derive(Clone, Copy, Debug)]
struct Current {
    start: Start,
    conversation: u32,
    round: u32,
    time: i64,
    /// Tokens that the next prompt repeats.
    said: Tokens,
    cursor: usize,
}

/// All conversations of a workload, and their rounds so far.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// The conversations in the order in which they were begun.
    pub begun: Vec<Begun>,
    /// Their rounds that were not struck out.
    pub rounds: Vec<PlannedRound>,
    /// Whether the rounds, with all other requests, were cut to the number of requests.
    pub was_cut: bool,
    current: Option<Current>,
    drawn: u64,
    tokens: u64,
    /// Times of rounds that the walk through time has not passed yet, and the number of those that it has.
    ahead: BinaryHeap<Reverse<i64>>,
    passed: usize,
}

impl Planned {
    /// Begins a conversation, whose rounds [`Planned::advance`] draws.
    pub(super) fn begin(&mut self, start: Start, talk: &mut impl Talk) {
        let conversation = self.begun.len() as u32;
        self.begun.push(Begun { source: start.source, number: talk.begin() });
        self.current = Some(Current { start, conversation, round: 0, time: start.at, said: 0, cursor: 0 });
    }

    /// Draws rounds of the conversation that is being planned, about `budget` of them, which it uses up; returns whether it is planned.
    ///
    /// # Errors
    /// More rounds than [`MAX_PLANNED_ROUNDS`].
    pub(super) fn advance<T: Talk>(
        &mut self,
        plan: &WorkloadPlan,
        talk: &mut T,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        let Some(mut current) = self.current.take() else { return Ok(true) };
        let entry = &plan.entries[current.start.entry as usize];
        let Some(conversations) = &entry.conversations else { return Ok(true) };
        let end = end_of(plan, entry, current.start.part);
        // No more rounds of one conversation can be among the requests.
        let most = plan.num_requests.unwrap_or(u64::MAX);
        while current.round < conversations.rounds {
            let is_past = current.time >= end || u64::from(current.round) >= most;
            if is_past && !T::ALL_ROUNDS {
                break;
            }
            let Some(left) = budget.checked_sub(1) else {
                self.current = Some(current);
                return Ok(false);
            };
            *budget = left;
            self.drawn += 1;
            if self.drawn > MAX_PLANNED_ROUNDS {
                return Err(too_many_rounds(entry, conversations));
            }
            let (input, output) = talk.round(conversations, Lengths::of(entry, current.start.part), budget);
            self.tokens += u64::from(input) + u64::from(output);
            if !is_past && is_active(entry, current.time, &mut current.cursor) {
                self.list(plan, &current, current.said.saturating_add(input), output)?;
            }
            if conversations.grows {
                current.said = current.said.saturating_add(input).saturating_add(output);
            }
            let pause = conversations.think_time.0.saturating_add(i64::from(output));
            current.time = current.time.saturating_add(pause);
            current.round += 1;
        }
        Ok(true)
    }

    /// Lists a round.
    fn list(
        &mut self,
        plan: &WorkloadPlan,
        current: &Current,
        input: Tokens,
        output: Tokens,
    ) -> Result<(), ConfigError> {
        self.rounds.push(PlannedRound {
            arrival: current.time,
            source: current.start.source,
            conversation: current.conversation,
            round: current.round,
            input,
            output,
        });
        match plan.num_requests {
            Some(limit) => {
                self.ahead.push(Reverse(current.time));
                let kept = limit as usize;
                if self.rounds.len() > 2 * kept + PRUNING {
                    self.sort();
                    self.rounds.truncate(kept);
                }
            }
            None if self.rounds.len() as u64 > MAX_REQUESTS => return Err(plan.too_many_requests()),
            None => {}
        }
        Ok(())
    }

    /// Brings the rounds into the order of time, equal times into the order of the clients and of drawing.
    pub(super) fn sort(&mut self) {
        self.rounds.sort_by_key(|round| (round.arrival, round.source));
    }

    /// Number of rounds before a time, where the walk through time has arrived; 0 if their number does not matter.
    #[inline]
    pub(super) fn passed(&mut self, time: i64) -> usize {
        while let Some(&Reverse(first)) = self.ahead.peek()
            && first < time
        {
            self.ahead.pop();
            self.passed += 1;
        }
        self.passed
    }

    /// Whether a row is a request from the start: all are but the later rounds of conversations that wait for answers.
    pub(super) fn is_request(&self, plan: &WorkloadPlan, sources: &[Source], row: u32) -> bool {
        let Some(round) = self.rounds.get(row as usize) else { return true };
        round.round == 0 || !self.is_closed(plan, sources, round.conversation)
    }

    /// Whether the rounds of a conversation wait for answers.
    pub(super) fn is_closed(&self, plan: &WorkloadPlan, sources: &[Source], conversation: u32) -> bool {
        let source = &sources[self.begun[conversation as usize].source as usize];
        let conversations = &plan.entries[source.entry as usize].conversations;
        conversations.as_ref().is_some_and(|plan| plan.is_closed)
    }

    /// A warning if clients that are one conversation each have none (S-4, S-12).
    pub(super) fn missing(&self, plan: &WorkloadPlan, sources: &[Source]) -> Option<String> {
        let is_single = |source: &Source| {
            let entry = &plan.entries[source.entry as usize];
            entry.conversations.as_ref().is_some_and(|conversations| conversations.is_single)
        };
        let all = sources.iter().filter(|source| is_single(source)).count();
        let begun = self.begun.iter().filter(|begun| is_single(&sources[begun.source as usize])).count();
        (begun < all && !self.was_cut).then(|| {
            format!("{} of {all} clients that are one conversation each have none: it would begin outside their windows or behind the horizon", all - begun)
        })
    }

    /// Tokens drawn since this was asked last.
    pub(super) fn take_tokens(&mut self) -> u64 {
        std::mem::take(&mut self.tokens)
    }
}

/// The time at or behind which no round of a conversation is a request: the horizon, or the end of a window with parameters of its own.
fn end_of(plan: &WorkloadPlan, entry: &Entry, part: u32) -> i64 {
    match &entry.arrivals {
        Arrivals::PerWindow(windows) => windows[part as usize].end,
        _ => plan.horizon.unwrap_or(i64::MAX),
    }
}

/// Whether a time lies in the windows of an entry.
fn is_active(entry: &Entry, time: i64, cursor: &mut usize) -> bool {
    match &entry.arrivals {
        Arrivals::Renewal { windows: Some(windows), .. } => windows.contains(time, cursor),
        _ => true,
    }
}

fn too_many_rounds(entry: &Entry, plan: &ConversationPlan) -> ConfigError {
    ConfigError::invalid(
        format!("{}.reasoning.multi_turn.max_rounds", entry.path),
        plan.rounds,
        format!(
            "so many that at most {MAX_PLANNED_ROUNDS} rounds are planned in all, or fewer requests or a shorter horizon"
        ),
    )
}

//! Virtual users (random-streams chapter, N-17).

use super::generator::ReferenceStream;
use super::ziggurat::Ziggurats;
use super::{Chain, Drawn, accidental_tokens};
use crate::units::Tokens;
use crate::workload::NO_SESSION;
use crate::workload::conversations::NO_ROUND;
use crate::workload::lengths::LengthSampler;
use crate::workload::sources::{Members, Source};
use crate::workload::workload_plan::WorkloadPlan;

/// What is added to the workload's seed for the seeds of the users.
const SEED_OFFSET: i64 = 10_007;

/// The same for those of conversations.
const CONVERSATION_SEED_OFFSET: i64 = 7919;

/// The seeds of conversations that go on as answers come (random-streams chapter, N-19).
#[derive(Debug)]
pub(in crate::workload) struct SessionSeeds(ReferenceStream);

impl SessionSeeds {
    /// Those of a workload's seed.
    pub(in crate::workload) fn new(seed: i64) -> Self {
        Self(ReferenceStream::new(seed.wrapping_add(CONVERSATION_SEED_OFFSET)))
    }

    /// The stream of the next conversation.
    pub(in crate::workload) fn next(&mut self) -> UserStream {
        UserStream::new(self.0.int63())
    }
}

/// The users of a plan.
#[derive(Debug, Default)]
pub(super) struct Users {
    /// By the user's number, the seed of all its requests but the first; `None` for users that do not start.
    seeds: Vec<Option<i64>>,
}

impl Users {
    /// Appends the first request of every user for which the limit leaves room behind those that are there.
    pub(super) fn start(
        &mut self,
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
        rows: &mut Vec<Drawn>,
    ) {
        let ziggurats = Ziggurats::get();
        let limit = plan.num_requests.unwrap_or(u64::MAX);
        let mut seeds = ReferenceStream::new(plan.seed.wrapping_add(SEED_OFFSET));
        for (index, source) in sources.iter().enumerate().filter(|(_, source)| source.session != NO_SESSION) {
            let entry = &plan.entries[source.entry as usize];
            let first = entry.first_arrival(source.part).filter(|_| (rows.len() as u64) < limit);
            let seed = first.map(|arrival| {
                let mut of_first = Chain::new(seeds.int63());
                let known = accidental_tokens(members.prefix(source.member), plan.block_size);
                let lengths = of_first.lengths(ziggurats, &entry.input, &entry.output, known);
                rows.push(Drawn { arrival, source: index as u32, planned: NO_ROUND, lengths });
                seeds.int63()
            });
            self.seeds.push(seed);
        }
    }

    /// The stream from which a user goes on.
    pub(super) fn stream(&self, user: u32) -> UserStream {
        UserStream::new(self.seeds.get(user as usize).copied().flatten().unwrap_or_default())
    }
}

/// Rounds up to which their lengths, drawn all at once, take less room than the generator.
const ROUNDS_AT_ONCE: u32 = 512;

/// The stream of all requests of a user or of a conversation but the first. It takes its 4.9 kB when the first one has been
/// answered; where few rounds are left their lengths take its place, so that no generator stays with each of many conversations.
#[derive(Clone, Debug, PartialEq)]
pub struct UserStream {
    seed: i64,
    chain: Option<Box<Chain>>,
    /// Lengths of the rounds that are left, the last one first.
    ahead: Vec<(Tokens, Tokens)>,
}

impl UserStream {
    const fn new(seed: i64) -> Self {
        Self { seed, chain: None, ahead: Vec::new() }
    }

    /// The next value of the stream, behind the ids of the latest request; to be asked where rounds have no end.
    pub(in crate::workload) fn next_int63(&self) -> i64 {
        match &self.chain {
            Some(chain) => chain.clone().stream().int63(),
            None => ReferenceStream::new(self.seed).int63(),
        }
    }

    /// Prompt and output of the next request, with which so many are left if there is an end of them.
    pub(in crate::workload) fn lengths(
        &mut self,
        input: &LengthSampler,
        output: &LengthSampler,
        left: Option<u32>,
    ) -> (Tokens, Tokens) {
        if let Some(lengths) = self.ahead.pop() {
            return lengths;
        }
        // What follows an answer is not compared with other prompts token by token.
        let draw = |chain: &mut Chain| {
            let lengths = chain.lengths(Ziggurats::get(), input, output, 0);
            (lengths.input, lengths.output)
        };
        let seed = self.seed;
        if let (None, Some(left @ 1..=ROUNDS_AT_ONCE)) = (&self.chain, left) {
            let mut chain = Chain::new(seed);
            let mut ahead: Vec<_> = (0..left).map(|_| draw(&mut chain)).collect();
            ahead.reverse();
            self.ahead = ahead;
            return self.ahead.pop().unwrap_or_default();
        }
        draw(self.chain.get_or_insert_with(|| Box::new(Chain::new(seed))))
    }
}

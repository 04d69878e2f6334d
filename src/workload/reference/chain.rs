//! The stream of a client and what is made of it: gaps, requests, conversations (random-streams chapter, N-12 and N-19).

use super::generator::ReferenceStream;
use super::spacing::Spacing;
use super::ziggurat::Ziggurats;
use super::{Drawn, IDS_PER_DRAW, Lengths, lengths};
use crate::units::Tokens;
use crate::workload::conversations::{self, ConversationPlan, NO_ROUND, Talk};
use crate::workload::lengths::LengthSampler;
use crate::workload::renewal::Process;
use crate::workload::workload_plan::Entry;

/// The stream of one client, and the token ids of its latest request, which are passed over once something follows them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chain {
    stream: ReferenceStream,
    pub owed: u64,
}

impl Chain {
    pub(super) fn new(seed: i64) -> Self {
        Self { stream: ReferenceStream::new(seed), owed: 0 }
    }

    /// The stream behind the ids of the latest request.
    #[inline]
    pub(super) fn stream(&mut self) -> &mut ReferenceStream {
        self.stream.skip_token_ids(std::mem::take(&mut self.owed));
        &mut self.stream
    }

    /// Prompt and output of a request: first both lengths, then the ids of both, of which the first `known` are looked at.
    #[inline]
    pub(super) fn lengths(
        &mut self,
        ziggurats: &Ziggurats,
        input: &LengthSampler,
        output: &LengthSampler,
        known: u32,
    ) -> Lengths {
        let of_media = matches!(input, LengthSampler::Media { .. });
        let stream = self.stream();
        let input = lengths::draw(input, ziggurats, stream);
        let known = if input < known { 0 } else { known };
        if of_media {
            // Here the ids of the prompt come before the length of the answer (N-19).
            let own_start = own_start(stream, known);
            stream.skip_token_ids(u64::from(input - known));
            let output = lengths::draw(output, ziggurats, stream);
            self.owed = u64::from(output);
            return Lengths { input, output, own_start };
        }
        let output = lengths::draw(output, ziggurats, stream);
        let own_start = own_start(stream, known);
        self.owed = u64::from(input) + u64::from(output) - u64::from(known);
        Lengths { input, output, own_start }
    }
}

/// A code of the next `known` token ids.
#[inline]
fn own_start(stream: &mut ReferenceStream, known: u32) -> u64 {
    (0..known).fold(0, |code, _| code * (1 << 20) + 1 + u64::from(stream.token_id()))
}

impl Talk for Chain {
    const ALL_ROUNDS: bool = true;

    fn begin(&mut self) -> u64 {
        self.stream().int63() as u64
    }

    fn round(
        &mut self,
        plan: &ConversationPlan,
        of: conversations::Lengths,
        budget: &mut u64,
    ) -> (Tokens, Tokens) {
        let ziggurats = Ziggurats::get();
        // What follows an answer is not compared with other prompts token by token.
        let lengths = self.lengths(ziggurats, of.input, of.output, 0);
        *budget = budget.saturating_sub(self.owed / IDS_PER_DRAW);
        if let Some(label) = &plan.label {
            lengths::draw(label, ziggurats, self.stream());
        }
        (lengths.input, lengths.output)
    }
}

/// A client of the open loop.
#[derive(Debug)]
pub(super) struct Client {
    pub ziggurats: &'static Ziggurats,
    pub spacing: Spacing,
    pub chain: Chain,
    /// Ids of each request that have to be known.
    pub known: u32,
    /// The gaps, last one first, if they are drawn all at once.
    pub spread: Option<Vec<i64>>,
}

impl Talk for Client {
    const ALL_ROUNDS: bool = true;

    fn begin(&mut self) -> u64 {
        self.chain.begin()
    }

    fn round(
        &mut self,
        plan: &ConversationPlan,
        lengths: conversations::Lengths,
        budget: &mut u64,
    ) -> (Tokens, Tokens) {
        self.chain.round(plan, lengths, budget)
    }
}

impl Process for Client {
    type Row = Drawn;

    #[inline]
    fn gap(&mut self) -> i64 {
        match &mut self.spread {
            None => self.spacing.draw(self.ziggurats, self.chain.stream()),
            Some(gaps) => gaps.pop().unwrap_or(i64::MAX),
        }
    }

    #[inline]
    fn row(&mut self, entry: &Entry, arrival: i64, source: u32, budget: &mut u64) -> Drawn {
        let lengths = self.chain.lengths(self.ziggurats, &entry.input, &entry.output, self.known);
        *budget = budget.saturating_sub(self.chain.owed / IDS_PER_DRAW + entry.input.draws() as u64);
        Drawn { arrival, source, planned: NO_ROUND, lengths }
    }
}

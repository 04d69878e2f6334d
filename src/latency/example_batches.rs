//! The batches of the worked examples (latency chapter, L-9), written `P/I/n/O`.

use super::{PrefillMember, StepLoad};
use crate::units::Tokens;

/// A batch split into prefill and decode requests, each in batch order.
pub(super) struct Batch {
    pub prefills: Vec<PrefillMember>,
    pub decodes: Vec<Tokens>,
}

impl Batch {
    fn read(members: &str) -> Self {
        let mut batch = Self { prefills: Vec::new(), decodes: Vec::new() };
        for member in members.split(", ") {
            let figures: Vec<Tokens> =
                member.split('/').map(|figure| figure.parse().expect(figure)).collect();
            let (progress, input, new) = (figures[0], figures[1], figures[2]);
            if progress < input {
                batch.prefills.push(PrefillMember { progress, input, new });
            } else {
                batch.decodes.push(progress);
            }
        }
        batch
    }

    pub fn one() -> Self {
        Self::read("0/100/100/3")
    }

    pub fn two() -> Self {
        Self::read("100/100/1/3, 0/52/20/2")
    }

    pub fn mix() -> Self {
        Self::read("100/95/1/50, 700/512/1/300, 0/300/300/5, 512/900/388/7")
    }

    pub fn three() -> Self {
        Self::read("100/95/1/50, 700/512/1/300, 40/17/1/99")
    }

    pub fn load(&self) -> StepLoad<'_> {
        StepLoad {
            prefills: &self.prefills,
            decodes: self.decodes.len() as u64,
            context: self.decodes.iter().map(|present| u64::from(*present)).sum(),
            others: 0,
        }
    }

    /// N_p
    pub fn prefill_tokens(&self) -> u64 {
        self.prefills.iter().map(|member| u64::from(member.new)).sum()
    }
}

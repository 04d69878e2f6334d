//! The worked examples of the cluster chapter, C-14.

mod admission;
mod clock;
mod closed_loop;
mod conversations;
mod priorities;
mod token_bucket;

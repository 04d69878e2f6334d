//! What holds for every run: invariants of the cluster chapter (C-10), of routing and of batching
//! (I-11, I-14), over random small clusters.

mod closed_loop;
pub mod compare;
mod conservation;
mod conversations;
mod detours;
mod endings;
mod equivalences;
pub mod generate;
mod lives;
mod order;
mod pools;
mod replay;
mod routing;
mod specified_conversations;
mod speed;
mod streams;

//! The worked examples of the instance chapter, I-15: every cell of every table.

mod batching;
mod check;
mod example;
mod integration;
mod limits;
mod preemption;
mod prefixes;
mod replay;
mod schedulers;

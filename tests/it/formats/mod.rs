//! Formats in and out: traces, specifications, policy bundles, the configuration's schema, the command line.

pub mod command_line;
mod csv_oracle;
mod document;
mod labels;
mod odd_specifications;
mod parity;
mod plan;
mod replays;
mod schema;
mod session_replay;
mod specifications;
mod traces;

//! The examples and properties of the kv-cache chapter, beside a literal transcription of its rules.

mod both;
mod examples;
mod literal;
#[cfg(not(target_arch = "wasm32"))] // proptest does not run in a browser
mod random;

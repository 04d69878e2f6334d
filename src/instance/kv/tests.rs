//! The examples and properties of the kv-cache chapter, beside a literal transcription of its rules.

mod both;
mod examples;
mod literal;

mod random;

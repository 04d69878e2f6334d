//! The examples and properties of the kv-cache chapter, beside a literal transcription of its rules.

mod both;
mod examples;
mod random;
#[path = "../../../tests/it/common/reference_cache.rs"]
mod reference_cache;

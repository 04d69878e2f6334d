//! What is asked about a file, with defaults that do (the last column of TR-2's table).

use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::error::ConfigError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// A question about a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Question {
    /// Its name in `Options::answers`.
    pub id: &'static str,
    /// The question.
    pub words: String,
    /// What can be chosen; a number if there is nothing to choose from.
    pub choices: Vec<Choice>,
    /// The answer that holds.
    pub answer: String,
    /// Whether that is the default.
    pub is_default: bool,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Choice {
    /// What is written as the answer.
    pub value: String,
    /// In words.
    pub words: String,
}

impl Choice {
    pub(super) fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value: value.into(), words: words.into() }
    }
}

/// How arrivals are made for a file that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Process {
    #[default]
    Poisson,
    Constant,
}

/// The answers, read.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is the answer to a question of its own")]
pub(super) struct Answers {
    pub keep_failures: bool,
    pub hash_block: Option<u32>,
    pub drop_unchained: bool,
    pub tokens_per_image: u32,
    pub keep_warm_up: bool,
    pub log_type_as_class: bool,
    pub benchmark: Option<usize>,
    pub all_rounds: bool,
    /// Whether some answer says how arrivals are made.
    pub asks_arrivals: bool,
    pub process: Process,
    pub rate: Option<f64>,
    pub seed: i64,
}

pub(super) const KEEP_FAILURES: &str = "keep_failures";
pub(super) const HASH_BLOCK: &str = "hash_block";
pub(super) const UNCHAINED: &str = "unchained";
pub(super) const TOKENS_PER_IMAGE: &str = "tokens_per_image";
pub(super) const WARM_UP: &str = "warm_up";
pub(super) const LOG_TYPE: &str = "log_type";
pub(super) const BENCHMARK: &str = "benchmark";
pub(super) const ROUNDS: &str = "rounds";
pub(super) const ARRIVALS: &str = "arrivals";
pub(super) const RATE: &str = "rate";
pub(super) const SEED: &str = "seed";

/// Largest hash block, tokens.
pub(super) const MAX_HASH_BLOCK: u32 = 65_536;

const IDS: [&str; 11] = [
    KEEP_FAILURES,
    HASH_BLOCK,
    UNCHAINED,
    TOKENS_PER_IMAGE,
    WARM_UP,
    LOG_TYPE,
    BENCHMARK,
    ROUNDS,
    ARRIVALS,
    RATE,
    SEED,
];

impl Answers {
    pub fn read(answers: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut read = Self::default();
        for (id, answer) in answers {
            read.asks_arrivals |= matches!(id.as_str(), ARRIVALS | RATE);
            let wrong = |expected: &str| {
                ConfigError::invalid(format!("answers.{id}"), format!("\"{answer}\""), expected)
            };
            let either = |no: &str, yes: &str| match answer.as_str() {
                _ if answer == no => Ok(false),
                _ if answer == yes => Ok(true),
                _ => Err(wrong(&format!("{no} or {yes}"))),
            };
            match id.as_str() {
                KEEP_FAILURES => read.keep_failures = either("no", "yes")?,
                UNCHAINED => read.drop_unchained = either("chain", "drop")?,
                WARM_UP => read.keep_warm_up = either("drop", "keep")?,
                LOG_TYPE => read.log_type_as_class = either("ignore", "class")?,
                ROUNDS => read.all_rounds = either("first", "all")?,
                ARRIVALS => {
                    read.process =
                        if either("poisson", "constant")? { Process::Constant } else { Process::Poisson };
                }
                HASH_BLOCK if answer == "auto" => read.hash_block = None,
                HASH_BLOCK => {
                    let expected = format!("auto, or 1 to {MAX_HASH_BLOCK} tokens");
                    let size = number(answer).filter(|size| (1..=MAX_HASH_BLOCK).contains(size));
                    read.hash_block = Some(size.ok_or_else(|| wrong(&expected))?);
                }
                TOKENS_PER_IMAGE => {
                    let expected = format!("0 to {MAX_TOKENS_PER_REQUEST} tokens");
                    let tokens = number(answer).filter(|&tokens: &u32| tokens <= MAX_TOKENS_PER_REQUEST);
                    read.tokens_per_image = tokens.ok_or_else(|| wrong(&expected))?;
                }
                BENCHMARK => {
                    let place = number(answer).filter(|&place: &usize| place >= 1);
                    read.benchmark = Some(place.ok_or_else(|| wrong("the place of a benchmark, from 1"))?);
                }
                RATE => {
                    let rate = number(answer).filter(|rate: &f64| *rate >= 1e-6 && *rate <= 1e6);
                    read.rate = Some(rate.ok_or_else(|| wrong("0.000001 to 1000000 requests per second"))?);
                }
                SEED => read.seed = number(answer).ok_or_else(|| wrong("a whole number"))?,
                _ => {
                    let expected = format!("one of the questions {}", IDS.join(", "));
                    return Err(ConfigError::invalid("answers", format!("\"{id}\""), expected));
                }
            }
        }
        Ok(read)
    }
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

//! An hour of requests with hash ids, as text of the form of the Mooncake traces: JSON lines with `timestamp` (ms),
//! `input_length`, `output_length` and `hash_ids` (512 tokens each).
//!
//! It is made up, after what the conversation trace is like: bursts every three seconds, one first block that nearly all prompts
//! begin with, and conversations whose next prompt repeats the full blocks of the one before and goes on.

use blis_playground::config::{ExplicitRequest, RoutingPolicyName};
use blis_playground::import::{Options, Reader, Slices};
use blis_playground::workload::Requests;
use blis_playground::{Config, ConfigError};
use serde::Deserialize;
use std::error::Error;
use std::fmt::Write;

/// Requests of the hour.
pub const ROWS: usize = 23_600;

/// Tokens per hash block.
const HASH_BLOCK: u64 = 512;

/// Longest prompt: the model takes no more.
const LONGEST: u64 = 38_000;

/// Conversations that may go on.
const OPEN: usize = 400;

/// Numbers that look random (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Few large numbers, many small ones; the mean is an eighth of the largest.
    fn skewed(&mut self, largest: u64) -> u64 {
        let unit = self.below(1 << 20);
        // Fixed point with 20 bits behind the point.
        let product = |one: u64, other: u64| (one * other) >> 20;
        let cube = product(product(unit, unit), unit);
        product(product(product(cube, cube), unit), largest)
    }
}

struct Conversation {
    tokens: u64,
    ids: Vec<u64>,
}

/// The file: always the same text for the same number of rows.
pub fn text(rows: usize) -> String {
    let mut numbers = Numbers(1);
    let mut next_id = 1;
    let mut open: Vec<Conversation> = Vec::new();
    let mut text = String::with_capacity(rows * 180);
    let ticks = 1_200;
    let mut tick = 0;
    for row in 0..rows as u64 {
        // So many rows on average for each of the 1,200 times; some times have none.
        let due = row * ticks / rows as u64;
        if due > tick && numbers.below(3) > 0 {
            tick = due;
        }
        let goes_on = numbers.below(100) < 55 && !open.is_empty();
        let mut conversation = if goes_on {
            let place = numbers.below(open.len() as u64) as usize;
            open.swap_remove(place)
        } else if numbers.below(1000) == 0 {
            Conversation { tokens: 0, ids: Vec::new() }
        } else {
            Conversation { tokens: HASH_BLOCK, ids: vec![0] }
        };
        conversation.tokens = (conversation.tokens + 40 + numbers.skewed(34_500)).min(LONGEST);
        let Conversation { tokens, ids } = &mut conversation;
        while (ids.len() as u64) < tokens.div_ceil(HASH_BLOCK) {
            ids.push(next_id);
            next_id += 1;
        }
        let output = 1 + numbers.skewed(1_460);
        writeln!(
            text,
            "{{\"timestamp\": {}, \"input_length\": {tokens}, \"output_length\": {output}, \"hash_ids\": {ids:?}}}",
            tick * 3_000
        )
        .expect("room for text");
        // The next prompt has other tokens behind the last full block, the answer among them.
        ids.truncate((*tokens / HASH_BLOCK) as usize);
        *tokens += output;
        if *tokens < LONGEST {
            open.push(conversation);
        }
        if open.len() > OPEN {
            open.swap_remove(numbers.below(OPEN as u64) as usize);
        }
    }
    text
}

/// The requests of a file, as the importer reads it.
///
/// # Errors
/// What it says is wrong with the file.
pub fn parsed(text: &str) -> Result<Requests, ConfigError> {
    let mut reader = Reader::new(Options::default())?;
    reader.push(text.as_bytes())?;
    Ok(reader.finish()?.sliced(&Slices::default())?.list.requests)
}

/// A row of the file.
#[derive(Deserialize)]
struct Row {
    timestamp: i64,
    input_length: u32,
    output_length: u32,
    hash_ids: Vec<u64>,
}

/// The requests of a file on 8 instances of Qwen3-14B on H100 with the default weighted routing.
///
/// # Errors
/// A line is not of the form.
pub fn config(text: &str) -> Result<Config, Box<dyn Error>> {
    let row = |line: &str| -> Result<ExplicitRequest, serde_json::Error> {
        let Row { timestamp, input_length, output_length, hash_ids } = serde_json::from_str(line)?;
        Ok(ExplicitRequest {
            arrival_us: timestamp * 1000,
            input_tokens: input_length,
            output_tokens: output_length,
            hash_ids: Some(hash_ids),
            ..ExplicitRequest::default()
        })
    };
    let rows: Vec<ExplicitRequest> = text.lines().map(row).collect::<Result<_, _>>()?;
    let mut config = Config::default();
    config.model.hardware = Some("H100".to_owned());
    config.model.tp = Some(1);
    config.cluster.num_instances = 8;
    config.routing.policy = RoutingPolicyName::Weighted;
    config.workload.hash_block = HASH_BLOCK as u32;
    config.workload.requests = Some(rows.into());
    Ok(config)
}

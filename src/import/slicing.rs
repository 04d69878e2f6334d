//! The steps of [`Slices`], applied to a table in order of arrival (TR-6).

use super::columns::{Columns, NONE};
use super::gate::{Chooser, Steps};
use super::report::Step;
use super::rows::Names;
use super::slices::Slices;
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;

/// A table on its way.
pub(super) struct Slicing<'t> {
    pub columns: Columns,
    pub names: &'t Names,
    /// The nodes of hash ids.
    pub parent: Vec<u32>,
    pub hash_block: Option<u32>,
    pub steps: Vec<Step>,
    pub notes: Vec<String>,
}

impl Slicing<'_> {
    fn step(&mut self, id: &'static str, words: impl Into<String>) {
        let rows = self.columns.len() as u64;
        self.steps.push(Step { id, words: words.into(), rows });
    }

    /// All steps; those that leave rows out may have been done while reading.
    pub fn apply(&mut self, slices: &Slices, done: Option<Steps>) -> Result<(), ConfigError> {
        self.leave_out(slices, done);
        if self.columns.len() == 0 {
            let words: Vec<_> =
                self.steps.iter().map(|step| format!("{}: {}", step.words, step.rows)).collect();
            let message = format!("no row is left; rows behind each step: {}", words.join(", "));
            return Err(ConfigError::malformed("slices", message));
        }
        self.clip(slices);
        self.scale_lengths(slices);
        self.scale_times(slices)?;
        self.repeat(slices)
    }

    fn leave_out(&mut self, slices: &Slices, done: Option<Steps>) {
        let reading = slices.reading();
        let steps = if let Some(steps) = done {
            steps
        } else {
            if reading.is_none() {
                return;
            }
            let mut chooser = Chooser::new(&reading);
            let rows = 0..self.columns.len();
            let kept: Vec<u32> = rows
                .filter(|&row| chooser.keeps(self.columns.time[row], &self.columns.get(row), self.names))
                .map(|row| row as u32)
                .collect();
            self.columns = self.columns.take(&kept);
            chooser.after
        };
        let mut step = |id, words, rows| self.steps.push(Step { id, words, rows });
        if slices.from_us.is_some() || slices.to_us.is_some() {
            let end = slices.to_us.map_or("the end".to_owned(), seconds);
            let words = format!("from {} to {end}", seconds(slices.from_us.unwrap_or(0)));
            step("window", words, steps.window);
        }
        if !slices.filters.is_empty() {
            let words: Vec<_> = slices.filters.iter().map(super::Filter::to_text).collect();
            step("filters", words.join(", "), steps.filters);
        }
        if let Some(every) = slices.every {
            step("every", format!("every {every}th row"), steps.every);
        }
        if let Some(sample) = slices.sample {
            step(
                "sample",
                format!("{}% of the rows at random, seed {}", sample * 100.0, slices.seed),
                steps.sample,
            );
        }
        if let Some(first) = slices.first {
            step("first", format!("the first {first} rows"), steps.first);
        }
        // Times count from the beginning of the window, not from its first row.
        let from = slices.from_us.unwrap_or(0);
        for time in &mut self.columns.time {
            *time -= from;
        }
    }

    fn clip(&mut self, slices: &Slices) {
        if let Some(most) = slices.clip_input {
            for row in 0..self.columns.len() {
                if self.columns.input[row] > most {
                    self.columns.input[row] = most;
                    self.shorten(row);
                }
            }
            self.step("clip_input", format!("prompts cut to {most} tokens"));
        }
        if let Some(most) = slices.clip_output {
            self.columns.output.iter_mut().for_each(|output| *output = (*output).min(most));
            self.step("clip_output", format!("answers cut to {most} tokens"));
        }
    }

    /// Takes away the hash ids and prefix tokens that a shorter prompt has no place for.
    fn shorten(&mut self, row: usize) {
        let input = self.columns.input[row];
        if self.columns.prefix.get(row) > input {
            self.columns.prefix.set(row, input);
        }
        let (Some(block), mut leaf) = (self.hash_block, self.columns.leaf.get(row)) else { return };
        if leaf == NONE {
            return;
        }
        let mut depth = 1;
        let mut node = leaf;
        while self.parent[node as usize] != NONE {
            node = self.parent[node as usize];
            depth += 1;
        }
        for _ in input.div_ceil(block)..depth {
            leaf = self.parent[leaf as usize];
        }
        self.columns.leaf.set(row, leaf);
    }

    fn scale_lengths(&mut self, slices: &Slices) {
        let scaled = |tokens: u32, scale: f64| {
            ((f64::from(tokens) * scale).trunc().clamp(1.0, f64::from(MAX_TOKENS_PER_REQUEST))) as u32
        };
        if let Some(scale) = slices.input_scale {
            for input in &mut self.columns.input {
                *input = scaled(*input, scale);
            }
            if scale != 1.0 {
                if self.columns.leaf.is_used() {
                    self.notes
                        .push("hash ids are left out, because prompts have other lengths now".to_owned());
                }
                self.columns.leaf.clear();
                self.hash_block = None;
                for row in 0..self.columns.len() {
                    let prefix = self.columns.prefix.get(row);
                    if prefix > 0 {
                        self.columns.prefix.set(row, scaled(prefix, scale).min(self.columns.input[row]));
                    }
                }
            }
            self.step("input_scale", format!("prompts × {scale}"));
        }
        if let Some(scale) = slices.output_scale {
            for output in &mut self.columns.output {
                *output = scaled(*output, scale);
            }
            self.step("output_scale", format!("answers × {scale}"));
        }
    }

    fn scale_times(&mut self, slices: &Slices) -> Result<(), ConfigError> {
        if slices.spread {
            spread(&mut self.columns.time);
            self.step("spread", "rows of one time spread until the next");
        }
        if let Some(speed) = slices.speed {
            self.faster(|time| time as f64 / speed)?;
            self.step("speed", format!("{speed} times as fast, which is a time scale of {}", 1.0 / speed));
        }
        if let Some(rate) = slices.rate {
            let times = &self.columns.time;
            let span = times.last().zip(times.first()).map_or(0, |(last, first)| last - first);
            if span == 0 {
                let expected = "arrivals at different times, whose rate can be changed";
                return Err(ConfigError::invalid("slices.rate", rate, expected));
            }
            let (gaps, span) = ((times.len() - 1) as f64, span as f64);
            let speed = rate * (span / 1e6) / gaps;
            self.faster(|time| time as f64 * gaps * 1e6 / (rate * span))?;
            self.step("rate", format!("{rate} per second, which is {speed} times as fast"));
        }
        Ok(())
    }

    fn faster(&mut self, new: impl Fn(i64) -> f64) -> Result<(), ConfigError> {
        for time in &mut self.columns.time {
            let scaled = new(*time).trunc();
            if scaled > MAX_TIME_US as f64 {
                let expected = format!("arrivals up to {MAX_TIME_US} µs");
                return Err(ConfigError::invalid("slices", format!("an arrival at {scaled} µs"), expected));
            }
            *time = scaled as i64;
        }
        Ok(())
    }

    fn repeat(&mut self, slices: &Slices) -> Result<(), ConfigError> {
        let Some(times) = slices.repeat.filter(|&times| times > 1) else { return Ok(()) };
        let rows = self.columns.len();
        if rows as u64 * u64::from(times) > MAX_REQUESTS {
            let expected = format!("at most {MAX_REQUESTS} requests together; one round has {rows}");
            return Err(ConfigError::invalid("slices.repeat", times, expected));
        }
        let (first, last) = (self.columns.time[0], self.columns.time[rows - 1]);
        let span = last - first;
        let shift = span + span / (rows as i64 - 1).max(1);
        if shift.saturating_mul(i64::from(times)) > MAX_TIME_US {
            let expected = format!("arrivals up to {MAX_TIME_US} µs; one round takes {shift} µs");
            return Err(ConfigError::invalid("slices.repeat", times, expected));
        }
        let nodes = self.parent.len() as u32;
        let fresh = slices.repeat_fresh && self.columns.leaf.is_used();
        if fresh && u64::from(nodes) * u64::from(times) >= u64::from(u32::MAX) {
            let expected = format!("fewer rounds with hash ids of their own: one has {nodes} blocks");
            return Err(ConfigError::invalid("slices.repeat", times, expected));
        }
        for round in 1..times {
            for row in 0..rows {
                let mut copy = self.columns.get(row);
                copy.time += shift * i64::from(round);
                if fresh && copy.leaf != NONE {
                    copy.leaf += nodes * round;
                }
                self.columns.push(&copy);
            }
            if fresh {
                let copies = (0..nodes as usize).map(|node| self.parent[node]);
                let copies: Vec<u32> =
                    copies.map(|parent| if parent == NONE { NONE } else { parent + nodes * round }).collect();
                self.parent.extend(copies);
            }
        }
        let sharing = if fresh { ", each with prefixes of its own" } else { "" };
        self.step("repeat", format!("{times} times one after the other{sharing}"));
        Ok(())
    }
}

/// Row j of the k rows of a time gets the j-th part of the way to the next time; the last group keeps its time.
fn spread(times: &mut [i64]) {
    let mut start = 0;
    while start < times.len() {
        let time = times[start];
        let end = start + times[start..].iter().take_while(|&&other| other == time).count();
        if let Some(&next) = times.get(end) {
            let rows = (end - start) as i128;
            for (place, own) in times[start..end].iter_mut().enumerate() {
                *own = time + (place as i128 * i128::from(next - time) / rows) as i64;
            }
        }
        start = end;
    }
}

fn seconds(microseconds: i64) -> String {
    format!("{} s", microseconds as f64 / 1e6)
}

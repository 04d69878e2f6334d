//! How far a sweep is, on standard error: a line at the beginning and at the end, and on a terminal one that changes.

use super::rows::Writer;
use super::shard::Shard;
use crate::failure::Failure;
use crate::say;
use blis_playground::outcome::words::plural;
use std::time::{Duration, Instant};

/// The changing line changes no more often than this.
const PAUSE: Duration = Duration::from_millis(200);

/// What has been done so far.
#[derive(Debug)]
pub struct Progress {
    runs: usize,
    done: usize,
    refused: usize,
    /// Why the first of them was.
    reason: Option<String>,
    shard: Shard,
    begun: Instant,
    shown: Instant,
}

impl Progress {
    /// Says what is about to be done.
    pub fn new(writer: &Writer<'_>, shard: Shard, runs: usize, threads: usize) -> Self {
        let (points, seeds) = (writer.grid.points.len(), writer.grid.seeds.len());
        let part = if shard == Shard::WHOLE {
            String::new()
        } else {
            format!(", of which shard {shard} has {runs}")
        };
        say::line(format_args!(
            "sweep: {} × {}, {}{part}; {threads} at a time",
            plural(points as u64, "combination"),
            plural(seeds as u64, "seed"),
            plural(writer.grid.runs() as u64, "run")
        ));
        let now = Instant::now();
        Self { runs, done: 0, refused: 0, reason: None, shard, begun: now, shown: now }
    }

    /// A run is done, or was refused for a reason.
    pub fn count(&mut self, refused: Option<String>) {
        self.done += 1;
        if refused.is_some() {
            self.refused += 1;
            self.reason = self.reason.take().or(refused);
        }
        if self.shown.elapsed() >= PAUSE {
            self.shown = Instant::now();
            let left = self.begun.elapsed().as_secs_f64() * (self.runs - self.done) as f64 / self.done as f64;
            say::changing(format_args!("sweep: {} of {} runs, about {left:.0} s left", self.done, self.runs));
        }
    }

    /// Says what was done; fails if no run of a whole sweep could be made.
    pub fn end(self) -> Result<(), Failure> {
        say::changing("");
        if let Some(reason) = self.reason.filter(|_| self.refused == self.runs && self.shard == Shard::WHOLE)
        {
            return Err(Failure::Flag(format!("no run could be made: {reason}")));
        }
        let refused = if self.refused == 0 { String::new() } else { format!(", {} refused", self.refused) };
        let seconds = self.begun.elapsed().as_secs_f64();
        say::line(format_args!("sweep: {} in {seconds:.2} s{refused}", plural(self.runs as u64, "run")));
        Ok(())
    }
}

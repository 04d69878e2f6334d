//! Threads that make runs side by side.

use crate::failure::Failure;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Most runs at a time.
const MOST_THREADS: usize = 1024;

/// As many threads as `--threads` says, or as many as there are cores.
pub fn pool(threads: Option<&str>) -> Result<ThreadPool, Failure> {
    let number = threads.map_or(Ok(0), |text| {
        let number = text.parse().ok().filter(|number| (1..=MOST_THREADS).contains(number));
        let wrong = || format!("--threads must be a whole number from 1 to {MOST_THREADS}, got {text}");
        number.ok_or_else(|| Failure::Flag(wrong()))
    })?;
    let pool = ThreadPoolBuilder::new().num_threads(number).build();
    pool.map_err(|error| Failure::Flag(format!("--threads: {error}")))
}

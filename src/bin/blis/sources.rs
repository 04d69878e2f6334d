//! The files that flags name, each read once however many runs begin with them.

use crate::failure::Failure;
use crate::files::read_named;
use crate::remark::Remark;
use blis_playground::Config;
use blis_playground::config::ExplicitRequests;
use blis_playground::workload::Replay;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What has been read so far.
#[derive(Debug, Default)]
pub struct Sources {
    texts: RefCell<BTreeMap<PathBuf, Rc<str>>>,
    trace: OnceCell<Trace>,
}

/// A trace whose requests are held once, whatever number of configurations has them.
#[derive(Debug)]
pub struct Trace {
    /// The requests.
    pub requests: ExplicitRequests,
    /// Everything else of it.
    pub replay: Replay,
    /// What is to be said about it.
    pub remarks: Vec<Remark>,
}

impl Trace {
    /// A trace as it was replayed.
    pub fn new(mut replay: Replay, remarks: Vec<Remark>) -> Self {
        Self { requests: std::mem::take(&mut replay.requests).into(), replay, remarks }
    }

    /// A configuration whose workload is this trace.
    pub fn applied_to(&self, config: &Config) -> Config {
        let mut config = self.replay.clone().applied_to(config);
        config.workload.requests = Some(self.requests.clone());
        config
    }
}

impl Sources {
    /// The text of a file that a flag names; `-` is standard input.
    pub fn text(&self, flag: &'static str, path: &Path) -> Result<Rc<str>, Failure> {
        if let Some(text) = self.texts.borrow().get(path) {
            return Ok(text.clone());
        }
        let text: Rc<str> = read_named(flag, path)?.into();
        self.texts.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    /// The trace, of which flags name one at most, as `read` reads it.
    pub fn trace(&self, read: impl FnOnce() -> Result<Trace, Failure>) -> Result<&Trace, Failure> {
        if let Some(trace) = self.trace.get() {
            return Ok(trace);
        }
        let trace = read()?;
        Ok(self.trace.get_or_init(|| trace))
    }
}

//! Measurements: read, refused, and fitted.

mod command;
mod reading;
mod recovery;
mod refusals;

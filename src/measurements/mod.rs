//! A user's own measurements: read from the files of benchmarks, and fitted by coefficients of the latency model. Not in BLIS.
//!
//! [`read_all`] makes rows of what `vllm bench serve`, SGLang's benchmark, GuideLLM or AIPerf wrote, or of a table: one per
//! rate. A [`LatencyFit`] then looks for the coefficients with which our own simulation of those rates shows the same times,
//! says which of them the rows determine, and keeps the others. What it finds is a
//! [`MeasuredLatency`](crate::config::MeasuredLatency), which `model.measured` puts in the place of the model's own
//! coefficients. ([`theory::calibration`](crate::theory::calibration) is something else: it asks our simulation what one
//! instance can serve.)
//!
//! | module | subject |
//! |---|---|
//! | `measured` | a row, and what is wrong with it |
//! | `reading` | from files to rows |
//! | `object`, `vllm`, `guidellm`, `aiperf`, `console`, `table`, `quantity` | the formats |
//! | `coefficient` | what may be fitted, and within which bounds |
//! | `forward` | the rows as our simulation shows them |
//! | `linear` | least squares of a few columns |
//! | `choice` | which coefficients the rows determine |
//! | `residuals` | how far a simulation is off |
//! | `attempt`, `search` | the fit, in slices |
//! | `fit`, `report` | what came of it |
//!
//! # Why the least squares are our own
//!
//! `levenberg-marquardt` 0.15 on `nalgebra` is the library that is kept up. It was tried: it adds 17.0 kB to the compressed
//! module, of 25 kB that were meant for all of this. It also calls the function it minimises, so that it could neither show
//! progress nor be given up between two simulations, and it knows no bounds. What is needed of it, a damped step within
//! bounds for at most eight columns, is `linear` and a page of `attempt`.

mod aiperf;
mod attempt;
mod choice;
mod coefficient;
mod console;
mod derivatives;
mod fit;
mod forward;
mod guidellm;
mod linear;
mod measured;
mod object;
mod overheads;
mod quantity;
mod reading;
mod report;
mod residuals;
mod search;
mod table;
mod vllm;

pub use fit::{Compared, FitProgress, FitRow, FittedCoefficient, FittedLatency};
pub use measured::{Measured, MeasuredArrivals};
pub use reading::{MAX_FILES, MeasuredFile, MeasurementOptions, Measurements, read_all};
pub use search::LatencyFit;

//! Measurements: read, refused, and fitted.

mod recovery;

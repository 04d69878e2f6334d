//! Traffic that others recorded: any file of requests becomes the columns of a run (traces chapter).
//!
//! A [`Reader`] takes a file in pieces of any size, unpacks gzip, finds out what the file is and which column holds what, and
//! keeps the columns that matter. [`Reader::finish`] gives a [`Table`], whose [`Report`] says what was found, what was dropped
//! and why, and what is asked. [`Table::sliced`] cuts and scales it to the requests of a run.
//!
//! ```
//! use blis_playground::import::{Options, Reader, Slices};
//!
//! let mut reader = Reader::new(Options::default())?;
//! reader.push(b"TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n")?;
//! reader.push(b"2023-11-16 18:15:50.9951690,396,109\n")?;
//! let table = reader.finish()?;
//! assert_eq!(table.report().preview.detected.name, "Azure LLM inference trace");
//! let slice = table.sliced(&Slices { speed: Some(2.0), ..Slices::default() })?;
//! assert_eq!(slice.list.requests.arrival[1].0, 2_157_289);
//! # Ok::<(), blis_playground::ConfigError>(())
//! ```
//!
//! | module | subject |
//! |---|---|
//! | `options`, `answers`, `mapping`, `names`, `shape` | what is given |
//! | `sniff`, `running`, `unpack`, `lines`, `table_rows`, `json` | from bytes to cells |
//! | `format`, `detect`, `decide` | what a file is and how it is read |
//! | `causes`, `guard` | what must not be overlooked about a file and its columns |
//! | `number`, `time`, `ids`, `prompt_ids`, `status` | values |
//! | `values`, `rows`, `labels`, `entries`, `agents`, `chats`, `documents`, `trace_v2` | from cells to requests, or to reasons why not |
//! | `columns`, `gate`, `table`, `made` | the rows that are kept |
//! | `slices`, `slicing`, `requests`, `export` | cut, scaled, and handed to a run or written |
//! | `preview`, `report`, `questions`, `warnings`, `traffic`, `drops` | what is said about it |

mod agents;
mod answers;
mod causes;
mod chats;
mod columns;
mod decide;
mod detect;
mod documents;
mod drops;
mod entries;
mod export;
mod format;
mod gate;
mod guard;
mod ids;
pub(crate) mod json;
mod labels;
mod later;
mod lines;
mod made;
mod mapping;
mod names;
mod number;
mod options;
mod preview;
mod prompt_ids;
mod questions;
mod reader;
mod report;
mod requests;
mod rows;
mod running;
mod shape;
mod slices;
mod slicing;
mod sniff;
mod status;
mod table;
mod table_rows;
mod time;
mod trace_v2;
mod traffic;
mod unpack;
mod values;
mod warnings;

pub use answers::{Choice, Question};
pub use documents::MAX_DOCUMENT_BYTES;
pub use drops::Dropped;
pub use format::Format;
pub use gate::MAX_KEPT_ROWS;
pub use lines::MAX_LINE_BYTES;
pub use mapping::{MappedColumn, Mapping, Role};
pub use options::Options;
pub use preview::{Column, FormatInfo, Preview};
pub use reader::{Progress, Reader};
pub use report::{Counts, LabelNames, Report, SliceReport, Step};
pub use shape::Shape;
pub use slices::{Comparison, Filter, FilterField, Slices};
pub use table::{Slice, Table};
pub use time::TimeUnit;
pub use traffic::{Bins, Lengths, Sharing, Traffic};
pub use unpack::MAX_UNPACKED_BYTES;

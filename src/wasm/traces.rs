//! Files of requests that others recorded: read in pieces, shown, cut, and packed for runs.

use super::js_error;
use super::values::{bytes, document, to_js, whole};
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::error::ConfigError;
use crate::import::{Format, FormatInfo, Options, Reader, Role, Slice, Slices, Table};
use crate::workload::loaded;
use js_sys::{Error, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Reads a file in pieces. What it is and how it is written is found out from its beginning, unless the options say so.
#[wasm_bindgen(js_name = TraceReader)]
pub struct JsTraceReader {
    /// None once it has been finished.
    reader: Option<Reader>,
}

#[wasm_bindgen(js_class = TraceReader)]
impl JsTraceReader {
    /// A reader at the beginning of a file.
    ///
    /// @throws {ConfigError} if the options cannot be used
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TraceOptions")] options: JsValue,
    ) -> Result<Self, Error> {
        let options: Options = document("options", &options)?;
        let reader = Reader::new(options).map_err(|error| js_error(&error))?;
        Ok(Self { reader: Some(reader) })
    }

    /// Takes the next piece of the file, gzipped or not.
    ///
    /// @throws {ConfigError} with what ends the reading: a damaged archive, a line without end, a format that does not fit
    pub fn push(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] piece: JsValue,
    ) -> Result<(), Error> {
        let piece = bytes("piece", &piece)?;
        self.reader()?.push(&piece).map_err(|error| js_error(&error))
    }

    /// How far it has come.
    #[wasm_bindgen(getter, unchecked_return_type = "TraceProgress")]
    pub fn progress(&mut self) -> Result<JsValue, Error> {
        to_js(&self.reader()?.progress())
    }

    /// What the beginning shows; `null` until enough of it is there.
    #[wasm_bindgen(unchecked_return_type = "TracePreview | null")]
    pub fn preview(&mut self) -> Result<JsValue, Error> {
        to_js(&self.reader()?.preview())
    }

    /// Takes no more pieces and decides what the file is, so that `preview` shows it also where `finish` fails.
    ///
    /// @throws {ConfigError} as `push`
    pub fn end(&mut self) -> Result<(), Error> {
        self.reader()?.end().map_err(|error| js_error(&error))
    }

    /// The end of the file; the reader is used up.
    ///
    /// @throws {ConfigError} if it is cut off, columns are missing, or no row is kept, or more than can be
    pub fn finish(&mut self) -> Result<JsTraceTable, Error> {
        let reader = self.reader.take().ok_or_else(used_up)?;
        let table = reader.finish().map_err(|error| js_error(&error))?;
        Ok(JsTraceTable { table })
    }
}

impl JsTraceReader {
    fn reader(&mut self) -> Result<&mut Reader, Error> {
        self.reader.as_mut().ok_or_else(used_up)
    }
}

fn used_up() -> Error {
    js_error(&ConfigError::malformed("reader", "it has been finished"))
}

/// A file that was read: its rows stay in the module.
#[wasm_bindgen(js_name = TraceTable)]
pub struct JsTraceTable {
    table: Table,
}

#[wasm_bindgen(js_class = TraceTable)]
impl JsTraceTable {
    /// All that a preview shows.
    #[wasm_bindgen(getter, unchecked_return_type = "TraceReport")]
    pub fn report(&self) -> Result<JsValue, Error> {
        to_js(self.table.report())
    }

    /// Latency targets by class, of a trace of ours.
    #[wasm_bindgen(getter, unchecked_return_type = "Record<string, SloTarget>")]
    pub fn targets(&self) -> Result<JsValue, Error> {
        to_js(&self.table.targets)
    }

    /// Number of rows whose input and output together are longer than this.
    ///
    /// @throws {ConfigError} if that is no number of tokens
    #[wasm_bindgen(js_name = longerThan)]
    pub fn longer_than(&self, tokens: f64) -> Result<f64, Error> {
        Ok(self.table.longer_than(length(tokens)?) as f64)
    }

    /// Cuts, filters and scales; `{}` takes all.
    ///
    /// @throws {ConfigError} if a value is out of range, or no row is left
    pub fn slice(
        &self,
        #[wasm_bindgen(unchecked_param_type = "TraceSlices")] slices: JsValue,
    ) -> Result<JsTraceSlice, Error> {
        let slices: Slices = document("slices", &slices)?;
        let slice = self.table.sliced(&slices).map_err(|error| js_error(&error))?;
        Ok(JsTraceSlice { slice })
    }
}

/// A part of a trace: the requests of a run.
#[wasm_bindgen(js_name = TraceSlice)]
pub struct JsTraceSlice {
    slice: Slice,
}

#[wasm_bindgen(js_class = TraceSlice)]
impl JsTraceSlice {
    /// What was done, and what came of it.
    #[wasm_bindgen(getter, unchecked_return_type = "TraceSliceReport")]
    pub fn report(&self) -> Result<JsValue, Error> {
        to_js(&self.slice.report)
    }

    /// Number of requests whose input and output together are longer than this.
    ///
    /// @throws {ConfigError} if that is no number of tokens
    #[wasm_bindgen(js_name = longerThan)]
    pub fn longer_than(&self, tokens: f64) -> Result<f64, Error> {
        Ok(self.slice.longer_than(length(tokens)?) as f64)
    }

    /// The requests as bytes for `loadRequests`, to be kept.
    ///
    /// @throws {ConfigError} if they cannot be run
    pub fn pack(&self) -> Result<Uint8Array, Error> {
        self.slice.list.check().map_err(|error| js_error(&error))?;
        Ok(Uint8Array::from(loaded::pack(&self.slice.list.clone().canonical()).as_slice()))
    }
}

fn length(tokens: f64) -> Result<u64, Error> {
    whole("tokens", tokens, 0..=2 * MAX_TOKENS_PER_REQUEST).map(u64::from)
}

/// What a column can hold, in words.
#[derive(Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct TraceRoleInfo {
    /// What it is called in a mapping.
    #[tsify(type = "TraceRole")]
    pub id: Role,
    /// In words.
    pub words: &'static str,
}

/// The formats that can be read.
#[wasm_bindgen(js_name = traceFormats, unchecked_return_type = "TraceFormatInfo[]")]
pub fn trace_formats() -> Result<JsValue, Error> {
    to_js(&Format::all().map(FormatInfo::from).collect::<Vec<_>>())
}

/// What a column of a trace can hold.
#[wasm_bindgen(js_name = traceRoles, unchecked_return_type = "TraceRoleInfo[]")]
pub fn trace_roles() -> Result<JsValue, Error> {
    to_js(&Role::all().map(|id| TraceRoleInfo { id, words: id.words() }).collect::<Vec<_>>())
}

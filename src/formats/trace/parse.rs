//! Reading a row, with the checks of the format (workload chapter, W-11.2).

use super::layout::Layout;
use super::row::TraceRow;
use crate::config::limits::MAX_NAME_BYTES;
use crate::error::ConfigError;
use crate::formats::csv::{Record, as_text};

/// Reads a row.
pub(super) fn row(layout: &Layout, record: &Record<'_>) -> Result<TraceRow, ConfigError> {
    if record.fields.len() < layout.width {
        let message = format!("row has {} columns, expected at least {}", record.fields.len(), layout.width);
        return Err(ConfigError::malformed(format!("trace data, line {}", record.line), message));
    }
    let cells = Cells { layout, record };
    let row = TraceRow {
        request_id: cells.integer("request_id")?,
        client_id: cells.name("client_id")?,
        tenant_id: cells.name("tenant_id")?,
        slo_class: cells.name("slo_class")?,
        vllm_priority: cells.count("vllm_priority")?,
        session_id: cells.name("session_id")?,
        round_index: cells.integer("round_index")?,
        prefix_group: cells.name("prefix_group")?,
        prefix_length: cells.count("prefix_length")?,
        streaming: cells.truth("streaming")?,
        input_tokens: cells.count("input_tokens")?,
        output_tokens: cells.count("output_tokens")?,
        text_tokens: cells.count("text_tokens")?,
        image_tokens: cells.count("image_tokens")?,
        audio_tokens: cells.count("audio_tokens")?,
        video_tokens: cells.count("video_tokens")?,
        reason_ratio: cells.share("reason_ratio")?,
        model: cells.name("model")?,
        deadline_us: cells.count("deadline_us")?,
        slo_target_us: cells.count("slo_target_us")?,
        server_input_tokens: cells.count("server_input_tokens")?,
        arrival_time_us: cells.integer("arrival_time_us")?,
        send_time_us: cells.integer("send_time_us")?,
        first_chunk_time_us: cells.integer("first_chunk_time_us")?,
        last_chunk_time_us: cells.integer("last_chunk_time_us")?,
        num_chunks: cells.count("num_chunks")?,
        status: cells.text("status"),
        error_message: cells.text("error_message"),
        finish_reason: cells.text("finish_reason"),
        x_request_id: cells.name("x_request_id")?,
        adapter: cells.name("adapter")?,
        hash_ids: cells.ids("hash_ids")?,
        think_time_us: cells.optional_count("think_time_us")?,
    };
    if row.deadline_us > 0 && row.arrival_time_us > 0 && row.deadline_us < row.arrival_time_us {
        let expected = format!("0, or at least arrival_time_us = {}", row.arrival_time_us);
        return Err(cells.invalid("deadline_us", &expected));
    }
    Ok(row)
}

/// The place of a column in the words of an error.
pub(super) fn place(line: usize, column: usize, name: &str) -> String {
    format!("trace data, line {line}, column {} ({name})", column + 1)
}

/// The fields of a row by name.
struct Cells<'r, 't> {
    layout: &'r Layout,
    record: &'r Record<'t>,
}

impl Cells<'_, '_> {
    /// The field; empty if an optional column is absent.
    fn get(&self, name: &str) -> &str {
        self.layout.place(name).and_then(|at| self.record.fields.get(at)).map_or("", AsRef::as_ref)
    }

    fn invalid(&self, name: &str, expected: &str) -> ConfigError {
        let column = self.layout.place(name).unwrap_or_default();
        let cell = Some(self.get(name)).filter(|cell| !cell.is_empty()).unwrap_or("nothing");
        ConfigError::invalid(place(self.record.line, column, name), cell, expected)
    }

    fn text(&self, name: &str) -> String {
        as_text(self.get(name)).to_owned()
    }

    /// A name, which is kept and shown.
    fn name(&self, name: &str) -> Result<String, ConfigError> {
        let text = as_text(self.get(name));
        if text.len() > MAX_NAME_BYTES {
            return Err(self.invalid(name, &format!("a name of at most {MAX_NAME_BYTES} bytes")));
        }
        Ok(text.to_owned())
    }

    fn integer(&self, name: &str) -> Result<i64, ConfigError> {
        if self.layout.place(name).is_none() {
            return Ok(0);
        }
        self.get(name).parse().map_err(|_| self.invalid(name, "a 64-bit integer in decimal digits"))
    }

    /// Identities of blocks with blanks between them.
    fn ids(&self, name: &str) -> Result<Vec<u64>, ConfigError> {
        let ids = self.get(name).split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>();
        ids.map_err(|_| self.invalid(name, "whole numbers of at least 0 with blanks between them"))
    }

    fn count(&self, name: &str) -> Result<i64, ConfigError> {
        match self.integer(name)? {
            count if count >= 0 => Ok(count),
            _ => Err(self.invalid(name, "a whole number of at least 0")),
        }
    }

    /// A count in a column that may be empty.
    fn optional_count(&self, name: &str) -> Result<i64, ConfigError> {
        if self.get(name).is_empty() { Ok(0) } else { self.count(name) }
    }

    fn truth(&self, name: &str) -> Result<bool, ConfigError> {
        match self.get(name) {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
            _ => Err(self.invalid(name, "true or false")),
        }
    }

    fn share(&self, name: &str) -> Result<f64, ConfigError> {
        let share = self.get(name).parse().ok().filter(|share: &f64| (0.0..=1.0).contains(share));
        share.ok_or_else(|| self.invalid(name, "a finite number from 0 to 1"))
    }
}

//! A row of a trace (workload chapter, W-11.2).

use super::layout::Optional;
use crate::formats::csv::{push_field, push_text};
use crate::formats::number_to_string;

/// One request of a trace and what became of it. Times are µs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceRow {
    /// Number of the request.
    pub request_id: i64,
    /// Client; may be empty, as all names.
    pub client_id: String,
    /// Tenant.
    pub tenant_id: String,
    /// SLO class.
    pub slo_class: String,
    /// Priority of a real server's request; 0 = not given.
    pub vllm_priority: i64,
    /// Session.
    pub session_id: String,
    /// Round of the session, from 0.
    pub round_index: i64,
    /// Prefix group.
    pub prefix_group: String,
    /// Tokens shared with the group, not part of `input_tokens`.
    pub prefix_length: i64,
    /// Whether the answer was streamed; a label.
    pub streaming: bool,
    /// Prompt length without the prefix.
    pub input_tokens: i64,
    /// Output length.
    pub output_tokens: i64,
    /// Part of the prompt that is text; not used.
    pub text_tokens: i64,
    /// Part that is images; not used.
    pub image_tokens: i64,
    /// Part that is sound; not used.
    pub audio_tokens: i64,
    /// Part that is video; not used.
    pub video_tokens: i64,
    /// Share of the output that is reasoning, 0 to 1; not used.
    pub reason_ratio: f64,
    /// Model; empty = the one that is served.
    pub model: String,
    /// Absolute time at which the client gives up; 0 = never.
    pub deadline_us: i64,
    /// Latency that the client hoped for; 0 = none; a label.
    pub slo_target_us: i64,
    /// Prompt length as a real server counted it; 0 = not given.
    pub server_input_tokens: i64,
    /// Arrival.
    pub arrival_time_us: i64,
    /// When it was sent; 0 = at its arrival.
    pub send_time_us: i64,
    /// First output token; 0 = there was none.
    pub first_chunk_time_us: i64,
    /// Last output token; 0 = there was none.
    pub last_chunk_time_us: i64,
    /// Parts in which the answer came; not used.
    pub num_chunks: i64,
    /// `ok`, `timeout`, `incomplete` or the status of a real server.
    pub status: String,
    /// What went wrong at a real server.
    pub error_message: String,
    /// Why a real server stopped.
    pub finish_reason: String,
    /// Id that a real server knew it by.
    pub x_request_id: String,
    /// LoRA adapter.
    pub adapter: String,
    /// Identities of the blocks of the prompt (traces chapter, TR-3).
    pub hash_ids: Vec<u64>,
    /// Pause between the answer of the round before and this one's arrival; it matters to replays with sessions only.
    pub think_time_us: i64,
}

impl Optional {
    /// Those in which a row has something.
    pub fn of(rows: &[TraceRow]) -> Self {
        Self {
            vllm_priority: rows.iter().any(|row| row.vllm_priority != 0),
            slo_target_us: rows.iter().any(|row| row.slo_target_us != 0),
            x_request_id: rows.iter().any(|row| !row.x_request_id.is_empty()),
            adapter: rows.iter().any(|row| !row.adapter.is_empty()),
            hash_ids: rows.iter().any(|row| !row.hash_ids.is_empty()),
            think_time_us: rows.iter().any(|row| row.think_time_us != 0),
        }
    }
}

impl TraceRow {
    /// Appends the row as a line, in the order of the columns.
    pub(super) fn write(&self, columns: Optional, line: &mut String) {
        let number = |line: &mut String, number: i64| push_field(line, &number.to_string());
        number(line, self.request_id);
        for name in [&self.client_id, &self.tenant_id, &self.slo_class] {
            push_text(line, name);
        }
        if columns.vllm_priority {
            number(line, self.vllm_priority);
        }
        push_text(line, &self.session_id);
        number(line, self.round_index);
        push_text(line, &self.prefix_group);
        number(line, self.prefix_length);
        push_field(line, if self.streaming { "true" } else { "false" });
        let counts = [self.input_tokens, self.output_tokens, self.text_tokens, self.image_tokens];
        for count in counts.into_iter().chain([self.audio_tokens, self.video_tokens]) {
            number(line, count);
        }
        push_field(line, &number_to_string(self.reason_ratio));
        push_text(line, &self.model);
        number(line, self.deadline_us);
        if columns.slo_target_us {
            number(line, self.slo_target_us);
        }
        let times = [self.arrival_time_us, self.send_time_us, self.first_chunk_time_us];
        for value in [self.server_input_tokens].into_iter().chain(times) {
            number(line, value);
        }
        number(line, self.last_chunk_time_us);
        number(line, self.num_chunks);
        for words in [&self.status, &self.error_message, &self.finish_reason] {
            push_text(line, words);
        }
        if columns.x_request_id {
            push_text(line, &self.x_request_id);
        }
        if columns.adapter {
            push_text(line, &self.adapter);
        }
        if columns.hash_ids {
            let ids: Vec<_> = self.hash_ids.iter().map(u64::to_string).collect();
            push_field(line, &ids.join(" "));
        }
        if columns.think_time_us {
            number(line, self.think_time_us);
        }
        line.push('\n');
    }
}

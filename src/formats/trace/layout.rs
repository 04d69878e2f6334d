//! Which column of a table holds what (workload chapter, W-11.2).

use std::borrow::Cow;

/// The mandatory columns in their order.
pub(super) const NAMES: [&str; 27] = [
    "request_id",
    "client_id",
    "tenant_id",
    "slo_class",
    "session_id",
    "round_index",
    "prefix_group",
    "prefix_length",
    "streaming",
    "input_tokens",
    "output_tokens",
    "text_tokens",
    "image_tokens",
    "audio_tokens",
    "video_tokens",
    "reason_ratio",
    "model",
    "deadline_us",
    "server_input_tokens",
    "arrival_time_us",
    "send_time_us",
    "first_chunk_time_us",
    "last_chunk_time_us",
    "num_chunks",
    "status",
    "error_message",
    "finish_reason",
];

/// The optional columns, each with the mandatory one that it follows; the last four stand at the end.
const OPTIONAL: [(&str, &str); 6] = [
    ("vllm_priority", "slo_class"),
    ("slo_target_us", "deadline_us"),
    ("x_request_id", "finish_reason"),
    ("adapter", "finish_reason"),
    ("hash_ids", "finish_reason"),
    ("think_time_us", "finish_reason"),
];

/// Which optional columns a table has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each column is there or not, whatever the others are")]
pub(crate) struct Optional {
    /// Directly after `slo_class`.
    pub vllm_priority: bool,
    /// Directly after `deadline_us`.
    pub slo_target_us: bool,
    /// After the last mandatory column.
    pub x_request_id: bool,
    /// Behind it.
    pub adapter: bool,
    /// Behind that; ours, the reference has no such column.
    pub hash_ids: bool,
    /// Last.
    pub think_time_us: bool,
}

impl Optional {
    fn has(self, name: &str) -> bool {
        match name {
            "vllm_priority" => self.vllm_priority,
            "slo_target_us" => self.slo_target_us,
            "x_request_id" => self.x_request_id,
            "adapter" => self.adapter,
            "hash_ids" => self.hash_ids,
            _ => self.think_time_us,
        }
    }
}

/// All columns of a table with these optional ones, in their order.
fn names(optional: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let mut names = Vec::with_capacity(NAMES.len() + OPTIONAL.len());
    for name in NAMES {
        names.push(name);
        let following = OPTIONAL.iter().filter(|(_, after)| *after == name).map(|(name, _)| *name);
        names.extend(following.filter(|name| optional(name)));
    }
    names
}

/// The first line.
pub(super) fn head(columns: Optional) -> String {
    names(|name| columns.has(name)).join(",") + "\n"
}

/// Where each column stands in a table that is read.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    columns: Vec<(&'static str, usize)>,
    /// Fewest fields of a row.
    pub width: usize,
}

impl Layout {
    /// By name if the first line has all mandatory names; else by position, of the optional ones those that it names.
    pub fn of(head: &[Cow<'_, str>]) -> Self {
        let place = |name: &str| head.iter().position(|column| column == name);
        let order = names(|name| place(name).is_some());
        let by_name: Option<Vec<_>> = order.iter().map(|name| Some((*name, place(name)?))).collect();
        let columns =
            by_name.unwrap_or_else(|| order.iter().zip(0..).map(|(name, at)| (*name, at)).collect());
        let width = columns.iter().map(|(_, at)| at + 1).max().unwrap_or_default();
        Self { columns, width }
    }

    /// The place of a column; `None` for an optional one that is absent.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().find(|(column, _)| *column == name).map(|(_, at)| *at)
    }
}

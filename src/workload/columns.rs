//! The columns of the requests, but for the lengths: what they have from their source.

use super::kept::Kept;
use super::labels::{SourceLabels, deadline, prompt_length};
use super::sources::{Arrival, Source};
use super::{NO_SESSION, Requests};
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::units::Micros;

/// Fills the column with this number, of all but the lengths, and puts the prefixes in front of the prompts. Returns
/// whether another one follows.
pub(super) fn write_column(
    number: usize,
    sources: &[Source],
    kept: &Kept,
    labels: &[SourceLabels],
    rows: &[Arrival],
    requests: &mut Requests,
) -> bool {
    let column = Column { labels, rows };
    match number {
        0 => requests.arrival = rows.iter().map(|row| Micros(row.time)).collect(),
        1 => requests.group = column.of(|labels| labels.group),
        2 => requests.class = column.of(|labels| labels.class),
        3 => requests.tenant = column.of(|labels| labels.tenant),
        4 => requests.client = column.of(|labels| labels.client),
        5 if kept.count() > 0 => requests.round = rows.iter().map(|row| kept.session_of(row).1).collect(),
        5 => requests.round = vec![0; rows.len()],
        6 => {
            requests.session = if kept.count() > 0 {
                rows.iter().map(|row| kept.session_of(row).0).collect()
            } else if sources.iter().all(|source| source.session == NO_SESSION) {
                vec![NO_SESSION; rows.len()]
            } else {
                rows.iter().map(|row| sources[row.source as usize].session).collect()
            };
        }
        7 => {
            requests.deadline =
                rows.iter().map(|row| deadline(Micros(row.time), column.label(row).timeout)).collect();
        }
        8 => {
            for output in &mut requests.output {
                *output = (*output).min(MAX_TOKENS_PER_REQUEST);
            }
            requests.budget = requests.output.iter().map(|&output| output as i32).collect();
        }
        _ => {
            requests.prefix = column.of(|labels| labels.prefix);
            for (input, &prefix) in requests.input.iter_mut().zip(&requests.prefix) {
                *input = prompt_length(prefix, *input);
            }
            return false;
        }
    }
    true
}

/// Spreads a label over the rows.
struct Column<'rows> {
    labels: &'rows [SourceLabels],
    rows: &'rows [Arrival],
}

impl Column<'_> {
    fn label(&self, row: &Arrival) -> &SourceLabels {
        match self.labels {
            [only] => only,
            labels => &labels[row.source as usize],
        }
    }

    fn of<T: Copy>(&self, label: impl Fn(&SourceLabels) -> T) -> Vec<T> {
        match self.labels {
            [only] => vec![label(only); self.rows.len()],
            _ => self.rows.iter().map(|row| label(self.label(row))).collect(),
        }
    }
}

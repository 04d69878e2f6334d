//! What is odd about a trace, and what was done, in words.

use super::format::Format;
use super::questions::Known;
use super::rows::Rows;
use super::time::TimeUnit;
use super::traffic::Traffic;

/// What is odd about requests.
pub(super) fn of_traffic(traffic: &Traffic) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(rate) = traffic.mean_rate {
        if rate < 0.001 {
            warnings.push(format!(
                "the mean rate is {rate} per second, less than one in a quarter of an hour: is the unit of times right?"
            ));
        } else if rate > 10_000.0 {
            warnings.push(format!("the mean rate is {rate:.0} per second: is the unit of times right?"));
        }
    } else if traffic.rows > 1 {
        warnings.push("all requests arrive at the same time".to_owned());
    }
    warnings
}

/// What is odd about a file.
pub(super) fn of_file(rows: &Rows, traffic: &Traffic) -> Vec<String> {
    let mut warnings = rows.plan.warnings.clone();
    warnings.extend(of_traffic(traffic));
    let is_fast = traffic.mean_rate.is_some_and(|rate| (500.0..=10_000.0).contains(&rate));
    if is_fast
        && !rows.plan.is_mapped
        && rows.plan.format.known().unit == TimeUnit::Ms
        && !rows.plan.makes_arrivals
    {
        warnings.push(format!(
            "the mean rate is {:.0} per second, with times in milliseconds as in other files of this format: are they seconds? \
             Then map the columns, with arrival=timestamp:s",
            traffic.mean_rate.unwrap_or_default()
        ));
    }
    let counted = &rows.counted;
    if counted.out_of_order > 0 {
        warnings
            .push(format!("{} rows are earlier than one before them: sorted by time", counted.out_of_order));
    }
    if counted.odd_totals > 0 {
        warnings.push(format!("in {} rows the total is not input and output together", counted.odd_totals));
    }
    let has_ids = rows.columns.leaf.is_used();
    if has_ids && counted.without_ids > 0 {
        warnings.push(format!("{} rows have no hash ids: they share nothing", counted.without_ids));
    }
    if rows.plan.hash_block.is_none() && rows.plan.format.known().hash_block > 0 {
        warnings.push(
            "the number of hash ids fits the length of most prompts with no block size: hash ids are not used".to_owned(),
        );
    }
    let usual = rows.plan.stated_block.unwrap_or(rows.plan.format.known().hash_block);
    if let Some(block) = rows.plan.hash_block.filter(|&block| usual > 0 && block != usual && has_ids) {
        warnings.push(format!(
            "a hash id stands for {block} tokens, not for {usual} as usual: so the numbers of ids say"
        ));
    }
    warnings.extend(rows.plan.hash_block.and_then(|block| rows.sizes.advice(block)));
    if rows.ids.unchained > 0 {
        warnings.push(format!(
            "in {} rows (first in line {}) a hash id stands behind another one than before: the ids are not chained, so each \
             identity is made of all ids up to it",
            rows.ids.unchained, rows.ids.first_unchained
        ));
    }
    if rows.ids.two_fills > 0 {
        warnings.push(format!(
            "{} times a last hash id ends a prompt with another number of tokens than before: only the shorter part is shared",
            rows.ids.two_fills
        ));
    }
    if traffic.equal_times * 10 > traffic.rows {
        warnings.push(format!(
            "{} of {} rows arrive at the same time as the one before: they can be spread until the next",
            traffic.equal_times, traffic.rows
        ));
    }
    warnings
}

/// What was done.
pub(super) fn notes(rows: &Rows, known: Known, sliced: bool) -> Vec<String> {
    let mut notes = rows.plan.notes.clone();
    if rows.plan.makes_arrivals {
        notes.push("the file has no times: arrivals are made as the questions say".to_owned());
    }
    if known.starts_sessions {
        notes.push(
            "times count from the beginning of each conversation, which is made as the questions say"
                .to_owned(),
        );
    }
    match rows.plan.format {
        Format::Sharegpt => {
            notes.push("lengths are estimates: a token for every four characters, rounded up".to_owned());
        }
        Format::Tracelab => notes.push(
            "sessions of coding agents: later rounds begin when the answer before is there and the tool has done its work; each repeats \
             what the file says of its conversation"
                .to_owned(),
        ),
        Format::AzureLmm if rows.plan.answers.tokens_per_image == 0 => {
            notes.push("images count nothing: input tokens are those of the text".to_owned());
        }
        Format::Burstgpt if rows.columns.session.is_used() => {
            notes.push("sessions are labels: rounds arrive at the times of the file and share nothing".to_owned());
        }
        Format::Bailian | Format::Aiperf if rows.columns.session.is_used() => {
            notes.push("rounds of sessions arrive at the times of the file (open loop)".to_owned());
        }
        _ => {}
    }
    if sliced {
        notes.push(
            "the file has too many rows to keep them all: window, filters and numbers of rows were applied while it was read, \
             and the figures are of what is left"
                .to_owned(),
        );
    }
    notes
}

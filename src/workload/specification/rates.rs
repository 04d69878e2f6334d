//! Each client's share of the aggregate rate when the shares do not vary in time (workload chapter, W-7.1).

use super::checked_clients::CheckedClient;
use crate::workload::windows::Windows;

/// The windows of each source; `None` = always active.
pub(super) fn active_times(clients: &[CheckedClient]) -> Vec<Option<Windows>> {
    let spans = |client: &CheckedClient| client.windows.iter().map(|window| window.span).collect();
    clients.iter().map(|client| Windows::new(spans(client))).collect()
}

/// The sum of fractions by which each source's fraction is divided: that of all clients, or with windows that
/// of the clients whose windows overlap its own. A client without windows overlaps everything.
///
/// Summed client by client, cohorts member by member: the constant grid depends on the last bit.
pub(super) fn sums_of_fractions(clients: &[CheckedClient], active: &[Option<Windows>]) -> Vec<f64> {
    let of_all = sum_over(clients, |_| true);
    let sum_for = |windows: &Option<Windows>| match windows {
        None => of_all,
        Some(windows) => sum_over(clients, |other| match &active[other] {
            None => true,
            Some(theirs) => windows.overlaps(theirs),
        }),
    };
    active.iter().map(sum_for).collect()
}

/// The sum of the fractions of all members of the chosen sources.
fn sum_over(clients: &[CheckedClient], is_chosen: impl Fn(usize) -> bool) -> f64 {
    let mut sum = 0.0;
    for (index, client) in clients.iter().enumerate() {
        if is_chosen(index) {
            for _ in 0..client.members() {
                sum += client.fraction;
            }
        }
    }
    sum
}

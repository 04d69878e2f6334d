//! Requests that arrive all at once, beside those of the workload (events chapter, E-4). Ours.

use super::{NO_SESSION, Requests};
use crate::config::Burst;
use crate::config::limits::MAX_REQUESTS;
use crate::error::ConfigError;
use crate::order;
use crate::units::{Micros, RequestIndex};

/// Adds the rows of all bursts behind those of the workload, and returns their number.
///
/// A burst repeats the lengths and labels of the requests that arrive from its time on, in their order, and goes on with the
/// earliest when it comes to the last. So it draws nothing, and all other requests stay as they are without it.
///
/// # Errors
/// More than [`MAX_REQUESTS`] in all.
pub(super) fn add(bursts: &[Burst], requests: &mut Requests) -> Result<usize, ConfigError> {
    let listed = requests.len();
    let more: u64 = bursts.iter().map(|burst| u64::from(burst.requests)).sum();
    if listed == 0 || more == 0 {
        return Ok(0);
    }
    if listed as u64 + more > MAX_REQUESTS {
        let expected = format!("at most {MAX_REQUESTS} requests, all others included");
        return Err(ConfigError::invalid(
            "workload.bursts",
            format!("{} requests", listed as u64 + more),
            expected,
        ));
    }
    let mut models: Vec<RequestIndex> = RequestIndex::first(listed).collect();
    order::sort_indices(&mut models, |request| requests.arrival[request]);
    for (number, burst) in bursts.iter().enumerate() {
        let at = Micros(burst.at);
        let first = models.partition_point(|&request| requests.arrival[request] < at);
        let repeated = models.iter().cycle().skip(first % listed).take(burst.requests as usize);
        for (place, model) in repeated.enumerate() {
            requests.repeat(model.index(), at, || format!("burst_{number}_{place}"));
        }
    }
    Ok(requests.len() - listed)
}

impl Requests {
    /// A row like another one that arrives at `at`; `name` is its id, if ids are written out.
    fn repeat(&mut self, model: usize, at: Micros, name: impl FnOnce() -> String) {
        let patience = self.deadline[model] - self.arrival[model];
        let deadline = if self.deadline[model] == Micros::ZERO { Micros::ZERO } else { at + patience };
        self.arrival.push(at);
        self.deadline.push(deadline);
        // It belongs to no conversation.
        self.session.push(NO_SESSION);
        self.round.push(0);
        again(&mut self.input, model);
        again(&mut self.output, model);
        again(&mut self.budget, model);
        again(&mut self.group, model);
        again(&mut self.prefix, model);
        again(&mut self.class, model);
        again(&mut self.tenant, model);
        again(&mut self.client, model);
        if let Some(own) = &mut self.own_start {
            again(own, model);
        }
        if let Some(ids) = &mut self.ids {
            ids.push(name());
        }
        if let Some(models) = &mut self.models {
            again(&mut models.of_request, model);
        }
        if let Some(tree) = &mut self.tree {
            again(&mut tree.leaf, model);
        }
    }
}

fn again<T: Copy>(column: &mut Vec<T>, model: usize) {
    column.push(column[model]);
}

//! What a workload that was brought in is, in a few figures.

use super::loaded;
use crate::config::{Config, ExplicitRequest};
use serde::Serialize;

/// Where the requests come from if not from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum ImportedKind {
    /// A list of requests.
    Trace,
    /// A workload specification.
    Specification,
}

/// A workload in place of the settings' own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Imported {
    /// Where the requests come from.
    pub kind: ImportedKind,
    /// Number of requests; `null` if only the run shows it.
    pub requests: Option<u64>,
    /// Requests per second: of a trace, from its first to its last arrival; `null` if they all arrive at one time.
    pub rate: Option<f64>,
}

/// What has been brought in; none if the settings make the requests.
pub fn imported(config: &Config) -> Option<Imported> {
    let workload = &config.workload;
    if let Some(list) = &workload.requests {
        let span = match loaded::list_of(list) {
            Some(list) => {
                let (first, last) = list.requests.span();
                last - first
            }
            None => span(list.rows()),
        };
        let rate = (span > 0).then(|| (list.len() - 1) as f64 * 1e6 / span as f64);
        return Some(Imported { kind: ImportedKind::Trace, requests: Some(list.len()), rate });
    }
    let spec = workload.spec.as_ref()?;
    let rate = Some(spec.aggregate_rate).filter(|rate| *rate > 0.0);
    Some(Imported { kind: ImportedKind::Specification, requests: spec.num_requests, rate })
}

/// Time between the earliest and the latest arrival, µs.
fn span(rows: &[ExplicitRequest]) -> i64 {
    let arrivals = || rows.iter().map(|request| request.arrival_us);
    arrivals().max().zip(arrivals().min()).map_or(0, |(last, first)| last.saturating_sub(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ExplicitRequest;

    fn with_arrivals(arrivals: &[i64]) -> Config {
        let request = |&arrival_us: &i64| ExplicitRequest { arrival_us, ..ExplicitRequest::default() };
        let mut config = Config::default();
        config.workload.requests = Some(arrivals.iter().map(request).collect());
        config
    }

    #[test]
    fn the_rate_of_a_trace_is_that_between_its_first_and_last_arrival() {
        let found = imported(&with_arrivals(&[3_000_000, 1_000_000, 2_000_000])).expect("a list");
        assert_eq!((found.kind, found.requests, found.rate), (ImportedKind::Trace, Some(3), Some(1.0)));
    }

    #[test]
    fn no_rate_can_be_told_of_no_request_or_of_one_instant() {
        for arrivals in [&[][..], &[5], &[7, 7]] {
            assert_eq!(imported(&with_arrivals(arrivals)).expect("a list").rate, None);
        }
    }

    #[test]
    fn the_settings_own_workload_is_not_imported() {
        assert_eq!(imported(&Config::default()), None);
    }
}

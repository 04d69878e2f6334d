//! Runs that several threads make, in any order.

use super::with_seed;
use crate::config::Config;
use crate::error::ConfigError;
use crate::latency::CustomCatalog;
use crate::simulation::{Preparation, Simulation};
use crate::workload::{self, Workload};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests that are kept for several runs, all together, at most: some 300 MB.
const MOST_KEPT: u64 = 4_000_000;

/// A run of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedRun {
    /// Which of the variants.
    pub variant: usize,
    /// The seed that takes the place of the variant's own.
    pub seed: Option<i64>,
}

/// A list of runs to be made by one or several threads. Those with the same requests share them; what a run gives is exactly
/// what it gives alone, whoever makes it and when.
///
/// # Examples
/// ```
/// use blis_playground::sweep::{PlannedRun, SharedRuns};
/// use blis_playground::{Config, latency::setup::CustomCatalog};
///
/// let variants = [1, 2].map(|instances| {
///     let mut config = Config::default();
///     config.cluster.num_instances = instances;
///     config
/// });
/// let planned = [0, 1].map(|variant| PlannedRun { variant, seed: Some(7) });
/// let runs = SharedRuns::new(variants.to_vec(), CustomCatalog::default(), &planned);
/// std::thread::scope(|scope| {
///     for index in runs.order(2) {
///         let runs = &runs;
///         scope.spawn(move || runs.run(index).expect("valid").run_to_end());
///     }
/// });
/// ```
#[derive(Debug)]
pub struct SharedRuns {
    variants: Vec<Config>,
    custom: CustomCatalog,
    runs: Vec<(PlannedRun, usize)>,
    kept: Vec<Mutex<Kept>>,
}

/// Requests of all runs that have the same.
#[derive(Debug, Default)]
struct Kept {
    workload: Option<Arc<Workload>>,
    /// Runs that still need them.
    left: usize,
}

impl SharedRuns {
    /// Nothing is generated or run yet.
    ///
    /// # Panics
    /// If a run is of a variant that is not there.
    pub fn new(variants: Vec<Config>, custom: CustomCatalog, planned: &[PlannedRun]) -> Self {
        let groups = groups(&variants);
        let mut numbers = HashMap::new();
        let mut kept: Vec<Kept> = Vec::new();
        let runs = planned.iter().map(|&run| {
            let seed = run.seed.unwrap_or(variants[run.variant].seed);
            let number =
                *numbers.entry((groups[run.variant], seed, run.seed.is_some())).or_insert(kept.len());
            if number == kept.len() {
                kept.push(Kept::default());
            }
            kept[number].left += 1;
            (run, number)
        });
        let runs = runs.collect();
        Self { variants, custom, runs, kept: kept.into_iter().map(Mutex::new).collect() }
    }

    /// Indices of all runs in an order in which they are best begun by so many threads: the order of the list, or where all
    /// requests would take too much memory at a time, those with the same requests after one another.
    pub fn order(&self, threads: usize) -> Vec<usize> {
        self.order_within(threads, MOST_KEPT)
    }

    fn order_within(&self, threads: usize, most_kept: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.runs.len()).collect();
        if self.kept_requests() > most_kept {
            let mut earlier = vec![0; self.kept.len()];
            let place = |&(_, kept): &(PlannedRun, usize)| {
                earlier[kept] += 1;
                // As many lists at a time as there are threads: none has to wait for what another one generates.
                (kept / threads.max(1), earlier[kept], kept)
            };
            let places: Vec<_> = self.runs.iter().map(place).collect();
            order.sort_by_key(|&index| places[index]);
        }
        order
    }

    /// About how many requests would be kept if all were kept together.
    fn kept_requests(&self) -> u64 {
        let mut of_variants = HashMap::new();
        let mut counted = vec![false; self.kept.len()];
        let expected = |variant: usize| {
            // A variant that cannot be used has no requests.
            let preparation = Preparation::with_custom_catalog(&self.variants[variant], &self.custom);
            preparation.map_or(0, |preparation| preparation.expected().requests)
        };
        let firsts = self.runs.iter().filter(|&&(_, kept)| !std::mem::replace(&mut counted[kept], true));
        firsts.map(|(run, _)| *of_variants.entry(run.variant).or_insert_with(|| expected(run.variant))).sum()
    }

    /// The run with this index in the list, at time 0.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    ///
    /// # Panics
    /// If there is no such run.
    pub fn run(&self, index: usize) -> Result<Simulation, ConfigError> {
        let preparation = self.prepare(&self.config(index), &self.kept[self.runs[index].1])?;
        preparation.finish()
    }

    /// The configuration of the run with this index.
    ///
    /// # Panics
    /// If there is no such run.
    pub fn config(&self, index: usize) -> Config {
        let (PlannedRun { variant, seed }, _) = self.runs[index];
        let config = &self.variants[variant];
        seed.map_or_else(|| config.clone(), |seed| with_seed(config, seed))
    }

    /// A run with its requests, which are generated unless another run has done so.
    fn prepare(&self, config: &Config, kept: &Mutex<Kept>) -> Result<Preparation, ConfigError> {
        // What a defect in another thread leaves behind are complete requests, or none.
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.left = kept.left.saturating_sub(1);
        let is_last = kept.left == 0;
        let known = if is_last { kept.workload.take() } else { kept.workload.clone() };
        if let Some(known) = known {
            drop(kept);
            return Preparation::with_workload(config, &self.custom, Arc::unwrap_or_clone(known));
        }
        let mut preparation = Preparation::with_custom_catalog(config, &self.custom)?;
        while !preparation.advance(&mut u64::MAX.clone())? {}
        if !is_last {
            kept.workload = Some(Arc::new(preparation.workload().clone()));
        }
        Ok(preparation)
    }
}

/// Of every variant, the first one that has the same requests with the same seed.
fn groups(variants: &[Config]) -> Vec<usize> {
    let mut firsts: HashMap<_, Vec<usize>> = HashMap::new();
    let group = |(index, config): (usize, &Config)| {
        // Cheap to compare, and different in most sweeps over the workload.
        let coarse = (config.workload.rate.to_bits(), config.workload.num_requests, config.cluster.horizon);
        let firsts = firsts.entry(coarse).or_default();
        let same = |&&first: &&usize| workload::same_but_seed(&variants[first], config);
        let known = firsts.iter().find(same).copied();
        known.unwrap_or_else(|| {
            firsts.push(index);
            index
        })
    };
    variants.iter().enumerate().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::digest;
    use crate::simulation::simulate;

    fn variants() -> Vec<Config> {
        let with = |instances, rate| {
            let mut config = Config { seed: 5, ..Config::default() };
            config.cluster.num_instances = instances;
            config.workload.rate = rate;
            config
        };
        vec![with(1, 20.0), with(2, 20.0), with(0, 20.0), with(1, 30.0), with(3, 20.0)]
    }

    fn planned(seeds: &[Option<i64>]) -> Vec<PlannedRun> {
        let of = |variant| seeds.iter().map(move |&seed| PlannedRun { variant, seed });
        (0..variants().len()).flat_map(of).collect()
    }

    #[test]
    fn every_run_is_what_it_is_alone_in_whatever_order() {
        let planned = planned(&[Some(1), Some(2), None]);
        for most_kept in [0, u64::MAX] {
            let runs = SharedRuns::new(variants(), CustomCatalog::default(), &planned);
            for index in runs.order_within(2, most_kept) {
                let PlannedRun { variant, seed } = planned[index];
                let mut config = variants()[variant].clone();
                config.seed = seed.unwrap_or(config.seed);
                let shared = runs.run(index).map(|mut run| {
                    run.run_to_end();
                    digest(&run.finish())
                });
                assert_eq!(shared, simulate(&config).map(|outcome| digest(&outcome)), "run {index}");
            }
        }
    }

    #[test]
    fn requests_are_generated_once_and_given_up_after_their_last_run() {
        let runs = SharedRuns::new(variants(), CustomCatalog::default(), &planned(&[Some(1), Some(2)]));
        // Those at 20/s and the one at 30/s, with two seeds each.
        assert_eq!(runs.kept.len(), 4);
        let kept = |number: usize| runs.kept[number].lock().expect("no defect").workload.clone();
        runs.run(0).expect("valid");
        let first = kept(0).expect("others need them");
        runs.run(2).expect("valid");
        assert!(Arc::ptr_eq(&first, &kept(0).expect("others need them")));
        runs.run(4).expect_err("no instances");
        runs.run(8).expect("valid");
        assert!(kept(0).is_none());
    }

    #[test]
    fn what_does_not_fit_together_is_run_list_by_list() {
        let runs = SharedRuns::new(variants(), CustomCatalog::default(), &planned(&[Some(1), Some(2)]));
        assert_eq!(runs.order_within(2, u64::MAX), (0..10).collect::<Vec<_>>());
        assert_eq!(runs.order_within(1, 0), [0, 2, 4, 8, 1, 3, 5, 9, 6, 7]);
        assert_eq!(runs.order_within(2, 0), [0, 1, 2, 3, 4, 5, 8, 9, 6, 7]);
    }
}

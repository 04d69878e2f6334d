//! A run before time 0: its settings are checked, its requests are still to be generated.

use super::pools::{PoolPlan, PoolTies, plans};
use super::{Beginning, Detours, Simulation};
use crate::cluster::TieSource;
use crate::config::Config;
use crate::error::ConfigError;
use crate::latency::{CustomCatalog, ServingSetup};
use crate::record::{RequestRecords, TieBreak};
use crate::workload::{Expected, Generation, Workload};

/// Rows of the record that are laid out in the time of one draw.
const ROWS_PER_DRAW: u64 = 2;

/// A run that gets its requests in portions, so that it can be given up and a page stays in charge meanwhile.
///
/// Where the work is cut makes no difference to the run. Some portions are never cut: the order of time where several kinds
/// of arrivals meet, each column of the requests, and the engine's look at all of them when the run begins. Each of these takes
/// 5 to 20 ns per request, the sorting some 50 ns.
///
/// # Examples
/// ```
/// use blis_playground::{Config, Preparation};
///
/// let mut preparation = Preparation::new(&Config::default())?;
/// while !preparation.advance(&mut 10_000)? {}
/// let mut simulation = preparation.finish()?;
/// simulation.run_to_end();
/// # Ok::<(), blis_playground::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Preparation {
    config: Config,
    setup: ServingSetup,
    plans: Vec<PoolPlan>,
    /// What is still being drawn.
    generation: Option<Generation>,
    /// What has been drawn.
    workload: Workload,
    /// Its records, of which `rows` are laid out.
    records: RequestRecords,
    rows: usize,
    /// Why the run cannot begin, if that has turned out.
    failure: Option<ConfigError>,
    ties: TieSource,
    pool_ties: PoolTies,
    detours: Detours,
    warnings: Vec<String>,
}

impl Preparation {
    /// Checks the settings of a run on bundled models and GPUs. Apart from an explicit list of requests, nothing is done
    /// that takes longer for more requests.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        Self::with_custom_catalog(config, &CustomCatalog::default())
    }

    /// The same with the user's own model or GPU figures.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn with_custom_catalog(config: &Config, custom: &CustomCatalog) -> Result<Self, ConfigError> {
        let checked = check(config, custom)?;
        let generation = Generation::new(config)?;
        let mut preparation = Self::of(config, checked);
        preparation.warnings.extend_from_slice(generation.warnings());
        preparation.generation = Some(generation);
        Ok(preparation)
    }

    /// A run of requests that were generated before; see [`Simulation::with_workload`].
    pub(crate) fn with_workload(
        config: &Config,
        custom: &CustomCatalog,
        workload: Workload,
    ) -> Result<Self, ConfigError> {
        let mut preparation = Self::of(config, check(config, custom)?);
        preparation.warnings.extend_from_slice(&workload.warnings);
        preparation.take_over(workload);
        Ok(preparation)
    }

    /// A run without requests.
    fn of(config: &Config, Checked { setup, plans, warnings }: Checked) -> Self {
        Self {
            config: config.clone(),
            setup,
            plans,
            generation: None,
            workload: Workload::default(),
            records: RequestRecords::default(),
            rows: 0,
            failure: None,
            ties: TieSource::seeded(config.streams, config.seed),
            pool_ties: PoolTies::seeded(config),
            detours: Detours::default(),
            warnings,
        }
    }

    fn take_over(&mut self, workload: Workload) {
        self.records = RequestRecords::with_room(workload.requests.len());
        self.workload = workload;
    }

    /// Decides routing ties as recorded.
    pub(crate) fn decide_ties(&mut self, picks: &[TieBreak]) {
        (self.ties, self.pool_ties) = PoolTies::recorded(&self.config, picks);
    }

    /// Takes detours.
    pub(crate) const fn take_detours(&mut self, detours: Detours) {
        self.detours = detours;
    }

    /// Warnings: the run goes ahead.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// About what the run has to serve.
    pub fn expected(&self) -> Expected {
        self.generation.as_ref().map_or_else(|| Expected::of(&self.workload.requests), Generation::expected)
    }

    /// Whether it may still turn out that the settings give too many or too late requests. That is rare: only settings
    /// near the limits can do so.
    pub fn may_fail(&self) -> bool {
        self.generation.as_ref().is_some_and(Generation::may_fail)
    }

    /// The requests; none before all of them are there.
    pub(crate) const fn workload(&self) -> &Workload {
        &self.workload
    }

    /// Goes on for about `budget` draws, which it uses up; returns whether the run can begin.
    ///
    /// # Errors
    /// The setting that leads to too many or too late requests, then and at every further call.
    pub fn advance(&mut self, budget: &mut u64) -> Result<bool, ConfigError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        if let Some(generation) = &mut self.generation {
            let known = generation.warnings().len();
            let generated = match generation.advance(budget) {
                Ok(true) => generation.take(),
                Ok(false) => return Ok(false),
                Err(failure) => Err(failure),
            };
            match generated {
                Ok(workload) => {
                    self.warnings.extend_from_slice(&workload.warnings[known..]);
                    self.take_over(workload);
                }
                Err(failure) => {
                    self.failure = Some(failure.clone());
                    return Err(failure);
                }
            }
            self.generation = None;
        }
        Ok(self.lay_out(budget))
    }

    /// Adds rows to the records; returns whether all are there.
    fn lay_out(&mut self, budget: &mut u64) -> bool {
        let all = self.workload.requests.len();
        let more = usize::try_from(budget.saturating_mul(ROWS_PER_DRAW)).unwrap_or(usize::MAX);
        let to = all.min(self.rows.saturating_add(more));
        *budget = budget.saturating_sub((to - self.rows) as u64 / ROWS_PER_DRAW);
        self.records.grow_to(to);
        self.rows = to;
        to == all
    }

    /// The run at time 0. What is not there yet is generated first.
    ///
    /// # Errors
    /// As [`Preparation::advance`].
    pub fn finish(mut self) -> Result<Simulation, ConfigError> {
        while !self.advance(&mut u64::MAX.clone())? {}
        Ok(self.begin())
    }

    /// The run at time 0, once it can begin. Nothing is left here.
    pub(crate) fn begin(&mut self) -> Simulation {
        Simulation::begin(Beginning {
            config: std::mem::take(&mut self.config),
            setup: self.setup.clone(),
            plans: std::mem::take(&mut self.plans),
            workload: std::mem::take(&mut self.workload),
            records: std::mem::take(&mut self.records),
            ties: std::mem::replace(&mut self.ties, TieSource::none()),
            pool_ties: self.pool_ties.clone(),
            detours: self.detours,
            warnings: std::mem::take(&mut self.warnings),
        })
    }
}

/// What settings resolve to, without the workload.
struct Checked {
    setup: ServingSetup,
    plans: Vec<PoolPlan>,
    warnings: Vec<String>,
}

/// Checks everything but the workload.
fn check(config: &Config, custom: &CustomCatalog) -> Result<Checked, ConfigError> {
    let mut warnings: Vec<String> = config.validate()?.iter().map(ToString::to_string).collect();
    let mut setup = ServingSetup::resolve_with(&config.model, &config.memory, custom)?;
    warnings.append(&mut setup.warnings);
    let tier = config.memory.kv_cpu_blocks;
    if tier > 0 && !setup.prefix_caching() {
        return Err(ConfigError::conflict(
            "memory.kv_cpu_blocks",
            format!("{tier} blocks"),
            "model.layers by-kind with layers whose state is not in blocks of tokens",
            "memory.kv_cpu_blocks 0, or another model",
        ));
    }
    let plans = plans(config, &setup, custom)?;
    Ok(Checked { setup, plans, warnings })
}

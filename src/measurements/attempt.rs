//! One attempt at a fit: steps towards the rows, and looks at which coefficients matter there.
//!
//! Derivatives are differences of simulations with the same requests.

use super::choice::{Candidates, Choice, choose};
use super::coefficient::{self, Coefficient};
use super::fit::{FitProgress, FittedLatency};
use super::forward::{Forward, SEEDS, Seen, seen, together};
use super::linear;
use super::measured::{Measured, check_length};
use super::residuals::{Observation, observations, widening};
use crate::config::{Config, MeasuredLatency};
use crate::error::ConfigError;
use crate::latency::{CustomCatalog, ServingSetup};
use crate::simulation::Simulation;

/// Noise that is assumed until the residuals show it.
const ASSUMED_NOISE: f64 = 0.03;
/// Steps between two looks at all coefficients, at most.
const MOST_STEPS: usize = 8;
/// Looks at all coefficients after which none is added any more.
const ALL_SURVEYS: usize = 4;
/// A step that makes the residuals smaller by less than this share is the last.
const ENOUGH: f64 = 0.002;

/// A beginning with overheads is taken if it leaves less than this share of the sum of squares.
const CLEARLY_NEARER: f64 = 0.5;

/// What is being simulated, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The coefficients as they are.
    Beginning,
    /// The overheads that the latencies at the lowest load lack.
    Overheads,
    /// All coefficients, a little more and a little less: which matter?
    Survey,
    /// Those that are fitted, a little more.
    Derivatives,
    /// The next step.
    Trial,
}

/// A fit of coefficients to rows whose arrivals are known, or taken to be.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) config: Config,
    pub(super) setup: ServingSetup,
    pub(super) name: String,
    pub(super) rows: Vec<Measured>,
    pub(super) coefficients: Vec<Coefficient>,
    pub(super) observations: Vec<Observation>,
    pub(super) forward: Forward,
    stage: Stage,
    /// The coefficients that are being simulated, in their sizes.
    pub(super) points: Vec<Vec<f64>>,
    /// What the runs of the points have shown so far.
    shown: Vec<Seen>,
    simulation: Option<Simulation>,
    /// The best so far.
    pub(super) at: Vec<f64>,
    pub(super) here: Vec<Seen>,
    pub(super) before: Vec<Seen>,
    pub(super) choice: Choice,
    /// Coefficients with which 0 fits as well.
    pub(super) needless: Vec<bool>,
    pub(super) columns: Vec<Option<Vec<f64>>>,
    pub(super) noise: f64,
    /// What is left beside chance, of which noise is a part.
    pub(super) left: f64,
    damping: f64,
    steps: usize,
    pub(super) surveys: usize,
    pub(super) runs: u64,
    pub(super) simulated_requests: u64,
    end: Option<Result<FittedLatency, ConfigError>>,
}

impl Attempt {
    /// Nothing is simulated yet.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be used.
    pub fn new(
        config: &Config,
        custom: CustomCatalog,
        rows: &[Measured],
        name: &str,
    ) -> Result<Self, ConfigError> {
        let setup = ServingSetup::resolve_with(&config.model, &config.memory, &custom)?;
        rows.iter().try_for_each(|row| check_length(row, i64::from(setup.max_model_len)))?;
        let coefficients = coefficient::all(&config.model, &setup, rows);
        let at: Vec<f64> = coefficients.iter().map(|own| own.start / own.size).collect();
        let count = coefficients.len();
        let forward = Forward::new(config, custom, rows)?;
        Ok(Self {
            config: config.clone(),
            setup,
            name: name.to_owned(),
            rows: rows.to_vec(),
            observations: observations(rows),
            columns: vec![None; coefficients.len()],
            coefficients,
            forward,
            stage: Stage::Beginning,
            points: vec![at.clone()],
            shown: Vec::new(),
            simulation: None,
            at,
            here: Vec::new(),
            before: Vec::new(),
            choice: Choice::default(),
            needless: vec![false; count],
            noise: ASSUMED_NOISE,
            left: ASSUMED_NOISE,
            damping: 1e-3,
            steps: 0,
            surveys: 0,
            runs: 0,
            simulated_requests: 0,
            end: None,
        })
    }

    /// Works on for at most about `budget` steps and decisions of simulations.
    pub fn advance(&mut self, budget: u64) -> FitProgress {
        if self.end.is_none()
            && let Err(error) = self.work(budget)
        {
            self.end = Some(Err(error));
        }
        self.progress()
    }

    /// What came of it; `None` while it is not over.
    pub fn result(&self) -> Option<&Result<FittedLatency, ConfigError>> {
        self.end.as_ref()
    }

    /// What it is doing.
    pub fn progress(&self) -> FitProgress {
        let done = self.end.is_some();
        let doing = match self.stage {
            Stage::Beginning => "the rates with the coefficients as they are".to_owned(),
            Stage::Overheads => "the rates with the overheads that are missing".to_owned(),
            Stage::Survey => format!("which of {} coefficients matter", self.coefficients.len()),
            Stage::Derivatives | Stage::Trial => format!(
                "fitting {} coefficients, relative error {:.1}%",
                self.choice.fitted.len(),
                100.0 * self.error(&self.here)
            ),
        };
        let free = self.coefficients.iter().filter(|own| own.fixed.is_none()).count();
        // Two surveys on both sides and some steps.
        let expected = (4 * free + 5 * (self.choice.fitted.len().max(3) + 1)) * self.forward.runs();
        FitProgress {
            done,
            doing: if done { String::new() } else { doing },
            share: if done { 1.0 } else { (self.runs as f64 / expected as f64).min(0.99) },
            runs: self.runs,
            simulated_requests: self.simulated_requests,
        }
    }

    fn work(&mut self, budget: u64) -> Result<(), ConfigError> {
        let runs = self.forward.runs();
        let next = self.shown.len();
        let mut simulation = match self.simulation.take() {
            Some(simulation) => simulation,
            None => self.forward.begin(next % runs, &self.named(&self.points[next / runs]))?,
        };
        if !simulation.advance(budget).done {
            self.simulation = Some(simulation);
            return Ok(());
        }
        let outcome = simulation.finish();
        let row = (next % runs) / SEEDS;
        let shown = seen(&outcome).ok_or_else(|| {
            let what = format!("{}: {}", self.rows[row].source, self.rows[row].load());
            ConfigError::malformed(
                what,
                "no request of this length is answered in the simulation of these settings",
            )
        })?;
        self.runs += 1;
        self.simulated_requests += outcome.requests.len() as u64;
        self.shown.push(shown);
        if self.shown.len() == self.points.len() * runs {
            let points = self.take_shown();
            self.go_on(points);
        }
        Ok(())
    }

    /// What the runs have shown, per point and row.
    fn take_shown(&mut self) -> Vec<Vec<Seen>> {
        let shown = std::mem::take(&mut self.shown);
        let more = |row: usize| {
            let told = self.rows[row].requests.unwrap_or(self.forward.requests[row]);
            (told as f64 / self.forward.requests[row].max(1) as f64).max(0.1)
        };
        let row = |(row, runs): (usize, &[Seen])| together(runs, more(row));
        shown
            .chunks(self.forward.runs())
            .map(|point| point.chunks(SEEDS).enumerate().map(row).collect())
            .collect()
    }

    /// The coefficients at a point, by name: those that are fitted, and those that were not the latency model's own before.
    pub(super) fn named(&self, point: &[f64]) -> MeasuredLatency {
        let mut measured = self.config.model.measured.clone().unwrap_or_default();
        for (own, (&value, &start)) in self.coefficients.iter().zip(point.iter().zip(&self.starts())) {
            if value != start {
                measured.coefficients.insert(own.name.to_owned(), value * own.size);
            }
        }
        measured
    }

    fn starts(&self) -> Vec<f64> {
        self.coefficients.iter().map(|own| own.start / own.size).collect()
    }

    /// The next stage.
    fn go_on(&mut self, mut points: Vec<Vec<Seen>>) {
        match self.stage {
            Stage::Beginning => {
                self.here = points.swap_remove(0);
                self.before = self.here.clone();
                match self.with_overheads() {
                    Some(point) => (self.points, self.stage) = (vec![point], Stage::Overheads),
                    None => self.survey(),
                }
            }
            Stage::Overheads => {
                let there = points.swap_remove(0);
                if self.sum(&there) < CLEARLY_NEARER * self.sum(&self.here) {
                    (self.at, self.here) = (self.points.swap_remove(0), there);
                }
                self.survey();
            }
            Stage::Survey => self.surveyed(&points),
            Stage::Derivatives => {
                self.take_columns(&self.choice.fitted.clone(), &points);
                self.try_step();
            }
            Stage::Trial => {
                let there = points.swap_remove(0);
                let at = self.points.swap_remove(0);
                self.tried(at, there);
            }
        }
    }

    /// Looks at all coefficients.
    fn survey(&mut self) {
        self.surveys += 1;
        self.steps = 0;
        self.points = self.both_sides(&self.free());
        self.stage = Stage::Survey;
    }

    /// Coefficients that something may be told about.
    fn free(&self) -> Vec<usize> {
        (0..self.coefficients.len()).filter(|&place| self.coefficients[place].fixed.is_none()).collect()
    }

    fn surveyed(&mut self, points: &[Vec<Seen>]) {
        self.estimate_noise();
        self.take_columns(&self.free(), points);
        let figures = self.observations.len();
        // Before the first step nothing but the assumption is known about the noise.
        let is_first = self.surveys == 1;
        let widening = |fitted: usize| if is_first { 1.0 } else { widening(figures, fitted) };
        self.drop_one();
        // Later on, coefficients only leave, so that it ends.
        let is_open = self.surveys < ALL_SURVEYS;
        let allowed =
            |place: usize| !self.needless[place] && (is_open || self.choice.fitted.contains(&place));
        let choice = choose(
            &Candidates {
                coefficients: &self.coefficients,
                columns: &self.columns,
                at: &self.at,
                allowed: &(0..self.at.len()).map(allowed).collect::<Vec<bool>>(),
                needless: &self.needless,
            },
            widening,
        );
        let settled = !is_first && choice.fitted == self.choice.fitted;
        let starts = self.starts();
        let has_moved = |place: usize| self.at[place] != starts[place] && !choice.fitted.contains(&place);
        let moved: Vec<usize> = (0..self.at.len()).filter(|&place| has_moved(place)).collect();
        self.choice = choice;
        if settled || (moved.is_empty() && self.choice.fitted.is_empty()) {
            self.finish();
            return;
        }
        if moved.is_empty() {
            self.try_step();
            return;
        }
        // What is not determined after all goes back to where it was.
        let mut point = self.at.clone();
        for place in moved {
            point[place] = starts[place];
        }
        self.damping = f64::INFINITY;
        self.points = vec![point];
        self.stage = Stage::Trial;
    }

    fn try_step(&mut self) {
        let residuals = self.residuals(&self.here);
        let fitted = &self.choice.fitted;
        let columns: Option<Vec<&[f64]>> =
            fitted.iter().map(|&place| self.columns[place].as_deref()).collect();
        let at: Vec<f64> = fitted.iter().map(|&place| self.at[place]).collect();
        let bounds: Vec<(f64, f64)> = fitted
            .iter()
            .map(|&place| (self.coefficients[place].low, self.coefficients[place].high))
            .collect();
        let step = columns.and_then(|columns| linear::step(&columns, &residuals, &at, &bounds, self.damping));
        let Some(step) = step.filter(|step| step.iter().any(|step| step.abs() > 1e-4)) else {
            self.after_steps();
            return;
        };
        let mut point = self.at.clone();
        for (&place, step) in fitted.iter().zip(step) {
            point[place] += step;
        }
        self.points = vec![point];
        self.stage = Stage::Trial;
    }

    fn tried(&mut self, at: Vec<f64>, there: Vec<Seen>) {
        let (old, new) = (self.sum(&self.here), self.sum(&there));
        self.steps += 1;
        let is_forced = self.damping == f64::INFINITY;
        if is_forced {
            self.damping = 1e-3;
        }
        if is_forced || new < old {
            (self.at, self.here) = (at, there);
            self.damping = (self.damping / 10.0).max(1e-6);
            let is_enough = !is_forced && (new > old * (1.0 - ENOUGH) || self.steps >= MOST_STEPS);
            if is_enough || self.choice.fitted.is_empty() {
                self.after_steps();
            } else {
                self.differentiate();
            }
        } else if self.damping > 10.0 || self.steps >= MOST_STEPS {
            self.after_steps();
        } else {
            self.damping *= 30.0;
            self.try_step();
        }
    }

    fn differentiate(&mut self) {
        self.points = self.both_sides(&self.choice.fitted);
        self.stage = Stage::Derivatives;
    }

    fn after_steps(&mut self) {
        self.damping = 1e-3;
        self.survey();
    }

    fn finish(&mut self) {
        self.end = Some(Ok(self.report()));
    }
}

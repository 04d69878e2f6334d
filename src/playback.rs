//! A run that can be moved to any time: for the animation and the timelines.
//!
//! Going forward advances the simulation; going back starts it again, which for the sizes that are watched
//! takes some milliseconds. What is shown is therefore never a recording but the simulation itself.

use crate::cluster::{ClusterState, InstanceColumns};
use crate::config::Config;
use crate::error::ConfigError;
use crate::latency::ServingSetup;
use crate::simulation::Simulation;
use crate::units::Micros;

/// Most points of a timeline: more than any screen has columns.
pub const MOST_POINTS: usize = 4_000;

/// State of the instances at regular times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The times.
    pub times: Vec<Micros>,
    /// What the instances hold, all of them at the first time before all of them at the second.
    pub columns: InstanceColumns,
}

impl Timeline {
    /// Number of instances.
    pub const fn instances(&self) -> usize {
        if self.times.is_empty() { 0 } else { self.columns.waiting.len() / self.times.len() }
    }
}

/// A run with a position in simulated time.
#[derive(Debug)]
pub struct Playback {
    config: Config,
    simulation: Simulation,
    at: Option<Micros>,
}

impl Playback {
    /// A run before its first event.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let simulation = start(&config)?;
        Ok(Self { config, simulation, at: None })
    }

    /// The cluster after all events up to and including `time`.
    ///
    /// # Errors
    /// None that [`Playback::new`] did not report.
    pub fn seek(&mut self, time: Micros) -> Result<ClusterState, ConfigError> {
        self.go_to(time)?;
        Ok(self.simulation.cluster_state(time))
    }

    fn go_to(&mut self, time: Micros) -> Result<(), ConfigError> {
        if self.at.is_some_and(|at| at > time) {
            self.simulation = start(&self.config)?;
        }
        self.simulation.seek(time);
        self.at = Some(time);
        Ok(())
    }

    /// The instances after all events up to and including `time`, as a timeline of this one time. For a timeline that
    /// is fetched in pieces.
    ///
    /// # Errors
    /// None that [`Playback::new`] did not report.
    pub fn sample(&mut self, time: Micros) -> Result<Timeline, ConfigError> {
        self.go_to(time)?;
        let mut columns = InstanceColumns::default();
        self.simulation.sample(&mut columns);
        Ok(Timeline { times: vec![time], columns })
    }

    /// Requests that have ended by the present position.
    pub fn ended(&self) -> u64 {
        self.simulation.ended()
    }

    /// What was resolved from the settings of model and memory.
    pub const fn setup(&self) -> &ServingSetup {
        self.simulation.setup()
    }

    /// Time of the next event after the present position, if one is left.
    pub fn next_event(&mut self) -> Option<Micros> {
        self.simulation.next_event()
    }

    /// The instances at `points` equally spaced times from 0 to `end`.
    ///
    /// # Errors
    /// None that [`Playback::new`] did not report.
    pub fn timeline(&self, end: Micros, points: usize) -> Result<Timeline, ConfigError> {
        let points = points.clamp(2, MOST_POINTS);
        let mut simulation = Simulation::new(&self.config)?;
        let mut timeline =
            Timeline { times: Vec::with_capacity(points), columns: InstanceColumns::default() };
        for point in 0..points {
            // In 128 bits, since a time and a number of points may not fit into 64 together.
            let time = Micros((i128::from(end.0.max(0)) * point as i128 / (points - 1) as i128) as i64);
            simulation.seek(time);
            simulation.sample(&mut timeline.columns);
            timeline.times.push(time);
        }
        Ok(timeline)
    }
}

/// A run at time 0 whose states show what requests wait for.
fn start(config: &Config) -> Result<Simulation, ConfigError> {
    let mut simulation = Simulation::new(config)?;
    simulation.track_limits();
    Ok(simulation)
}

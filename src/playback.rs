//! A run that can be moved to any time: for the animation and the timelines.
//!
//! Going forward advances the simulation; going back starts it again, which for the sizes that are watched
//! takes some milliseconds. What is shown is therefore never a recording but the simulation itself.

use crate::cluster::ClusterState;
use crate::config::Config;
use crate::error::ConfigError;
use crate::latency::ServingSetup;
use crate::simulation::Simulation;
use crate::units::Micros;

/// Numbers per instance and point in [`Timeline::samples`].
pub const SAMPLE_WIDTH: usize = 3;

/// Most points of a timeline: more than any screen has columns.
pub const MOST_POINTS: usize = 4_000;

/// State of the instances at regular times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The times.
    pub times: Vec<Micros>,
    /// Per time and instance: waiting requests, running requests, KV blocks in use.
    pub samples: Vec<u32>,
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
        self.simulation.seek(time, u64::MAX);
        self.at = Some(time);
        Ok(())
    }

    /// The instances after all events up to and including `time`: of each waiting requests, running requests and KV
    /// blocks in use, as in [`Timeline::samples`]. For a timeline that is fetched in pieces.
    ///
    /// # Errors
    /// None that [`Playback::new`] did not report.
    pub fn sample(&mut self, time: Micros) -> Result<Vec<u32>, ConfigError> {
        self.go_to(time)?;
        let mut samples = Vec::new();
        self.simulation.sample(&mut samples);
        Ok(samples)
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
        let mut timeline = Timeline { times: Vec::with_capacity(points), samples: Vec::new() };
        for point in 0..points {
            // In 128 bits, since a time and a number of points may not fit into 64 together.
            let time = Micros((i128::from(end.0.max(0)) * point as i128 / (points - 1) as i128) as i64);
            simulation.seek(time, u64::MAX);
            simulation.sample(&mut timeline.samples);
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

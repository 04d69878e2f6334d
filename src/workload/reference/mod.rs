//! Draws as the reference makes them: the same seed gives the same requests, to the microsecond and the token (random-streams
//! chapter, N-1 to N-21).
//!
//! Each client has one stream, from which it takes the gap to its next arrival, two lengths, and one token id after the other.
//! The ids decide nothing here (but see [`Requests::own_start`]), yet what is drawn after them depends on how many raw values they took.

mod additive;
mod chain;
pub mod functions;
mod generator;
mod lengths;
mod spacing;
mod users;
mod windows;
mod ziggurat;

pub use generator::ReferenceStream;
pub(super) use users::{SessionSeeds, UserStream};

use super::Requests;
use super::conversations::Planned;
use super::interarrival::Interarrival;
use super::renewal::Merge;
use super::sources::{Arrival, Members, Source};
use super::workload_plan::{Arrivals, Entry, WorkloadPlan};
use crate::error::ConfigError;
use crate::units::Tokens;
use chain::{Chain, Client};
use spacing::Spacing;
use users::Users;
use windows::PerWindow;
use ziggurat::Ziggurats;

/// The name of the stream from which a workload is seeded.
const WORKLOAD: &str = "workload-gen";

/// The name of the stream that breaks ties in routing.
pub const ROUTER: &str = "router";

/// Most generators that a workload may keep, at 4.9 kB each: one for every client, member of a cohort and virtual user.
pub const MAX_GENERATORS: u64 = 20_000;

/// Memory of a generator, bytes.
pub(super) const GENERATOR_BYTES: u64 = 4_900;

/// Most token ids that may be drawn before a run begins: about half a minute.
pub const MAX_TOKEN_IDS: u64 = 100_000_000_000;

/// Draws after which the ids are counted: some thirty million of them, a hundredth of a second.
const DRAWS_PER_COUNT: u64 = 1 << 20;

/// Token ids that are skipped in the time of one draw.
const IDS_PER_DRAW: u64 = 32;

/// Tokens of its own by which a prompt may share a block with another one by accident; more are never equal.
const ACCIDENTAL_TOKENS: Tokens = 2;

/// How many of a prompt's own first tokens share a block with the end of its prefix, if they are so few that they may be equal to
/// those of another prompt by accident; else 0 (N-15).
fn accidental_tokens(prefix: Tokens, block_size: Tokens) -> u32 {
    let own = block_size.max(1) - prefix % block_size.max(1);
    if own <= ACCIDENTAL_TOKENS { own } else { 0 }
}

/// Prompt and output of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lengths {
    input: Tokens,
    output: Tokens,
    /// As [`super::Requests::own_start`].
    own_start: u64,
}

/// A request with its lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Drawn {
    arrival: i64,
    source: u32,
    /// As [`Arrival::planned`].
    planned: u32,
    lengths: Lengths,
}

/// The requests of the open loop in the making.
#[derive(Debug)]
enum OpenLoop {
    /// The ids of all shared prefixes come first, from the master stream.
    Prefixes { master: Box<ReferenceStream>, left: u64 },
    /// Then every client has its seed. A plan has renewal processes or windows with parameters of their own, never both.
    Clients(Box<Clients>),
}

/// The clients of the open loop.
#[derive(Debug)]
struct Clients {
    renewal: Merge<Client>,
    per_window: PerWindow,
}

impl OpenLoop {
    /// Takes the seeds of the clients from the master stream.
    fn begin(
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
        master: &mut ReferenceStream,
    ) -> Self {
        let client = |source: &Source, interarrival: &Interarrival| {
            let ziggurats = Ziggurats::get();
            let mut chain = Chain::new(master.int63());
            Client {
                ziggurats,
                spacing: Spacing::new(interarrival),
                spread: interarrival.spread(|| ziggurats.exponential(chain.stream())),
                chain,
                known: accidental_tokens(members.prefix(source.member), plan.block_size),
            }
        };
        let renewal = Merge::new(plan, sources, client);
        Self::Clients(Box::new(Clients { renewal, per_window: PerWindow::new(plan, master) }))
    }
}

/// The requests of a plan in the making.
#[derive(Debug)]
pub(super) struct Draws {
    arrivals: OpenLoop,
    users: Users,
    rows: Vec<Drawn>,
    /// Rows whose ids have been counted, and how many ids may follow them.
    counted: usize,
    ids_left: u64,
}

impl Draws {
    /// Nothing drawn yet.
    ///
    /// # Errors
    /// More clients, members and virtual users than [`MAX_GENERATORS`], or so long prefixes or lengths that there are more than
    /// [`MAX_TOKEN_IDS`] for certain.
    pub(super) fn new(plan: &WorkloadPlan, members: &Members) -> Result<Self, ConfigError> {
        check_generators(plan)?;
        let prefixes = members.group_lengths.iter().map(|&length| u64::from(length)).sum();
        let ids_left = MAX_TOKEN_IDS.checked_sub(prefixes).ok_or_else(too_many_ids)?;
        if plan.fewest_tokens() > MAX_TOKEN_IDS as f64 {
            return Err(too_many_ids());
        }
        let master = ReferenceStream::named(plan.seed, WORKLOAD);
        Ok(Self {
            arrivals: OpenLoop::Prefixes { master: Box::new(master), left: prefixes },
            users: Users::default(),
            rows: Vec::new(),
            counted: 0,
            ids_left,
        })
    }

    /// Draws requests, in about the time of `budget` draws, which it uses up; returns whether all are there.
    pub(super) fn advance(
        &mut self,
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        while *budget > 0 {
            let mut portion = (*budget).min(DRAWS_PER_COUNT);
            let whole = portion;
            let done = self.advance_a_portion(plan, members, sources, &mut portion)?;
            *budget -= whole - portion;
            self.count_ids()?;
            if done {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn advance_a_portion(
        &mut self,
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        if let OpenLoop::Prefixes { master, left } = &mut self.arrivals {
            let now = (*left).min(budget.saturating_mul(IDS_PER_DRAW));
            master.skip_token_ids(now);
            *left -= now;
            *budget -= now / IDS_PER_DRAW;
            if *left > 0 {
                return Ok(false);
            }
            self.arrivals = OpenLoop::begin(plan, members, sources, master);
        }
        match &mut self.arrivals {
            OpenLoop::Prefixes { .. } => Ok(false),
            OpenLoop::Clients(clients) => Ok(clients.renewal.advance(plan, &mut self.rows, budget)?
                && clients.per_window.advance(plan, &mut self.rows, budget)?),
        }
    }

    /// The conversations that have been planned; a plan has those of renewal processes or of windows, never both.
    fn planned(&mut self) -> Option<&mut Planned> {
        match &mut self.arrivals {
            OpenLoop::Prefixes { .. } => None,
            OpenLoop::Clients(clients) => {
                let Clients { renewal, per_window } = &mut **clients;
                let by_window = !per_window.planned.begun.is_empty();
                Some(if by_window { &mut per_window.planned } else { &mut renewal.planned })
            }
        }
    }

    /// Counts the ids of the latest rows.
    fn count_ids(&mut self) -> Result<(), ConfigError> {
        let new = &self.rows[self.counted..];
        let ids: u64 =
            new.iter().map(|row| u64::from(row.lengths.input) + u64::from(row.lengths.output)).sum();
        let spoken = self.planned().map_or(0, Planned::take_tokens);
        self.ids_left = self.ids_left.checked_sub(ids + spoken).ok_or_else(too_many_ids)?;
        self.counted = self.rows.len();
        Ok(())
    }

    /// All arrivals in order of time, equal times in the order in which they were drawn: the open loop, cut to the number of
    /// requests, then the first request of every virtual user for which there is room.
    pub(super) fn in_order(
        &mut self,
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
    ) -> (Vec<Arrival>, Planned) {
        let mut planned = self.planned().map(std::mem::take).unwrap_or_default();
        self.rows.extend(planned.rounds.iter().enumerate().map(|(at, round)| Drawn {
            arrival: round.arrival,
            source: round.source,
            planned: at as u32,
            lengths: Lengths { input: round.input, output: round.output, own_start: 0 },
        }));
        if !self.rows.is_sorted_by_key(|row| (row.arrival, row.source)) {
            self.rows.sort_by_key(|row| (row.arrival, row.source));
        }
        if let Some(limit) = plan.num_requests {
            planned.was_cut = self.rows.len() as u64 >= limit;
            self.rows.truncate(limit as usize);
        }
        if !planned.begun.is_empty() {
            self.rows.retain(|row| planned.is_request(plan, sources, row.planned));
        }
        let open = self.rows.len();
        self.users.start(plan, members, sources, &mut self.rows);
        if self.rows.len() > open {
            self.rows.sort_by_key(|row| row.arrival);
        }
        let arrival = |row: &Drawn| Arrival { time: row.arrival, source: row.source, planned: row.planned };
        (self.rows.iter().map(arrival).collect(), planned)
    }

    /// The lengths in the order of the arrivals.
    pub(super) fn write_lengths(&mut self, requests: &mut Requests) {
        let rows = std::mem::take(&mut self.rows);
        requests.input = rows.iter().map(|row| row.lengths.input).collect();
        requests.output = rows.iter().map(|row| row.lengths.output).collect();
        let are_known = rows.iter().any(|row| row.lengths.own_start > 0);
        requests.own_start = are_known.then(|| rows.iter().map(|row| row.lengths.own_start).collect());
    }

    /// The stream from which a virtual user goes on.
    pub(super) fn of_user(&self, user: u32) -> UserStream {
        self.users.stream(user)
    }
}

/// Generators that a client, a cohort or a group of virtual users keeps.
fn generators_of(entry: &Entry) -> u64 {
    match entry.arrivals {
        Arrivals::Users { started, .. } => u64::from(started),
        Arrivals::Never => 0,
        Arrivals::Renewal { .. } | Arrivals::PerWindow(_) => u64::from(entry.members()),
    }
}

/// Generators that a workload keeps.
pub(super) fn generators(plan: &WorkloadPlan) -> u64 {
    plan.entries.iter().map(generators_of).sum()
}

/// Refuses what would keep too many generators.
fn check_generators(plan: &WorkloadPlan) -> Result<(), ConfigError> {
    let mut kept = 0;
    for entry in &plan.entries {
        let path = match entry.arrivals {
            Arrivals::Users { .. } => "concurrency",
            _ => "population",
        };
        let own = generators_of(entry);
        kept += own;
        if kept > MAX_GENERATORS {
            let expected = format!(
                "at most {MAX_GENERATORS} clients, members and virtual users in all with reference streams, each of which keeps a \
                 generator of 4.9 kB (streams: independent takes more)"
            );
            return Err(ConfigError::invalid(format!("{}.{path}", entry.path), own, expected));
        }
    }
    Ok(())
}

fn too_many_ids() -> ConfigError {
    ConfigError::invalid(
        "streams",
        "reference",
        format!(
            "independent for prompts and answers of more than {MAX_TOKEN_IDS} tokens in all: the reference's streams draw every token"
        ),
    )
}

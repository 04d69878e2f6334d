//! From the values of a row to a request, or to the reason why there is none (TR-1).

use super::answers::Answers;
use super::chats::Chats;
use super::columns::{Columns, Kept, Labels};
use super::drops::{Drops, Reason};
use super::format::Format;
use super::gate::Gate;
use super::ids::Ids;
use super::labels::name_of;
use super::later::{Later, Turn};
use super::made::Maker;
use super::mapping::Role;
use super::number::{self, Marks, NoCount};
use super::prompt_ids;
use super::status;
use super::time::{TimeUnit, dates_read, nanoseconds};
use super::values::Values;
use crate::config::limits::{MAX_NAME_BYTES, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;

/// What was decided about a file before its rows are read.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each says something else about the file")]
pub(super) struct Plan {
    pub format: Format,
    pub unit: TimeUnit,
    pub marks: Marks,
    pub answers: Answers,
    /// Tokens per hash block; `None` if the ids cannot be used.
    pub hash_block: Option<u32>,
    /// Tokens per hash block as the file says.
    pub stated_block: Option<u32>,
    /// Whether ids of different sessions are different ones.
    pub has_local_ids: bool,
    /// Whether the file has no times, so that they are made.
    pub makes_arrivals: bool,
    /// The number of the first round of sessions.
    pub first_round: u32,
    /// Whether times count from the row before.
    pub has_gaps: bool,
    /// Whether the columns were mapped by the user.
    pub is_mapped: bool,
    /// What is odd about the columns.
    pub warnings: Vec<String>,
    /// How the columns were read.
    pub notes: Vec<String>,
}

impl Plan {
    /// Whether rows may say how long after an answer they come.
    const fn may_have_pauses(&self) -> bool {
        self.is_mapped || matches!(self.format, Format::Mooncake | Format::Schedule)
    }

    /// The unit of pauses: that of the times, unless these are dates.
    const fn pause_unit(&self) -> TimeUnit {
        match self.unit {
            TimeUnit::Date => TimeUnit::Ms,
            unit => unit,
        }
    }

    /// That of a file whose rows do not come from columns: plain numbers, and nothing to be found out.
    pub(super) fn without_columns(format: Format, unit: TimeUnit, answers: &Answers) -> Self {
        Self {
            format,
            unit,
            marks: Marks::PLAIN,
            answers: answers.clone(),
            hash_block: None,
            stated_block: None,
            has_local_ids: false,
            makes_arrivals: false,
            first_round: 0,
            has_gaps: false,
            is_mapped: false,
            warnings: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Rows counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub read: u64,
    pub blank: u64,
    pub out_of_order: u64,
    pub without_ids: u64,
    /// Rows whose total is not input and output together.
    pub odd_totals: u64,
}

/// The names that rows mention.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Names {
    pub classes: Labels,
    pub tenants: Labels,
    pub clients: Labels,
    pub sessions: Labels,
    pub groups: Labels,
}

/// All rows of a file, as they are read.
pub(super) struct Rows {
    pub plan: Plan,
    pub columns: Columns,
    pub names: Names,
    pub ids: Ids,
    pub drops: Drops,
    pub counted: Counted,
    pub gate: Gate,
    /// Which chat came before which, for formats that name it.
    pub chats: Chats,
    /// Makes times where the file has none, so that rows can be sliced while they are read.
    maker: Maker,
    /// Time so far, where rows give gaps.
    clock: i64,
    latest: i64,
    keys: Vec<super::ids::IdKey>,
    /// What sizes of hash blocks refused rows would fit.
    pub sizes: prompt_ids::Sizes,
    /// Conversations that hold requests.
    pub conversations: u64,
    /// Rounds that wait for answers.
    pub later: Later,
}

/// A reason and the value that it is about.
pub(super) type Refused<'v> = (Reason, &'v [u8]);

const KEEPS_FAILURES: &str = "failures are kept (output 1)";

impl Rows {
    pub fn new(plan: Plan, gate: Gate) -> Self {
        Self {
            maker: Maker::new(&plan.answers, None),
            plan,
            columns: Columns::default(),
            names: Names::default(),
            ids: Ids::default(),
            drops: Drops::default(),
            counted: Counted::default(),
            gate,
            chats: Chats::default(),
            clock: 0,
            latest: i64::MIN,
            keys: Vec::new(),
            sizes: prompt_ids::Sizes::default(),
            conversations: 0,
            later: Later::default(),
        }
    }

    pub fn blank(&mut self) {
        self.counted.read += 1;
        self.counted.blank += 1;
    }

    pub fn drop(&mut self, line: u64, reason: Reason, value: &[u8]) {
        self.counted.read += 1;
        self.drops.add(line, reason, value);
    }

    /// Takes a row.
    pub fn row(&mut self, line: u64, values: &Values<'_>) -> Result<(), ConfigError> {
        self.counted.read += 1;
        // Chats are known from here on, whatever becomes of the row.
        self.chat(values);
        match self.request(line, values) {
            Ok(kept) => self.take(&kept),
            Err((reason, value)) => {
                self.drops.add(line, reason, value);
                Ok(())
            }
        }
    }

    /// Takes a row that is kept.
    pub fn take(&mut self, kept: &Kept) -> Result<(), ConfigError> {
        if let Some(turn) = kept.turn {
            self.later.take(kept, turn);
            if turn.is_later {
                return Ok(());
            }
        }
        let mut made = *kept;
        if self.plan.makes_arrivals {
            made.time = self.maker.time();
        }
        let kept = &made;
        if kept.time < self.latest {
            self.counted.out_of_order += 1;
        }
        self.latest = self.latest.max(kept.time);
        self.gate.take(kept, &mut self.columns, &self.names)
    }

    fn request<'v>(&mut self, line: u64, values: &'v Values<'_>) -> Result<Kept, Refused<'v>> {
        let mut kept = Kept { line: line.min(u64::from(u32::MAX)) as u32, ..Kept::EMPTY };
        // A gap counts also if the row itself is dropped.
        let time = self.time(values);
        let failed = self.failure(values)?;
        self.input(values, &mut kept)?;
        // Ids are known from here on, whatever else is wrong with the row.
        self.ids(line, values, &mut kept)?;
        self.output(values, failed, &mut kept)?;
        kept.turn = self.turn(values)?;
        // A round that waits for the answer before it has no time.
        kept.time = if kept.turn.is_some_and(|turn| turn.is_later) { 0 } else { time? };
        self.labels(values, &mut kept)?;
        self.spans(values, &mut kept)?;
        Ok(kept)
    }

    /// Whether the request failed; refused if failures are not kept.
    fn failure<'v>(&self, values: &'v Values<'_>) -> Result<bool, Refused<'v>> {
        const WARM_UP: Reason = Reason::new("warm-up of a benchmark").kept_if("the warm-up is kept");
        const FAILED: Reason = Reason::new("failed request").kept_if(KEEPS_FAILURES);
        if let Some(phase) = values.text(Role::Phase)
            && phase.to_ascii_lowercase().starts_with(b"warm")
            && !self.plan.answers.keep_warm_up
        {
            return Err((WARM_UP, phase));
        }
        let error = values.text(Role::Error).filter(|error| !status::is_no_error(error));
        let status = values.text(Role::Status).filter(|status| !status::is_success(status));
        match error.or(status) {
            Some(error) if !self.plan.answers.keep_failures => Err((FAILED, error)),
            error => Ok(error.is_some()),
        }
    }

    fn input<'v>(&self, values: &'v Values<'_>, kept: &mut Kept) -> Result<(), Refused<'v>> {
        const NO_LENGTH: Reason =
            Reason::new("text instead of a number of input tokens, and no tokenizer here");
        const ZERO_INPUT: Reason = Reason::new("zero input tokens");
        if let (false, Some(text)) = (values.has(Role::Input), values.text(Role::Text)) {
            return Err((NO_LENGTH, text));
        }
        kept.input = self.count(Role::Input, values)?;
        // What a session begins with stands in a column of its own.
        if self.plan.format == Format::Tracelab && values.has(Role::PrefixTokens) {
            let all = kept.input.saturating_add(self.count(Role::PrefixTokens, values)?);
            kept.input = all.min(MAX_TOKENS_PER_REQUEST);
        }
        let images = if values.has(Role::Images) { self.count(Role::Images, values)? } else { 0 };
        if kept.input == 0 {
            return Err((ZERO_INPUT, values.text(Role::Input).unwrap_or_default()));
        }
        let all = u64::from(images) * u64::from(self.plan.answers.tokens_per_image) + u64::from(kept.input);
        kept.input = u32::try_from(all).unwrap_or(u32::MAX).min(MAX_TOKENS_PER_REQUEST);
        Ok(())
    }

    fn output<'v>(
        &mut self,
        values: &'v Values<'_>,
        failed: bool,
        kept: &mut Kept,
    ) -> Result<(), Refused<'v>> {
        const ZERO_OUTPUT: Reason = Reason::new("zero output tokens").kept_if(KEEPS_FAILURES);
        const SMALL_TOTAL: Reason = Reason::of("total tokens", "fewer than the input tokens");
        let total = if values.has(Role::Total) { self.count(Role::Total, values)? } else { 0 };
        kept.output = if values.has(Role::Output) || !values.has(Role::Total) {
            if failed && !values.has(Role::Output) { 0 } else { self.count(Role::Output, values)? }
        } else {
            let rest = total.checked_sub(kept.input);
            rest.ok_or((SMALL_TOTAL, values.text(Role::Total).unwrap_or_default()))?
        };
        if values.has(Role::Total) && u64::from(total) != u64::from(kept.input) + u64::from(kept.output) {
            self.counted.odd_totals += 1;
        }
        if kept.output == 0 {
            if !self.plan.answers.keep_failures {
                return Err((ZERO_OUTPUT, values.text(Role::Output).unwrap_or_default()));
            }
            kept.output = 1;
        }
        Ok(())
    }

    /// A number of tokens.
    pub(super) fn count<'v>(&self, role: Role, values: &'v Values<'_>) -> Result<u32, Refused<'v>> {
        let words = role.words();
        let Some(cell) = values.get(role) else { return Err((Reason::of(words, "missing"), &[])) };
        if cell.is_nested {
            return Err((Reason::of(words, "not a number"), &cell.text));
        }
        number::count(&cell.text, self.plan.marks).map_err(|problem| {
            let why = match problem {
                NoCount::NotWhole if self.plan.marks == Marks::POINT && number::count(&cell.text, Marks::COMMA).is_ok() => {
                    "not a whole number: if its point stands between thousands, say that the decimal mark is a comma \
                     (--trace-decimal ,)"
                }
                NoCount::NotANumber => "not a number",
                NoCount::Negative => "negative",
                NoCount::NotWhole => "not a whole number",
                NoCount::TooLarge => "more than 10000000",
            };
            (Reason::of(words, why), cell.text.as_ref())
        })
    }

    fn time<'v>(&mut self, values: &'v Values<'_>) -> Result<i64, Refused<'v>> {
        const NO_DATE: &str = concat!("not a date with a time; read are ", dates_read!());
        const NO_NUMBER: &str = concat!("not a number, and no date as ", dates_read!());
        if self.plan.makes_arrivals {
            return Ok(0);
        }
        let role = if self.plan.has_gaps { Role::Gap } else { Role::Arrival };
        let Some(text) = values.text(role) else {
            return Err((Reason::of(role.words(), "missing"), &[]));
        };
        let time = nanoseconds(text, self.plan.unit, self.plan.marks);
        let not_a_time = if self.plan.unit == TimeUnit::Date { NO_DATE } else { NO_NUMBER };
        let time = time.ok_or((Reason::of(role.words(), not_a_time), text))?;
        if !self.plan.has_gaps {
            return Ok(time);
        }
        if time < 0 {
            return Err((Reason::of(role.words(), "negative"), text));
        }
        self.clock = self.clock.saturating_add(time);
        Ok(self.clock)
    }

    fn ids<'v>(&mut self, line: u64, values: &'v Values<'_>, kept: &mut Kept) -> Result<(), Refused<'v>> {
        let Some(block) = self.plan.hash_block else { return Ok(()) };
        let Some(cell) = values.get(Role::HashIds) else {
            self.counted.without_ids += 1;
            return Ok(());
        };
        let session = values.text(Role::Session).filter(|name| name.len() <= MAX_NAME_BYTES);
        let conversation = match session.filter(|_| self.plan.has_local_ids) {
            Some(name) => self.names.sessions.place(&name_of(name)) + 1,
            None => 0,
        };
        let mut keys = std::mem::take(&mut self.keys);
        let done = prompt_ids::node(
            prompt_ids::Prompt {
                line,
                input: kept.input,
                block,
                conversation,
                may_lack_last: self.plan.format == Format::Weka,
                drops_unchained: self.plan.answers.drop_unchained,
            },
            cell,
            &mut keys,
            &mut self.ids,
        );
        self.keys = keys;
        if done.is_err() {
            self.sizes.refused(kept.input, cell);
        }
        kept.leaf = done?;
        Ok(())
    }

    /// How the row belongs to a conversation whose rounds wait for answers: coding agents say how long they wait after each answer,
    /// schedules how long after the answer before.
    fn turn<'v>(&self, values: &'v Values<'_>) -> Result<Option<Turn>, Refused<'v>> {
        const ALONE: Reason = Reason::new(
            "later round of a session, which it does not name: its time depends on the answer before",
        );
        let pause = |text: &'v [u8]| {
            let pause =
                nanoseconds(text, self.plan.pause_unit(), self.plan.marks).filter(|&pause| pause >= 0);
            pause.ok_or((Reason::of("delay", "not a time"), text))
        };
        let delay = values.text(Role::Delay).map(pause).transpose()?;
        if self.plan.format == Format::Tracelab {
            let round = if values.has(Role::Round) { self.count(Role::Round, values)? } else { 0 };
            let shared =
                if values.has(Role::PrefixTokens) { self.count(Role::PrefixTokens, values)? } else { 0 };
            let is_later = round > self.plan.first_round;
            return Ok(Some(Turn {
                before: None,
                after: delay.unwrap_or(0),
                shared: Some(shared),
                is_later,
            }));
        }
        match (delay, values.has(Role::Session)) {
            (None, false) => Ok(None),
            (None, true) => {
                let first = Turn { before: None, after: 0, shared: None, is_later: false };
                Ok(Some(first).filter(|_| self.plan.may_have_pauses()))
            }
            (Some(_), false) => Err((ALONE, values.text(Role::Delay).unwrap_or_default())),
            (Some(delay), true) => {
                Ok(Some(Turn { before: Some(delay), after: 0, shared: None, is_later: true }))
            }
        }
    }

    /// Deadline and measured times.
    fn spans<'v>(&self, values: &'v Values<'_>, kept: &mut Kept) -> Result<(), Refused<'v>> {
        let Plan { unit, marks, .. } = self.plan;
        if let Some(text) = values.text(Role::Deadline) {
            let deadline = nanoseconds(text, unit, marks);
            let deadline = deadline.ok_or((Reason::of("deadline", "not a time"), text))?;
            kept.patience = if deadline == 0 { 0 } else { deadline.saturating_sub(kept.time).max(1) };
        }
        let clock = |role| {
            let text = values.text(role)?;
            // Of a list of times the first.
            let text = text.strip_prefix(b"[").map_or(text, |list| {
                let end = list.iter().position(|byte| matches!(byte, b',' | b']')).unwrap_or(list.len());
                &list[..end]
            });
            nanoseconds(text, unit, marks)?.checked_sub(kept.time)
        };
        let span = |role, unit_role| {
            let unit = values.text(unit_role).and_then(|unit| std::str::from_utf8(unit).ok());
            nanoseconds(values.text(role)?, unit.and_then(TimeUnit::named).unwrap_or_default(), marks)
        };
        let measured = |span: Option<i64>| span.filter(|&span| span > 0).unwrap_or(-1);
        kept.ttft = measured(span(Role::Ttft, Role::TtftUnit).or_else(|| clock(Role::FirstToken)));
        kept.e2e = measured(span(Role::E2e, Role::E2eUnit).or_else(|| clock(Role::End)));
        Ok(())
    }
}

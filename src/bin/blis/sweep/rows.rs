//! The rows of the output: what a run shows, or what the runs of a combination show together.

use super::grid::Grid;
use crate::document::Judged;
use blis_playground::outcome::goodput::Goodput;
use blis_playground::outcome::verdict::VerdictKind;
use blis_playground::sweep::{Measured, Spread, figures};
use blis_playground::text::{visible, visible_json};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Runs,
    Points,
}

/// How a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    JsonLines,
    Csv,
}

/// What a run shows, or why it could not be made.
pub type Shown = Result<Run, String>;

/// What a run shows.
#[derive(Debug, Serialize)]
pub struct Run {
    #[serde(flatten)]
    pub judged: Judged,
    /// What met the latency targets; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goodput: Option<Goodput>,
    /// Whether decisions were compared, so that there is a regret.
    #[serde(skip)]
    pub regret: bool,
}

impl Run {
    const fn measured(&self) -> Measured<'_> {
        Measured { summary: &self.judged.summary, goodput: self.goodput.as_ref(), regret: self.regret }
    }
}

/// What is the same for all rows.
#[derive(Debug)]
pub struct Writer<'a> {
    pub grid: &'a Grid,
    /// By which the parts of one sweep know each other.
    pub fingerprint: String,
    pub subject: Subject,
    pub form: Form,
}

/// The beginning of every row.
#[derive(Serialize)]
struct Head<'a> {
    sweep: &'a str,
    /// Its number in the whole, from 1.
    row: usize,
    /// Rows of the whole.
    rows: usize,
    settings: InOrder<&'a Value>,
}

#[derive(Serialize)]
struct RunRow<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
    #[serde(flatten)]
    run: Option<&'a Run>,
}

#[derive(Serialize)]
struct PointRow<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// Runs that could be made.
    runs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
    /// Runs by their verdict.
    verdicts: InOrder<usize>,
    figures: InOrder<Spread>,
}

/// A map in JSON whose keys stay in their order.
struct InOrder<T>(Vec<(&'static str, T)>);

impl<T: Serialize> Serialize for InOrder<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A field of a table: the name of its column and its text.
type Field = (String, String);

impl Writer<'_> {
    /// Rows of the whole.
    pub fn rows(&self) -> usize {
        match self.subject {
            Subject::Runs => self.grid.runs(),
            Subject::Points => self.grid.points.len(),
        }
    }

    /// The head of a table; nothing for JSON lines.
    pub fn head(&self) -> String {
        match self.form {
            Form::JsonLines => String::new(),
            Form::Csv => record(self.fields(1, &[]).iter().map(|(name, _)| name)),
        }
    }

    /// The line of a row, from 1, with what its runs show.
    pub fn line(&self, row: usize, runs: &[Shown]) -> serde_json::Result<String> {
        let json = match (self.form, self.subject, runs) {
            (Form::Csv, ..) => return Ok(record(self.fields(row, runs).iter().map(|(_, value)| value))),
            (_, Subject::Runs, [run]) => serde_json::to_string(&self.run_row(row, run))?,
            _ => serde_json::to_string(&self.point_row(row, runs))?,
        };
        Ok(format!("{}\n", visible_json(&json)))
    }

    /// Point and place of the seed of the first run of a row.
    fn place(&self, row: usize) -> (usize, usize) {
        match self.subject {
            Subject::Runs => ((row - 1) / self.grid.seeds.len(), (row - 1) % self.grid.seeds.len()),
            Subject::Points => (row - 1, 0),
        }
    }

    fn row_head(&self, row: usize) -> Head<'_> {
        let point = &self.grid.points[self.place(row).0];
        let names = self.grid.axes.iter().map(|axis| axis.name);
        Head {
            sweep: &self.fingerprint,
            row,
            rows: self.rows(),
            settings: InOrder(names.zip(&point.settings).collect()),
        }
    }

    fn run_row<'a>(&'a self, row: usize, run: &'a Shown) -> RunRow<'a> {
        let (point, seed) = self.place(row);
        RunRow {
            head: self.row_head(row),
            seed: self.grid.seed(point, seed),
            refused: run.as_ref().err().map(String::as_str),
            run: run.as_ref().ok(),
        }
    }

    fn point_row<'a>(&'a self, row: usize, runs: &'a [Shown]) -> PointRow<'a> {
        let known = |(name, spread): (&'static str, Option<Spread>)| Some((name, spread?));
        PointRow {
            head: self.row_head(row),
            runs: runs.iter().flatten().count(),
            refused: refused(runs),
            verdicts: InOrder(verdicts(runs).into()),
            figures: InOrder(spreads(runs).into_iter().filter_map(known).collect()),
        }
    }

    /// The row as fields of a table, with the same names for every row.
    fn fields(&self, row: usize, runs: &[Shown]) -> Vec<Field> {
        let Head { sweep, row, rows, settings } = self.row_head(row);
        let mut fields: Vec<Field> =
            [("sweep", sweep.to_owned()), ("row", row.to_string()), ("rows", rows.to_string())]
                .map(|(name, value)| (name.to_owned(), value))
                .into();
        fields.extend(settings.0.into_iter().map(|(name, value)| (name.to_owned(), text(value))));
        let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
        match self.subject {
            Subject::Runs => {
                let (point, seed) = self.place(row);
                let run = runs.first().and_then(|run| run.as_ref().ok());
                let judged =
                    |field: fn(&Judged) -> String| run.map_or_else(String::new, |run| field(&run.judged));
                add("seed", self.grid.seed(point, seed).map_or_else(String::new, |seed| seed.to_string()));
                add("verdict", judged(|run| name(&run.verdict.kind)));
                add("certainty", judged(|run| name(&run.verdict.certainty)));
                add("reason", judged(|run| run.verdict.reason.clone()));
                add("refused", refused(runs).unwrap_or_default().to_owned());
                add("digest", judged(|run| run.digest.clone()));
                for figure in figures() {
                    add(figure.name, number(run.and_then(|run| figure.of(run.measured()))));
                }
            }
            Subject::Points => {
                add("runs", runs.iter().flatten().count().to_string());
                for (kind, count) in verdicts(runs) {
                    add(kind, count.to_string());
                }
                add("refused", refused(runs).unwrap_or_default().to_owned());
                for (name, spread) in spreads(runs) {
                    add(&format!("{name}.median"), number(spread.map(|spread| spread.median)));
                    add(&format!("{name}.min"), number(spread.map(|spread| spread.min)));
                    add(&format!("{name}.max"), number(spread.map(|spread| spread.max)));
                }
            }
        }
        fields
    }
}

/// Every figure over the runs that could be made.
fn spreads(runs: &[Shown]) -> Vec<(&'static str, Option<Spread>)> {
    let values = |figure: &blis_playground::sweep::Figure| {
        Spread::of(runs.iter().flatten().filter_map(|run| figure.of(run.measured())).collect())
    };
    figures().map(|figure| (figure.name, values(&figure))).collect()
}

/// How many runs have each verdict.
fn verdicts(runs: &[Shown]) -> [(&'static str, usize); 3] {
    let count = |kind| runs.iter().flatten().filter(|run| run.judged.verdict.kind == kind).count();
    [
        ("overloaded", count(VerdictKind::Overloaded)),
        ("too_short", count(VerdictKind::TooShort)),
        ("steady", count(VerdictKind::Steady)),
    ]
}

/// Why the first one of the runs that could not be made could not.
fn refused(runs: &[Shown]) -> Option<&str> {
    runs.iter().find_map(|run| run.as_ref().err()).map(String::as_str)
}

/// A name as in JSON.
fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value).map_or_else(|_| String::new(), |value| text(&value))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A record of a table with the end of its line.
fn record<Text: AsRef<str>>(fields: impl Iterator<Item = Text>) -> String {
    let quoted = |field: Text| {
        let field = visible(field.as_ref());
        if field.contains([',', '"']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.into_owned()
        }
    };
    fields.map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

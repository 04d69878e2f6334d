//! Recordings of step times.

use super::table::{Node, Row, Table, parse};
use super::{Report, RowCheck};
use crate::catalog::{LatencyCoefficients, coefficients, find_gpu, find_model};
use crate::error::ConfigError;
use crate::latency::{LatencyModel, PrefillMember, Roofline, StepLoad, TrainedPhysics};
use crate::units::{Micros, Tokens};

/// Input length for which recordings state the queueing delay.
const QUEUEING_INPUT: Tokens = 1000;

/// Compares every step time and overhead of a recording (`cluster-golden-step/1` or `/2`).
///
/// Roofline times are computed twice, in closed form and request by request.
///
/// # Errors
///
/// [`ConfigError::Malformed`] with the place, if the text is no such recording. A model, GPU or TP that we do not
/// accept is a difference, not an error.
pub fn check_step_times(json: &str) -> Result<Report, ConfigError> {
    let file = parse(json, &["cluster-golden-step/1", "cluster-golden-step/2"])?;
    let file = Node::root(&file);
    let mut report = Report::default();
    let groups = match file.optional("groups") {
        Some(groups) => groups.elements()?,
        None => vec![file.clone()],
    };
    let columns = file.member("columns")?;
    for group in groups {
        let batches = read_batches(&group.member("batches")?)?;
        check_table(&Table::new(&columns, group.member("rows")?)?, &batches, &mut report)?;
    }
    if let Some(rows) = file.optional("coefficient_rows") {
        let batches = match file.optional("coefficient_batches") {
            Some(batches) => batches,
            None => file.member("batches")?,
        };
        let table = Table::new(&file.member("coefficient_columns")?, rows)?;
        check_table(&table, &read_batches(&batches)?, &mut report)?;
    }
    Ok(report)
}

/// A recorded batch as the latency models read it.
struct Batch {
    prefills: Vec<PrefillMember>,
    decodes: Vec<Tokens>,
    others: u64,
}

impl Batch {
    fn load(&self) -> StepLoad<'_> {
        StepLoad {
            prefills: &self.prefills,
            decodes: self.decodes.len() as u64,
            context: self.decodes.iter().map(|present| u64::from(*present)).sum(),
            others: self.others,
        }
    }
}

fn read_batches(batches: &Node<'_>) -> Result<Vec<Batch>, ConfigError> {
    batches.elements()?.iter().map(read_batch).collect()
}

fn read_batch(batch: &Node<'_>) -> Result<Batch, ConfigError> {
    let mut read = Batch { prefills: Vec::new(), decodes: Vec::new(), others: 0 };
    for member in batch.elements()? {
        let figures: Vec<u32> = member.elements()?.iter().map(Node::count).collect::<Result<_, _>>()?;
        let [progress, input, new, output] = figures[..] else {
            return Err(member.malformed("expected [progress, input tokens, new tokens, output tokens]"));
        };
        match (new, progress < input, output) {
            (0, ..) => {}
            (_, true, _) => read.prefills.push(PrefillMember { progress, input, new }),
            (_, false, 0) => read.others += 1,
            (_, false, _) => read.decodes.push(progress),
        }
    }
    Ok(read)
}

fn check_table(table: &Table<'_>, batches: &[Batch], report: &mut Report) -> Result<(), ConfigError> {
    for (number, row) in table.rows()?.iter().enumerate() {
        let check = RowCheck { report, table: &table.rows.path, row: number };
        check_row(row, batches, check)?;
    }
    Ok(())
}

fn check_row(row: &Row<'_>, batches: &[Batch], mut check: RowCheck<'_>) -> Result<(), ConfigError> {
    let recorded = row.cell("step_us")?;
    let steps = recorded.elements()?;
    if steps.len() != batches.len() {
        return Err(recorded.malformed(&format!("expected one time for each of {} batches", batches.len())));
    }
    let model = match build(row)? {
        Ok(model) => model,
        Err(refusal) => {
            check.report.compared += steps.len();
            check.differ("step_us", recorded.value, &refusal);
            return Ok(());
        }
    };
    check.compare("queueing_us", &row.cell("queueing_us")?.integer()?, &model.overhead(Overhead::Queueing));
    check.compare(
        "output_token_us",
        &row.cell("output_token_us")?.integer()?,
        &model.overhead(Overhead::Output),
    );
    check.compare(
        "post_decode_us",
        &row.cell("post_decode_us")?.integer()?,
        &model.overhead(Overhead::Completion),
    );
    for (number, (step, batch)) in steps.iter().zip(batches).enumerate() {
        let expected = step.integer()?;
        check.compare(format!("step_us[{number}]"), &expected, &model.step_time(batch).0);
        if let Built::Roofline(roofline) = &model {
            let summed = roofline.step_time_by_request(&batch.load(), &batch.decodes).0;
            check.compare(format!("step_us[{number}] by request"), &expected, &summed);
        }
    }
    Ok(())
}

enum Built {
    TrainedPhysics(TrainedPhysics),
    Roofline(Roofline),
}

#[derive(Clone, Copy)]
enum Overhead {
    Queueing,
    Output,
    Completion,
}

/// The latency model of a row, or why there is none.
fn build(row: &Row<'_>) -> Result<Result<Built, ConfigError>, ConfigError> {
    let (model, gpu) = (row.cell("model")?.text()?, row.cell("hardware")?.text()?);
    let tp = row.cell("tp")?.count()?;
    let Some(custom) = custom_coefficients(row)? else {
        let name = row.cell("latency_model")?;
        return match name.text()? {
            "trained-physics" => Ok(trained_physics(model, gpu, tp, &coefficients().trained_physics)),
            "roofline" => Ok(roofline(model, gpu, tp)),
            _ => Err(name.malformed("expected trained-physics or roofline")),
        };
    };
    Ok(trained_physics(model, gpu, tp, &custom))
}

/// Coefficients belong to trained-physics; rows that have none name their latency model.
fn custom_coefficients(row: &Row<'_>) -> Result<Option<LatencyCoefficients>, ConfigError> {
    let (Ok(alpha), Ok(beta)) = (row.cell("alpha_coeffs"), row.cell("beta_coeffs")) else {
        return Ok(None);
    };
    Ok(Some(LatencyCoefficients { alpha_coeffs: alpha.numbers()?, beta_coeffs: beta.numbers()? }))
}

fn trained_physics(
    model: &str,
    gpu: &str,
    tp: u32,
    coefficients: &LatencyCoefficients,
) -> Result<Built, ConfigError> {
    TrainedPhysics::new(find_model(model)?, find_gpu(gpu)?, tp, coefficients).map(Built::TrainedPhysics)
}

fn roofline(model: &str, gpu: &str, tp: u32) -> Result<Built, ConfigError> {
    let alphas = &coefficients().roofline.alpha_coeffs;
    Roofline::new(find_model(model)?, find_gpu(gpu)?, tp, alphas).map(Built::Roofline)
}

impl Built {
    fn step_time(&self, batch: &Batch) -> Micros {
        let in_order = |progress: &mut Vec<Tokens>| progress.extend_from_slice(&batch.decodes);
        match self {
            Self::TrainedPhysics(model) => model.step_time(&batch.load(), in_order),
            Self::Roofline(model) => model.step_time(&batch.load(), in_order),
        }
    }

    fn overhead(&self, which: Overhead) -> i64 {
        match self {
            Self::TrainedPhysics(model) => overhead(model, which),
            Self::Roofline(model) => overhead(model, which),
        }
    }
}

fn overhead(model: &impl LatencyModel, which: Overhead) -> i64 {
    match which {
        Overhead::Queueing => model.queueing_delay(QUEUEING_INPUT).0,
        Overhead::Output => model.output_overhead().0,
        Overhead::Completion => model.completion_overhead().0,
    }
}

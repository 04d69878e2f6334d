//! Recordings of block counts and maximum lengths.

use super::table::{Node, Row, Table, parse};
use super::{Report, RowCheck};
use crate::catalog::{Model, coefficients, find_gpu, find_model};
use crate::error::ConfigError;
use crate::latency::TrainedPhysics;
use crate::latency::kv_capacity::{MemoryBudget, kv_capacity};
use crate::latency::max_model_len::{cap_max_model_len, derived_max_model_len};

/// Compares every block count, maximum length and error of a recording (`cluster-golden-kv/1`).
///
/// Such recordings are made with trained-physics, which refuses some TP values for which a block count exists (K-5).
///
/// # Errors
///
/// [`ConfigError::Malformed`] with the place, if the text is no such recording. A model or GPU that is not bundled
/// is a difference, not an error.
pub fn check_kv_capacity(json: &str) -> Result<Report, ConfigError> {
    let file = parse(json, &["cluster-golden-kv/1"])?;
    let file = Node::root(&file);
    let table = Table::new(&file.member("columns")?, file.member("rows")?)?;
    let mut report = Report::default();
    for (number, row) in table.rows()?.iter().enumerate() {
        check_row(row, RowCheck { report: &mut report, table: "rows", row: number })?;
    }
    Ok(report)
}

fn check_row(row: &Row<'_>, mut check: RowCheck<'_>) -> Result<(), ConfigError> {
    let budget = MemoryBudget {
        memory_gib: 0.0,
        tp: row.cell("tp")?.count()?,
        utilization: row.cell("gpu_memory_utilization")?.number()?,
        block_size: row.cell("block_size_in_tokens")?.count()?,
    };
    let computed = compute(row.cell("model")?.text()?, row.cell("hardware")?.text()?, budget);
    let (blocks, length, error) = match computed {
        Ok((blocks, length)) => (blocks.to_string(), length.to_string(), "null".to_owned()),
        Err(error) => ("null".to_owned(), "null".to_owned(), error_name(&error)),
    };
    for (column, got) in [("total_kv_blocks", blocks), ("max_model_len", length), ("error", error)] {
        check.compare(column, &as_text(row.cell(column)?), &got);
    }
    Ok(())
}

fn as_text(cell: &Node<'_>) -> String {
    cell.value.as_str().map_or_else(|| cell.value.to_string(), str::to_owned)
}

/// Block count and maximum length of a row.
fn compute(model: &str, gpu: &str, budget: MemoryBudget) -> Result<(u32, i64), ConfigError> {
    let (model, gpu): (&Model, _) = (find_model(model)?, find_gpu(gpu)?);
    let capacity = kv_capacity(model, &MemoryBudget { memory_gib: gpu.memory_gib, ..budget })?;
    TrainedPhysics::new(model, gpu, budget.tp, &coefficients().trained_physics)?;
    let derived = derived_max_model_len(model);
    let (length, _) = cap_max_model_len(derived, capacity.blocks, budget.block_size);
    Ok((capacity.blocks, length))
}

/// The recording's word for an error, or our message if it has none.
fn error_name(error: &ConfigError) -> String {
    match error {
        ConfigError::DoesNotFit { .. } => "insufficient_memory".to_owned(),
        ConfigError::Invalid { path, .. } if path == "model.tp" => "tp_does_not_divide_heads".to_owned(),
        other => other.to_string(),
    }
}

//! Texts with live figures: `{{scene.figure}}`, `{{one / other}}`, `{{one - other}}`, `{{one as percent}}`.
//!
//! A figure's unit is the end of its name: `_ms` and `_s` are times, everything else is a number. A quotient is a
//! number; a difference has the unit of its first part.

use super::SceneFigures;
use super::claim::{NoFigure, number};

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Milliseconds,
    Seconds,
    Number,
    Percent,
}

/// The text with its figures filled in.
///
/// # Errors
/// The figure that does not exist, or a placeholder that is not closed.
pub fn fill(text: &str, scenes: &SceneFigures) -> Result<String, NoFigure> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (expression, after) = after.split_once("}}").ok_or_else(|| NoFigure(after.to_owned()))?;
        filled.push_str(before);
        filled.push_str(&written(expression.trim(), scenes)?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The text without its placeholders.
pub fn without_figures(text: &str) -> String {
    let mut pieces = text.split("{{");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.filter_map(|piece| piece.split_once("}}")).fold(first, |text, (_, after)| text + " " + after)
}

/// The figures that a text names.
///
/// # Errors
/// What stands in a placeholder that is empty or not closed.
pub fn figures_in(text: &str) -> Result<Vec<&str>, &str> {
    let mut figures = Vec::new();
    for piece in text.split("{{").skip(1) {
        let (expression, _) = piece.split_once("}}").ok_or(piece)?;
        let (expression, _) = parts(expression.trim());
        if expression.is_empty() {
            return Err(piece);
        }
        match expression.split_once(" / ").or_else(|| expression.split_once(" - ")) {
            Some((left, right)) => figures.extend([left, right]),
            None => figures.push(expression),
        }
    }
    Ok(figures)
}

/// An expression without what is said of its unit, and whether it is to be a percentage.
fn parts(expression: &str) -> (&str, bool) {
    match expression.strip_suffix(" as percent") {
        Some(expression) => (expression, true),
        None => (expression, false),
    }
}

fn written(expression: &str, scenes: &SceneFigures) -> Result<String, NoFigure> {
    let (expression, percent) = parts(expression);
    let (value, unit) = if let Some((left, right)) = expression.split_once(" / ") {
        (number(left, scenes)? / number(right, scenes)?, Unit::Number)
    } else if let Some((left, right)) = expression.split_once(" - ") {
        (number(left, scenes)? - number(right, scenes)?, unit_of(left))
    } else {
        (number(expression, scenes)?, unit_of(expression))
    };
    Ok(format(value, if percent { Unit::Percent } else { unit }))
}

fn unit_of(path: &str) -> Unit {
    if path.ends_with("_ms") {
        Unit::Milliseconds
    } else if path.ends_with("_s") {
        Unit::Seconds
    } else {
        Unit::Number
    }
}

/// About three figures, with the unit.
fn format(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds if value.abs() >= 1000.0 => format(value / 1000.0, Unit::Seconds),
        Unit::Milliseconds => format!("{} ms", short(value)),
        Unit::Seconds => format!("{} s", short(value)),
        Unit::Number => short(value),
        Unit::Percent => format!("{:.0}%", 100.0 * value),
    }
}

fn short(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scenes() -> SceneFigures {
        let a = json!({"ttft": {"p99_ms": 1497.0, "mean_ms": 41.6}, "rejected": 64, "arrived": 100});
        SceneFigures::from([("a".to_owned(), a), ("b".to_owned(), json!({"ttft": {"p99_ms": 63.0}}))])
    }

    #[test]
    fn times_have_a_unit_that_fits() {
        let text = fill("from {{a.ttft.p99_ms}} to {{ b.ttft.p99_ms }}.", &scenes());
        assert_eq!(text.as_deref(), Ok("from 1.5 s to 63 ms."));
    }

    #[test]
    fn quotients_differences_and_percentages() {
        let text = fill(
            "{{a.ttft.p99_ms / b.ttft.p99_ms}} times, {{b.ttft.p99_ms - a.ttft.mean_ms}} more, {{a.rejected / a.arrived as percent}}",
            &scenes(),
        );
        assert_eq!(text.as_deref(), Ok("23.8 times, 21.4 ms more, 64%"));
    }

    #[test]
    fn whole_numbers_stay_whole() {
        assert_eq!(fill("{{a.rejected}}", &scenes()).as_deref(), Ok("64"));
    }

    #[test]
    fn what_does_not_exist_is_named() {
        assert_eq!(fill("{{a.nothing}}", &scenes()), Err(NoFigure("a.nothing".to_owned())));
        assert_eq!(fill("{{a.rejected", &scenes()), Err(NoFigure("a.rejected".to_owned())));
    }

    #[test]
    fn placeholders_can_be_taken_out() {
        assert_eq!(without_figures("x {{a.b}} y {{c / d}}."), "x   y  .");
    }
}

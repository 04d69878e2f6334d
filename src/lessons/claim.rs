//! Statements about runs that a machine can check.

use super::{SceneFigures, lookup};
use serde::Deserialize;
use serde_json::Value;

/// A claim in words and in figures.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// In words.
    pub says: String,
    /// In figures.
    pub that: Claim,
    /// Whether the reason rests on it: then it also holds at ten times the length.
    #[serde(default)]
    pub reason: bool,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A number.
    Number(f64),
    /// A figure of a scene, `scene.ttft.p99_ms`.
    Figure(String),
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub enum Claim {
    /// The first is more than this factor times the last.
    Greater(Term, f64, Term),
    /// The first is less than this factor times the last.
    Less(Term, f64, Term),
    /// The two differ by at most this share of the last.
    Near(Term, f64, Term),
    /// The figure is true.
    True(String),
    /// The figure is false.
    False(String),
}

/// A claim about a figure that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no figure {0}")]
pub struct NoFigure(pub String);

/// The forms of a claim, for messages.
const FORMS: &str = "expected one of {\"greater\": [a, factor, b]}, {\"less\": [a, factor, b]}, \
                     {\"near\": [a, share, b]}, {\"true\": a} and {\"false\": a}, in which a and b are figures like \
                     \"scene.ttft.p99_ms\" or, beside a factor, numbers";

impl TryFrom<Value> for Claim {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        read(&value).ok_or_else(|| format!("got {}, {FORMS}", crate::text::shortened(&value.to_string())))
    }
}

fn read(value: &Value) -> Option<Claim> {
    let fields = value.as_object()?;
    let (name, what) = fields.iter().next().filter(|_| fields.len() == 1)?;
    let flag = || what.as_str().map(str::to_owned);
    let comparison = || match what.as_array()?.as_slice() {
        [left, factor, right] => Some((term(left)?, factor.as_f64()?, term(right)?)),
        _ => None,
    };
    match name.as_str() {
        "greater" => comparison().map(|(left, factor, right)| Claim::Greater(left, factor, right)),
        "less" => comparison().map(|(left, factor, right)| Claim::Less(left, factor, right)),
        "near" => comparison().map(|(left, share, right)| Claim::Near(left, share, right)),
        "true" => flag().map(Claim::True),
        "false" => flag().map(Claim::False),
        _ => None,
    }
}

fn term(value: &Value) -> Option<Term> {
    match value {
        Value::String(path) => Some(Term::Figure(path.clone())),
        other => other.as_f64().map(Term::Number),
    }
}

impl Claim {
    /// Whether it holds for these runs.
    ///
    /// # Errors
    /// The figure that does not exist.
    pub fn holds(&self, scenes: &SceneFigures) -> Result<bool, NoFigure> {
        Ok(match self {
            Self::Greater(left, factor, right) => left.value(scenes)? > factor * right.value(scenes)?,
            Self::Less(left, factor, right) => left.value(scenes)? < factor * right.value(scenes)?,
            Self::Near(left, share, right) => {
                let right = right.value(scenes)?;
                (left.value(scenes)? - right).abs() <= share * right.abs()
            }
            Self::True(path) => flag(path, scenes)?,
            Self::False(path) => !flag(path, scenes)?,
        })
    }

    /// The figures that it names.
    pub fn figures(&self) -> Vec<&str> {
        match self {
            Self::Greater(left, _, right) | Self::Less(left, _, right) | Self::Near(left, _, right) => {
                [left, right].into_iter().filter_map(Term::figure).collect()
            }
            Self::True(path) | Self::False(path) => vec![path],
        }
    }
}

impl Term {
    fn value(&self, scenes: &SceneFigures) -> Result<f64, NoFigure> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Figure(path) => number(path, scenes),
        }
    }

    fn figure(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Figure(path) => Some(path),
        }
    }
}

/// The number at a path.
pub(super) fn number(path: &str, scenes: &SceneFigures) -> Result<f64, NoFigure> {
    lookup(scenes, path).and_then(serde_json::Value::as_f64).ok_or_else(|| NoFigure(path.to_owned()))
}

fn flag(path: &str, scenes: &SceneFigures) -> Result<bool, NoFigure> {
    lookup(scenes, path).and_then(serde_json::Value::as_bool).ok_or_else(|| NoFigure(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scenes() -> SceneFigures {
        let a = json!({"ttft": {"p99_ms": 500.0}, "overloaded": true, "rejected": 0});
        SceneFigures::from([("a".to_owned(), a), ("b".to_owned(), json!({"ttft": {"p99_ms": 40.0}}))])
    }

    fn holds(claim: &serde_json::Value) -> Result<bool, NoFigure> {
        let claim: Claim = serde_json::from_value(claim.clone()).expect("a claim");
        claim.holds(&scenes())
    }

    #[test]
    fn greater_compares_with_a_multiple() {
        assert_eq!(holds(&json!({"greater": ["a.ttft.p99_ms", 12, "b.ttft.p99_ms"]})), Ok(true));
        assert_eq!(holds(&json!({"greater": ["a.ttft.p99_ms", 12.5, "b.ttft.p99_ms"]})), Ok(false));
    }

    #[test]
    fn less_compares_with_a_number_too() {
        assert_eq!(holds(&json!({"less": ["b.ttft.p99_ms", 1, 50]})), Ok(true));
        assert_eq!(holds(&json!({"less": ["a.rejected", 1, 0]})), Ok(false));
    }

    #[test]
    fn near_allows_a_share_of_the_last() {
        assert_eq!(holds(&json!({"near": ["b.ttft.p99_ms", 0.2, 50]})), Ok(true));
        assert_eq!(holds(&json!({"near": ["b.ttft.p99_ms", 0.1, 50]})), Ok(false));
    }

    #[test]
    fn flags_are_true_or_false() {
        assert_eq!(holds(&json!({"true": "a.overloaded"})), Ok(true));
        assert_eq!(holds(&json!({"false": "a.overloaded"})), Ok(false));
    }

    #[test]
    fn a_figure_that_does_not_exist_is_named() {
        assert_eq!(holds(&json!({"true": "b.overloaded"})), Err(NoFigure("b.overloaded".to_owned())));
    }
}

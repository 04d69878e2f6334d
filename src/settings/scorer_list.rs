//! The text form of a scorer list: `name:weight,name:weight,...` (routing chapter, R-5).

use super::schema;
use crate::config::{Choice, ScorerName, WeightedScorer};
use crate::error::ConfigError;

const PATH: &str = "routing.scorers";

/// Reads a scorer list. Items are checked from the left, the first violation is reported.
///
/// # Errors
/// An item without a colon, an unknown or repeated name, or a weight that is not a finite number > 0.
pub fn parse(text: &str) -> Result<Vec<WeightedScorer>, ConfigError> {
    let mut scorers: Vec<WeightedScorer> = Vec::new();
    for (index, item) in text.split(',').map(str::trim).enumerate() {
        let (name, weight) = item.split_once(':').ok_or_else(|| {
            let expected = "an item with a colon (expected name:weight)";
            ConfigError::invalid(format!("{PATH}[{index}]"), item, expected)
        })?;
        let name = new_name(&scorers, name.trim())?;
        scorers.push(WeightedScorer { name, weight: weight_of(index, weight.trim())? });
    }
    Ok(scorers)
}

/// The same from names and weights that stand apart.
///
/// # Errors
/// As [`parse`]; also weights whose sum is not finite.
pub(super) fn from_parts(parts: &[(String, f64)]) -> Result<Vec<WeightedScorer>, ConfigError> {
    let mut scorers: Vec<WeightedScorer> = Vec::new();
    for (index, &(ref name, weight)) in parts.iter().enumerate() {
        let name = new_name(&scorers, name)?;
        positive(index, &weight.to_string(), weight)?;
        scorers.push(WeightedScorer { name, weight });
    }
    check(&scorers)?;
    Ok(scorers)
}

/// The scorer of this name, as the next of a list.
fn new_name(scorers: &[WeightedScorer], name: &str) -> Result<ScorerName, ConfigError> {
    let index = scorers.len();
    let name = scorer_name(index, name)?;
    if scorers.iter().any(|scorer| scorer.name == name) {
        return Err(duplicate(index, name));
    }
    Ok(name)
}

/// The first violation in a list that is already typed: an empty list, a repeated name, a bad weight, an
/// overflowing sum.
pub(super) fn check(scorers: &[WeightedScorer]) -> Result<(), ConfigError> {
    if scorers.is_empty() {
        return Err(ConfigError::invalid(PATH, "no scorer", "at least one scorer"));
    }
    let mut total = 0.0;
    for (index, scorer) in scorers.iter().enumerate() {
        if scorers[..index].iter().any(|earlier| earlier.name == scorer.name) {
            return Err(duplicate(index, scorer.name));
        }
        positive(index, &scorer.weight.to_string(), scorer.weight)?;
        total += scorer.weight;
    }
    if f64::is_finite(total) {
        return Ok(());
    }
    Err(ConfigError::invalid(PATH, "weights whose sum is infinite", "weights with a finite sum"))
}

/// The text form of a list.
pub fn write(scorers: &[WeightedScorer]) -> String {
    let items = scorers.iter().map(|scorer| format!("{}:{}", scorer.name.name(), scorer.weight));
    items.collect::<Vec<_>>().join(",")
}

fn scorer_name(index: usize, name: &str) -> Result<ScorerName, ConfigError> {
    ScorerName::parse(name).ok_or_else(|| {
        let choices = schema::values(ScorerName::OPTIONS);
        let expected = match name {
            // The reference has one more.
            "lora-affinity" => format!("one of {choices} (LoRA adapters are not simulated here yet)"),
            _ => format!("one of {choices}"),
        };
        let name = if name.is_empty() { "no name" } else { name };
        ConfigError::invalid(format!("{PATH}[{index}].name"), name, expected)
    })
}

fn duplicate(index: usize, name: ScorerName) -> ConfigError {
    let path = format!("{PATH}[{index}].name");
    ConfigError::invalid(path, name.name(), "a scorer that is not used before (duplicate)")
}

fn weight_of(index: usize, text: &str) -> Result<f64, ConfigError> {
    let is_number = |weight: &f64| weight.is_finite() || !text.contains(|c: char| c.is_ascii_digit());
    let weight = text.parse::<f64>().ok().filter(is_number).ok_or_else(|| {
        ConfigError::invalid(format!("{PATH}[{index}].weight"), text, "a decimal number (invalid weight)")
    })?;
    positive(index, text, weight)?;
    Ok(weight)
}

fn positive(index: usize, text: &str, weight: f64) -> Result<(), ConfigError> {
    if weight.is_finite() && weight > 0.0 {
        return Ok(());
    }
    Err(ConfigError::invalid(format!("{PATH}[{index}].weight"), text, "a finite positive number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(text: &str) -> String {
        parse(text).expect_err(text).to_string()
    }

    #[test]
    fn a_list_keeps_its_order_and_ignores_white_space() {
        let scorers = parse(" queue-depth : 2 ,kv-utilization:1e-1").expect("valid");
        assert_eq!(
            scorers,
            [
                WeightedScorer { name: ScorerName::QueueDepth, weight: 2.0 },
                WeightedScorer { name: ScorerName::KvUtilization, weight: 0.1 },
            ]
        );
        assert_eq!(write(&scorers), "queue-depth:2,kv-utilization:0.1");
    }

    #[test]
    fn an_item_needs_a_colon() {
        for text in ["queue-depth", "queue-depth:1,", " ", ""] {
            assert!(rejected(text).contains("expected name:weight"), "{text}");
        }
        assert!(rejected("queue-depth").contains("queue-depth"));
        assert!(rejected("queue-depth:1,").starts_with("routing.scorers[1]"));
    }

    #[test]
    fn a_name_is_known_and_case_sensitive() {
        let message = rejected("Queue-Depth:1");
        assert!(message.contains("Queue-Depth") && message.contains("no-hit-lru"), "{message}");
        assert!(rejected("lora-affinity:1").contains("lora-affinity"));
    }

    #[test]
    fn a_name_occurs_once_and_that_is_checked_before_its_weight() {
        assert!(rejected("queue-depth:1,queue-depth:2").contains("duplicate"));
        assert!(rejected("queue-depth:1,queue-depth:x").contains("duplicate"));
    }

    #[test]
    fn a_weight_is_a_number() {
        for text in
            ["queue-depth:1:2", "queue-depth:", "queue-depth:1e999", "queue-depth:-1e999", "queue-depth:one"]
        {
            assert!(rejected(text).contains("invalid weight"), "{text}");
        }
    }

    #[test]
    fn a_weight_is_finite_and_positive() {
        for text in
            ["queue-depth:0", "queue-depth:-1", "queue-depth:nan", "queue-depth:inf", "queue-depth:-Inf"]
        {
            assert!(rejected(text).contains("a finite positive number"), "{text}");
        }
    }

    #[test]
    fn the_first_violation_from_the_left_is_reported() {
        assert!(rejected("queue-depth:0,unknown:1").starts_with("routing.scorers[0].weight"));
        assert!(rejected("unknown:0,queue-depth").starts_with("routing.scorers[0].name"));
    }

    #[test]
    fn weights_may_be_huge_but_not_their_sum() {
        let huge = parse("queue-depth:1e308,kv-utilization:1e308").expect("each weight is finite");
        let error = check(&huge).expect_err("the sum is infinite");
        assert_eq!(error.path(), "routing.scorers");
        assert!(check(&huge[..1]).is_ok());
    }

    #[test]
    fn a_typed_list_is_checked_like_a_text() {
        let scorer = |weight| WeightedScorer { name: ScorerName::QueueDepth, weight };
        assert_eq!(check(&[]).expect_err("empty").path(), "routing.scorers");
        assert_eq!(check(&[scorer(1.0), scorer(1.0)]).expect_err("twice").path(), "routing.scorers[1].name");
        assert_eq!(check(&[scorer(f64::NAN)]).expect_err("NaN").path(), "routing.scorers[0].weight");
    }
}

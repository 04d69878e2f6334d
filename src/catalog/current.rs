//! Current models that the reference's table does not have, with their layers by kind (models chapter). Made from public
//! files by the project's own reader; a test makes them again and compares.

use crate::config::Model;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Table {
    models: Vec<Model>,
}

static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let table: Table = serde_json::from_str(include_str!("current.json"))
        .expect("the bundled table of current models is valid: a unit test reads it");
    table.models.into_iter().map(named).collect()
});

/// Names follow from the id on the hub.
fn named(model: Model) -> Model {
    let title = model.hf_id.split_once('/').map_or(model.hf_id.as_str(), |(_, rest)| rest).to_owned();
    Model { name: model.hf_id.to_lowercase(), key: title.to_lowercase(), title, ..model }
}

/// Current models beside those of the reference, in the order of the table.
pub fn current_models() -> impl Iterator<Item = &'static Model> {
    MODELS.iter()
}

/// Models whose name or title has all these words, in any case of letters: those of the reference first.
pub fn search_models(words: &str) -> Vec<&'static Model> {
    let words: Vec<String> = words.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let has = |model: &&Model| {
        let text = format!("{} {}", model.name, model.title).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    super::models().chain(current_models()).filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{find_gpu, find_model, models};

    #[test]
    fn at_least_forty_five_current_models_are_found_by_any_spelling() {
        assert!(current_models().count() >= 45);
        for model in current_models() {
            for name in [&model.key, &model.name, &model.hf_id, &model.hf_id.to_uppercase()] {
                assert_eq!(find_model(name).expect(name).name, model.name);
            }
            assert!(model.architecture.is_some(), "{}", model.name);
            find_gpu(model.default_hardware.as_deref().expect("a default")).expect("a known GPU");
            assert!(model.default_tp.is_some_and(u32::is_power_of_two));
        }
    }

    #[test]
    fn no_name_hides_one_of_the_reference() {
        for model in current_models() {
            assert!(models().all(|other| other.key != model.key), "{}", model.name);
        }
        assert!(find_model("Qwen/Qwen3-30B-A3B").expect("bundled").architecture.is_none());
    }

    #[test]
    fn searching_takes_words_in_any_order() {
        let names =
            |words: &str| search_models(words).into_iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
        assert!(names("oss GPT").contains(&"openai/gpt-oss-120b"));
        assert_eq!(names("qwen3-14b"), ["qwen/qwen3-14b"]);
        assert_eq!(names("no such model"), [""; 0]);
        assert!(names("").len() > 58);
    }
}

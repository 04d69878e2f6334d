//! The user's own models (models chapter, G-1 to G-6).

use crate::config::architecture::{Architecture, MixerGroup, MixerKind};
use crate::config::{Config, Model, limits};
use crate::error::ConfigError;
use crate::text::shortened;

/// A field below the model, its value, and what is valid.
type Problem = (String, String, String);

/// Checks that a name means one model, and that every figure lies within bounds in which no formula overflows.
pub(super) fn check(config: &Config, problems: &mut Vec<ConfigError>) {
    let Some(own) = &config.model.own_models else { return };
    let models = &own.0;
    if models.len() > limits::MAX_OWN_MODELS {
        let expected = format!("at most {} models", limits::MAX_OWN_MODELS);
        problems.push(ConfigError::invalid("model.own_models", format!("{} models", models.len()), expected));
        return;
    }
    for (index, model) in models.iter().enumerate() {
        let name = model.name.to_lowercase();
        let taken = models[..index].iter().any(|earlier| earlier.name.to_lowercase() == name);
        let problem = name_problem(model, taken)
            .or_else(|| figure_problem(model))
            .or_else(|| model.architecture.as_ref().and_then(architecture_problem));
        problems.extend(problem.map(|(field, value, expected)| {
            ConfigError::invalid(format!("model.own_models[{index}].{field}"), value, expected)
        }));
    }
}

fn name_problem(model: &Model, taken: bool) -> Option<Problem> {
    let expected = if model.name.trim().is_empty() || model.name.len() > limits::MAX_NAME_BYTES {
        format!("a name of 1 to {} bytes", limits::MAX_NAME_BYTES)
    } else if taken {
        "a name that no other of the own models has, in any case of letters".to_owned()
    } else {
        return None;
    };
    Some(("name".to_owned(), format!("`{}`", shortened(&model.name)), expected))
}

fn number(field: impl Into<String>, value: f64, most: f64) -> Option<Problem> {
    let valid = (0.0..=most).contains(&value);
    (!valid).then(|| (field.into(), value.to_string(), format!("a number from 0 to {most}")))
}

/// The figures that the reference has, too.
fn figure_problem(model: &Model) -> Option<Problem> {
    let absurd = model.counts().into_iter().find(|(_, count)| !(0..=Model::LARGEST_COUNT).contains(count));
    if let Some((field, count)) = absurd {
        let expected = format!("a whole number from 0 to {}", Model::LARGEST_COUNT);
        return Some((field.to_owned(), count.to_string(), expected));
    }
    let rope = model.rope_scaling.iter().flat_map(|rope| {
        [
            ("rope_scaling.factor", rope.factor),
            ("rope_scaling.original_max_position_embeddings", rope.original_max_position_embeddings),
        ]
    });
    [
        ("bytes_per_param", model.bytes_per_param, 8.0),
        ("weight_bytes_per_param", model.weight_bytes_per_param, 8.0),
    ]
    .into_iter()
    .chain(rope.map(|(field, value)| (field, value, 1e12)))
    .find_map(|(field, value, most)| number(field, value, most))
}

fn architecture_problem(architecture: &Architecture) -> Option<Problem> {
    let layers = [
        ("layers", architecture.layers),
        ("dense_ffn_layers", architecture.dense_ffn_layers),
        ("moe_ffn_layers", architecture.moe_ffn_layers),
    ];
    let too_many = layers.into_iter().find(|(_, layers)| *layers > limits::MAX_MODEL_LAYERS);
    if let Some((field, layers)) = too_many {
        return Some(layers_problem(format!("architecture.{field}"), layers));
    }
    let most = limits::MAX_MODEL_LAYERS as usize;
    if architecture.mixers.len() > most {
        let value = format!("{} groups", architecture.mixers.len());
        return Some(("architecture.mixers".to_owned(), value, format!("at most {most} groups")));
    }
    let groups = architecture.mixers.iter().enumerate();
    parts_problem(architecture)
        .or_else(|| remarks_problem(architecture))
        .or_else(|| groups.into_iter().find_map(|(index, group)| group_problem(index, group)))
}

fn layers_problem(field: String, layers: u32) -> Problem {
    (field, layers.to_string(), format!("a whole number from 0 to {}", limits::MAX_MODEL_LAYERS))
}

fn parts_problem(architecture: &Architecture) -> Option<Problem> {
    const NAMES: [&str; 8] = ["embed", "head", "attn", "dense_ffn", "experts", "shared", "router", "other"];
    let parts = architecture.parts.all();
    let named = NAMES.iter().zip(&parts);
    let wrong = named.into_iter().find_map(|(name, part)| {
        number(format!("architecture.parts.{name}.parameters"), part.parameters, limits::MAX_MODEL_FIGURE)
    });
    let active = architecture.active_expert_parameters;
    let all = architecture.parts.experts.parameters;
    wrong.or_else(|| number("architecture.active_expert_parameters", active, all))
}

fn remarks_problem(architecture: &Architecture) -> Option<Problem> {
    let texts = [&architecture.kv_cache_format].into_iter().chain(&architecture.remarks);
    let bytes: usize = texts.map(String::len).sum();
    (bytes > limits::MAX_TEXT_BYTES).then(|| {
        let expected = format!("at most {} bytes", limits::MAX_TEXT_BYTES);
        ("architecture.remarks".to_owned(), format!("{bytes} bytes"), expected)
    })
}

fn group_problem(index: usize, group: &MixerGroup) -> Option<Problem> {
    let at = |field: &str| format!("architecture.mixers[{index}].{field}");
    if group.layers > limits::MAX_MODEL_LAYERS {
        return Some(layers_problem(at("layers"), group.layers));
    }
    let figures = [
        ("elements_per_token", group.elements_per_token),
        ("index_elements_per_token", group.index_elements_per_token),
        ("window", group.window),
        ("topk", group.topk),
        ("ratio", group.ratio),
        ("window_elements", group.window_elements),
        ("state_elements", group.state_elements),
        ("conv_elements", group.conv_elements),
        ("attn_flops_per_ctx", group.attn_flops_per_ctx),
        ("attn_flops_per_ctx_prefill", group.attn_flops_per_ctx_prefill),
        ("index_flops_per_ctx", group.index_flops_per_ctx),
        ("attn_flops_const", group.attn_flops_const),
    ];
    let wrong =
        figures.into_iter().find_map(|(field, value)| number(at(field), value, limits::MAX_MODEL_FIGURE));
    let windowed = matches!(group.kind, MixerKind::Sliding | MixerKind::Chunked | MixerKind::Window);
    let needs = |field, value: f64, needed: bool| {
        (needed && value == 0.0)
            .then(|| (at(field), "0".to_owned(), "a number above 0 in layers of this kind".to_owned()))
    };
    wrong
        .or_else(|| number(at("state_bytes_per_element"), group.state_bytes_per_element, 8.0))
        .or_else(|| needs("window", group.window, windowed))
        .or_else(|| needs("ratio", group.ratio, group.kind == MixerKind::WindowCompressed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::OwnModels;

    fn model(change: impl FnOnce(&mut Model)) -> Model {
        let group = MixerGroup { layers: 2, elements_per_token: 128.0, ..MixerGroup::default() };
        let architecture = Architecture { layers: 2, mixers: vec![group], ..Architecture::default() };
        let mut model =
            Model { name: "mine".to_owned(), architecture: Some(architecture), ..Model::default() };
        change(&mut model);
        model
    }

    fn group(change: impl FnOnce(&mut MixerGroup)) -> Model {
        model(|model| change(&mut model.architecture.as_mut().expect("one").mixers[0]))
    }

    fn problems(models: Vec<Model>) -> Vec<String> {
        let mut config = Config::default();
        config.model.own_models = Some(OwnModels(models));
        config.problems().iter().map(|problem| problem.path().to_owned()).collect()
    }

    #[test]
    fn plain_models_have_no_problem() {
        assert_eq!(problems(vec![model(|_| {})]), [""; 0]);
        let bundled = crate::catalog::models().chain(crate::catalog::current_models());
        for chunk in bundled.cloned().collect::<Vec<_>>().chunks(limits::MAX_OWN_MODELS) {
            assert_eq!(problems(chunk.to_vec()), [""; 0]);
        }
    }

    #[test]
    fn every_wrong_figure_is_named() {
        for (model, expected) in [
            (model(|it| it.name.clear()), "name"),
            (model(|it| it.name = "x".repeat(201)), "name"),
            (model(|it| it.hidden_size = -1), "hidden_size"),
            (model(|it| it.vocab_size = 1 << 40), "vocab_size"),
            (model(|it| it.bytes_per_param = f64::NAN), "bytes_per_param"),
            (model(|it| it.architecture.as_mut().expect("one").layers = 1 << 20), "architecture.layers"),
            (
                model(|it| it.architecture.as_mut().expect("one").parts.embed.parameters = -1.0),
                "architecture.parts.embed.parameters",
            ),
            (
                model(|it| it.architecture.as_mut().expect("one").active_expert_parameters = 1.0),
                "architecture.active_expert_parameters",
            ),
            (group(|it| it.layers = u32::MAX), "architecture.mixers[0].layers"),
            (group(|it| it.elements_per_token = f64::INFINITY), "architecture.mixers[0].elements_per_token"),
            (group(|it| it.kind = MixerKind::Sliding), "architecture.mixers[0].window"),
            (group(|it| it.kind = MixerKind::WindowCompressed), "architecture.mixers[0].ratio"),
            (group(|it| it.state_bytes_per_element = 9.0), "architecture.mixers[0].state_bytes_per_element"),
        ] {
            assert_eq!(problems(vec![model]), [format!("model.own_models[0].{expected}")]);
        }
    }

    #[test]
    fn names_and_numbers_of_models_are_bounded() {
        let other = model(|it| "MINE".clone_into(&mut it.name));
        assert_eq!(problems(vec![model(|_| {}), other]), ["model.own_models[1].name"]);
        let many = (0..=limits::MAX_OWN_MODELS).map(|number| model(|it| it.name = number.to_string()));
        assert_eq!(problems(many.collect()), ["model.own_models"]);
    }
}

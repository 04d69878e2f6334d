//! Files that are taken for a model's `config.json` by mistake: what they are, and which is needed.

use super::keys::WIDTHS;
use crate::error::ConfigError;
use serde_json::{Map, Value};

const NEEDED: &str =
    "needed is the file config.json of the model's own page (with hidden_size, num_hidden_layers, ...)";

/// Refuses a text that cannot be JSON for a known reason.
pub(super) fn refuse_text(text: &str) -> Result<(), ConfigError> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let what = if start.is_empty() {
        "the file is empty"
    } else if start.starts_with("version https://git-lfs") {
        "this is a pointer of git-lfs, not the file itself: fetch it with `git lfs pull` or from the model's page"
    } else if start.starts_with('<') {
        "this is a web page, not the file itself: choose `raw` or `download` beside the file"
    } else if start.starts_with("---") || start.starts_with('#') {
        "this looks like a README or YAML, not JSON"
    } else {
        return Ok(());
    };
    Err(refused(what))
}

fn refused(what: &str) -> ConfigError {
    ConfigError::malformed("model.config", format_args!("{what}; {NEEDED}"))
}

/// A file that another one is taken for, by keys that only it has.
const OTHERS: [(&[&str], &str); 16] = [
    (&["weight_map", "metadata"], "an index of weights (model.safetensors.index.json)"),
    (
        &["_class_name", "_diffusers_version"],
        "a pipeline of diffusers (model_index.json), which makes pictures",
    ),
    (&["peft_type"], "an adapter (adapter_config.json): take the config.json of its base model"),
    (
        &["quant_algo", "exclude_modules"],
        "a number format alone (hf_quant_config.json): it goes beside config.json",
    ),
    (
        &["quantization", "producer"],
        "a number format alone (hf_quant_config.json): it goes beside config.json",
    ),
    (&["added_tokens", "normalizer"], "a tokenizer (tokenizer.json)"),
    (&["tokenizer_class"], "settings of a tokenizer (tokenizer_config.json)"),
    (&["added_tokens_decoder"], "settings of a tokenizer (tokenizer_config.json)"),
    (&["chat_template"], "settings of a tokenizer (tokenizer_config.json)"),
    (&["image_processor_type"], "settings of pictures (preprocessor_config.json)"),
    (&["image_mean"], "settings of pictures (preprocessor_config.json)"),
    (&["processor_class"], "settings of inputs (processor_config.json)"),
    (&["_from_model_config"], "settings of sampling (generation_config.json)"),
    (&["do_sample"], "settings of sampling (generation_config.json)"),
    (&["n_layers", "norm_eps"], "parameters in a maker's own form (params.json)"),
    (&["train_micro_batch_size_per_gpu"], "settings of training"),
];

/// Refuses an object that is another file than a model's.
pub(super) fn refuse_object(file: &Map<String, Value>) -> Result<(), ConfigError> {
    let has_decoder = |map: &Map<String, Value>| {
        WIDTHS[..3].iter().any(|key| map.contains_key(*key)) || map.contains_key("num_hidden_layers")
    };
    let nested = || {
        file.values()
            .filter_map(Value::as_object)
            .any(|inner| has_decoder(inner) || inner.contains_key("model_type"))
    };
    if has_decoder(file) || nested() {
        return Ok(());
    }
    if let Some((_, what)) = OTHERS.iter().find(|(keys, _)| keys.iter().all(|key| file.contains_key(*key))) {
        return Err(refused(&format!("this is {what}")));
    }
    if !file.contains_key("model_type") && !file.contains_key("architectures") {
        let keys: Vec<&str> = file.keys().take(5).map(String::as_str).collect();
        let what = match keys.as_slice() {
            [] => "the object is empty".to_owned(),
            keys => format!("this is no model's config.json: its keys are {}, ...", keys.join(", ")),
        };
        return Err(refused(&what));
    }
    Ok(())
}

/// Whether a `model_type` is this one or a later or special one of it.
fn is_of(kind: &str, name: &str) -> bool {
    kind.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|it: char| it.is_ascii_alphabetic()))
}

/// Beginnings of `model_type` of encoders of text, pictures or sound.
const ENCODERS: [&str; 22] = [
    "bert",
    "roberta",
    "xlm-roberta",
    "xlm_roberta",
    "camembert",
    "distilbert",
    "modernbert",
    "nomic_bert",
    "jina_embeddings",
    "mpnet",
    "albert",
    "deberta",
    "electra",
    "clip",
    "chinese_clip",
    "siglip",
    "vit",
    "dinov2",
    "dinov3",
    "wav2vec2",
    "hubert",
    "whisper",
];

/// Refuses models that are no decoders of text, by what they say of themselves.
pub(super) fn refuse_kind(file: &Map<String, Value>) -> Result<(), ConfigError> {
    let classes = file.get("architectures").and_then(Value::as_array).into_iter().flatten();
    for class in classes.filter_map(Value::as_str) {
        let endings =
            ["ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForImageClassification"];
        if endings.iter().any(|ending| class.ends_with(ending)) {
            let expected =
                "a model that writes text token by token (...ForCausalLM, ...ForConditionalGeneration)";
            return Err(ConfigError::invalid("model.config.architectures", format!("`{class}`"), expected));
        }
    }
    let kind = file.get("model_type").and_then(Value::as_str).unwrap_or_default();
    let writes = || {
        let classes = file.get("architectures").and_then(Value::as_array).into_iter().flatten();
        classes.filter_map(Value::as_str).any(|class| class.ends_with("ForCausalLM"))
    };
    if ENCODERS.iter().any(|name| is_of(kind, name)) && !writes() {
        let expected = "a model that writes text token by token: this is an encoder";
        return Err(ConfigError::invalid("model.config.model_type", format!("`{kind}`"), expected));
    }
    Ok(())
}

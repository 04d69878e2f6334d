//! Number formats by part (models chapter, G-5).

use super::decoder::parts_of;
use super::expression::Steps;
use super::formats::{self, of_algorithm, of_group, of_method};
use super::keys::Keys;
use super::modules::{DENSE, EXPERTS, EXPERTS_BESIDE, Entry, MIXERS, Names, SHARED};
use crate::config::architecture::{Part, Parts, WeightFormat};
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Most comparisons of an entry with a layer: the largest real files need three thousand.
const MOST_COMPARISONS: usize = 30_000;

/// Keys of lists of modules that stay as they are.
const LEFT: [&str; 6] = [
    "ignore",
    "exclude_modules",
    "modules_to_not_convert",
    "ignored_layers",
    "exclude",
    "llm_int8_skip_modules",
];

/// Where the weights of the parts lie, by layer.
#[derive(Default)]
pub(super) struct Weights {
    pub mixers: Vec<(u32, f64)>,
    pub dense: Vec<(u32, f64)>,
    pub experts: Vec<u32>,
}

/// What a block says.
#[derive(Default)]
struct Block {
    /// What holds where nothing else is said.
    default: Option<WeightFormat>,
    /// Modules with a format of their own, in order.
    own: Vec<(Entry, WeightFormat)>,
    /// Modules that stay as they are.
    left: Vec<Entry>,
}

/// The block of the file, else of the file beside it.
fn block<'a>(keys: &Keys<'a>, beside: Option<&'a Map<String, Value>>) -> Option<&'a Map<String, Value>> {
    let own = keys.first(&["quantization_config", "compression_config"]).map(|(_, value)| value);
    if let Some(Value::String(text)) = own {
        keys.remark(format_args!("the quantization_config `{text}` is no object: it is left out"));
    }
    let own = own.and_then(Value::as_object).filter(|block| !block.is_empty());
    let of_mlx =
        || keys.get("quantization").and_then(Value::as_object).filter(|it| formats::has_bits_alone(it));
    own.or_else(of_mlx).or(beside)
}

/// Number format of the KV cache that the file names; empty if it names none.
pub(super) fn kv_cache_format(keys: &Keys, beside: Option<&Map<String, Value>>) -> String {
    let Some(block) = block(keys, beside) else { return String::new() };
    let said = ["kv_cache_quant_algo", "kv_cache_scheme"]
        .iter()
        .find_map(|key| block.get(*key).filter(|it| !it.is_null()));
    match said {
        Some(Value::String(name)) if name.to_ascii_uppercase().contains("FP8") => "fp8".to_owned(),
        Some(Value::String(name)) if ["NONE", "AUTO", ""].contains(&name.to_ascii_uppercase().as_str()) => {
            String::new()
        }
        Some(Value::String(name)) => name.to_ascii_lowercase(),
        Some(scheme) => match (scheme["num_bits"].as_f64(), scheme["type"].as_str()) {
            (Some(8.0), Some("int")) => "int8".to_owned(),
            (Some(8.0), _) => "fp8".to_owned(),
            (Some(4.0), Some("float")) => "nvfp4".to_owned(),
            _ => String::new(),
        },
        None => String::new(),
    }
}

/// Gives the parts their formats.
pub(super) fn apply(
    keys: &Keys,
    beside: Option<&Map<String, Value>>,
    weights: &Weights,
    parts: &mut Parts,
) -> Result<(), ConfigError> {
    let plain = WeightFormat::default();
    let steps = Steps::default();
    let block = block(keys, beside);
    let read = block.map(|block| read(keys, block)).unwrap_or_default();
    let is_both = weights.dense.iter().any(|(layer, _)| weights.experts.binary_search(layer).is_ok());
    let names_of_experts = if is_both { &EXPERTS_BESIDE } else { &EXPERTS };
    if read.default.is_some() || !read.own.is_empty() {
        let mut work = Work { keys, read: &read, plain, comparisons: 0, steps: &steps };
        let experts: Vec<(u32, f64)> = weights.experts.iter().map(|layer| (*layer, 1.0)).collect();
        work.give(&mut parts.attn, "attention", &MIXERS, &weights.mixers)?;
        work.give(&mut parts.dense_ffn, "dense MLPs", &DENSE, &weights.dense)?;
        work.give(&mut parts.experts, "experts", names_of_experts, &experts)?;
        work.give(&mut parts.shared, "shared experts", &SHARED, &experts)?;
        if let Some((_, format)) = read.own.iter().find(|(entry, _)| entry.means_head(&steps)) {
            parts.head.format = *format;
        }
        // Tools that name bits and no method (MLX) reduce embedding and head, too.
        if let Some(format) = read.default.filter(|_| block.is_some_and(formats::has_bits_alone)) {
            (parts.embed.format, parts.head.format) = (format, format);
        }
    }
    let own_experts = read.own.iter().any(|(entry, _)| entry.means(names_of_experts, 0, 0, &steps));
    if keys.text(&["expert_dtype"]) == Some("fp4") && !own_experts && parts.experts.parameters > 0.0 {
        parts.experts.format = WeightFormat::Mxfp4;
    }
    // What is not there has no format.
    parts_of(parts)
        .into_iter()
        .filter(|part| part.parameters == 0.0)
        .for_each(|part| *part = Part::default());
    Ok(())
}

fn read(keys: &Keys, block: &Map<String, Value>) -> Block {
    let mut read = Block { default: of_method(keys, block), ..Block::default() };
    let algorithm = block.get("quant_algo").and_then(Value::as_str).unwrap_or_default();
    let group = block.get("group_size").and_then(Value::as_f64);
    let mixed = algorithm.eq_ignore_ascii_case("MIXED_PRECISION");
    if let Some(format) = of_algorithm(keys, algorithm, group) {
        read.default = Some(format);
    }
    let listed = block.get("quantized_layers").and_then(Value::as_object);
    if mixed && let Some(layers) = listed {
        for (name, layer) in layers {
            let algorithm = layer["quant_algo"].as_str().unwrap_or_default();
            let format = of_algorithm(keys, algorithm, layer["group_size"].as_f64());
            let entry = entry(keys, name);
            read.own.extend(entry.zip(format));
        }
        // What is left out of the listed formats keeps the one of the method.
        return read;
    }
    if algorithm.is_empty() || mixed {
        add_groups(keys, block, &mut read);
    }
    if formats::has_bits_alone(block) {
        let modules = block.iter().filter_map(|(name, of_module)| Some((name, of_module.as_object()?)));
        for (name, of_module) in modules.filter(|(_, of_module)| formats::has_bits_alone(of_module)) {
            read.own.extend(entry(keys, name).zip(of_method(keys, of_module)));
        }
    }
    let says = ["quant_method", "quant_algo", "config_groups", "quantized_layers", "bits"];
    if !says.iter().any(|key| block.contains_key(*key)) {
        keys.remark(
            "the quantization_config names no method that is known: all weights are counted with 16 bits",
        );
    }
    for key in LEFT {
        let names = block.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        read.left.extend(names.filter_map(|name| entry(keys, name)));
    }
    let excepted = block.get("dynamic").and_then(Value::as_object).into_iter().flatten();
    read.left.extend(
        excepted.filter(|(name, _)| name.starts_with("-:")).filter_map(|(name, _)| entry(keys, name)),
    );
    read
}

fn entry(keys: &Keys, text: &str) -> Option<Entry> {
    if Entry::is_another_expert(text) {
        return None;
    }
    let entry = Entry::parse(text);
    if entry.is_none() {
        keys.remark(format_args!(
            "the expression `{text}` of the quantisation is not understood and left out"
        ));
    }
    entry
}

/// `config_groups`: a format for all linear layers, or for the modules that it names.
fn add_groups(keys: &Keys, block: &Map<String, Value>, read: &mut Block) {
    let groups = block.get("config_groups").and_then(Value::as_object).into_iter().flatten();
    for (_, group) in groups {
        let Some(format) = group["weights"].as_object().and_then(|weights| of_group(keys, weights)) else {
            continue;
        };
        let targets: Vec<&str> =
            group["targets"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // Classes are named like `Linear`, modules like `layers.0.mlp`.
        let is_class = |name: &&str| name.starts_with(|it: char| it.is_ascii_uppercase());
        if targets.is_empty() || targets.iter().any(is_class) {
            read.default = read.default.or(Some(format));
        }
        let modules = targets.into_iter().filter(|name| !is_class(name));
        read.own.extend(modules.filter_map(|name| Some((entry(keys, name)?, format))));
    }
}

struct Work<'a, 'k> {
    keys: &'a Keys<'k>,
    read: &'a Block,
    plain: WeightFormat,
    comparisons: usize,
    steps: &'a Steps,
}

impl Work<'_, '_> {
    /// Gives a part the format that most of its weights have.
    fn give(
        &mut self,
        part: &mut Part,
        what: &str,
        names: &Names,
        layers: &[(u32, f64)],
    ) -> Result<(), ConfigError> {
        let default = self.read.default.unwrap_or(self.plain);
        let mut formats = vec![[default; 3]; layers.len()];
        for (entry, format) in &self.read.own {
            self.set(entry, *format, names, layers, &mut formats)?;
        }
        for entry in &self.read.left {
            self.set(entry, self.plain, names, layers, &mut formats)?;
        }
        let mut sums: Vec<(WeightFormat, f64)> = Vec::new();
        for (thirds, (_, weight)) in formats.iter().zip(layers) {
            for format in thirds {
                match sums.iter_mut().find(|(other, _)| other == format) {
                    Some((_, sum)) => *sum += weight,
                    None => sums.push((*format, *weight)),
                }
            }
        }
        let all: f64 = sums.iter().map(|(_, sum)| sum).sum();
        let most = sums.iter().copied().reduce(|best, other| if other.1 > best.1 { other } else { best });
        if let Some((format, sum)) = most {
            part.format = format;
            if sum < 0.9 * all {
                let others = libm::round(100.0 * (1.0 - sum / all));
                self.keys.remark(format_args!(
                    "{what} have several number formats: counted as the most frequent, {others} % have others"
                ));
            }
        }
        Ok(())
    }

    fn set(
        &mut self,
        entry: &Entry,
        format: WeightFormat,
        names: &Names,
        layers: &[(u32, f64)],
        formats: &mut [[WeightFormat; 3]],
    ) -> Result<(), ConfigError> {
        let only = entry.layer();
        let mut means = None;
        for ((layer, _), thirds) in layers.iter().zip(formats) {
            if only.is_some_and(|only| only != *layer) {
                continue;
            }
            let now = match means {
                Some(known) if !entry.depends_on_the_layer() => known,
                _ => {
                    self.comparisons += 1;
                    if self.comparisons > MOST_COMPARISONS || self.steps.are_used_up() {
                        let expected =
                            format!("at most {MOST_COMPARISONS} pairs of a module's name and a layer");
                        return Err(self.keys.wrong("quantization_config", "more", expected));
                    }
                    [0, 1, 2].map(|third| entry.means(names, third, *layer, self.steps))
                }
            };
            means = Some(now);
            for (third, format_of_third) in thirds.iter_mut().enumerate() {
                if now[third] {
                    *format_of_third = format;
                }
            }
        }
        Ok(())
    }
}

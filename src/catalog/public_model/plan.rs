//! What each layer is (models chapter, G-3).

use super::feed_forward;
use super::keys::{Keys, shown};
use super::sizes::Sizes;
use crate::error::ConfigError;
use serde_json::Value;

/// How a layer mixes tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mixer {
    /// Attention to everything before; compressed entries if the model has them.
    Full,
    /// Attention to the last tokens.
    Sliding,
    /// Attention within a chunk.
    Chunked,
    /// The last tokens, and an entry per `ratio` tokens; 0 = the last tokens only.
    Compressed { ratio: f64 },
    /// Gated delta net.
    DeltaNet,
    /// Kimi delta attention.
    KimiDelta,
    /// Linear attention with a decay per head.
    Lightning,
    /// A state space of the second kind.
    Mamba2,
    /// A state space of the first kind.
    Mamba1,
    /// A short convolution with gates.
    Convolution,
    /// A matrix in the place of attention.
    Matrix,
}

/// What follows the mixer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct FeedForward {
    /// Width of a dense MLP; 0 = none.
    pub dense: f64,
    /// Whether there are routed experts.
    pub moe: bool,
    /// A matrix in the place of an MLP.
    pub matrix: bool,
}

/// One layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layer {
    /// One, none, or two side by side.
    pub mixers: Vec<Mixer>,
    pub feed_forward: FeedForward,
    /// Query heads, where layers differ.
    pub queries: Option<f64>,
    /// Key and value heads, where layers differ.
    pub kv_heads: Option<f64>,
    /// Whether the layer uses the keys and values of an earlier one.
    pub shares_kv: bool,
    /// Whether mixer and FFN are layers of their own, with one norm.
    pub single: bool,
    /// Whether an indexer of its own chooses the tokens.
    pub indexer: bool,
}

/// What `layer_types` calls attention to the blocks that an indexer chooses.
pub(super) const BLOCK_SPARSE: &str = "minimax_m3_sparse";

/// The layers of the decoder in order.
pub(super) fn layers(keys: &Keys, sizes: &Sizes) -> Result<Vec<Layer>, ConfigError> {
    let mut layers = match blocks(keys, sizes)? {
        Some(blocks) => blocks,
        None => match replaced(keys, sizes)? {
            Some(layers) => layers,
            None => mixed(keys, sizes)?,
        },
    };
    let indexed = keys.get("index_n_heads").is_some();
    let own = keys.list("indexer_types");
    // Block-sparse attention: an indexer chooses blocks, in the layers marked with 1.
    let block_sparse = keys.list("sparse_attention_config.sparse_attention_freq");
    let words = keys.list("layer_types").filter(|words| words.iter().any(|word| *word == BLOCK_SPARSE));
    let per_layer = keys.list("num_attention_heads_per_layer");
    let shared = keys.size_or_0(&["num_kv_shared_layers"])? as usize;
    let sharing = if keys.says("use_cla") { keys.size_or_0(&["cla_share_factor"])? as usize } else { 0 };
    let count = layers.len();
    for (at, layer) in layers.iter_mut().enumerate() {
        layer.indexer = indexed
            && own.is_none_or(|list| list.get(at).and_then(Value::as_str).is_none_or(|it| it == "full"));
        if let Some(marks) = block_sparse {
            layer.indexer = marks.get(at).and_then(Value::as_f64).is_some_and(|mark| mark > 0.0);
        } else if let Some(words) = words {
            layer.indexer = words.get(at).is_some_and(|word| *word == BLOCK_SPARSE);
        }
        if let Some(value) = per_layer.and_then(|list| list.get(at)) {
            layer.queries = Some(keys.number("num_attention_heads_per_layer", value)?);
        }
        layer.shares_kv = at + shared >= count || (sharing > 1 && at % sharing != 0);
        if layer.shares_kv && keys.says("use_double_wide_mlp") {
            layer.feed_forward.dense *= 2.0;
        }
    }
    Ok(layers)
}

/// Files that list blocks, each a mixer or an FFN.
fn blocks(keys: &Keys, sizes: &Sizes) -> Result<Option<Vec<Layer>>, ConfigError> {
    let (key, words): (_, Vec<&str>) = if let Some(pattern) = keys.text(&["hybrid_override_pattern"]) {
        let letters = pattern.char_indices().map(|(at, letter)| &pattern[at..at + letter.len_utf8()]);
        ("hybrid_override_pattern", letters.collect())
    } else if let Some(list) = keys.list("layers_block_type") {
        ("layers_block_type", list.iter().map(|word| word.as_str().unwrap_or_default()).collect())
    } else {
        return Ok(None);
    };
    let block = |word: &str| -> Result<Layer, ConfigError> {
        let single = |mixers, feed_forward| Layer { mixers, feed_forward, single: true, ..Layer::default() };
        Ok(match word {
            "M" | "mamba" | "mamba2" | "linear_attention" => {
                single(vec![Mixer::Mamba2], FeedForward::default())
            }
            "*" | "attention" | "full_attention" => single(vec![Mixer::Full], FeedForward::default()),
            "E" | "moe" if sizes.experts.is_some() => {
                single(vec![], FeedForward { moe: true, ..FeedForward::default() })
            }
            "-" | "mlp" => {
                single(vec![], FeedForward { dense: sizes.dense(keys)?, ..FeedForward::default() })
            }
            other => {
                let expected =
                    "a kind that is known: M or mamba, * or attention, E or moe (with experts), - or mlp";
                return Err(keys.wrong(key, format_args!("`{other}`"), expected));
            }
        })
    };
    let count = sizes.layers.min(words.len());
    if count < sizes.layers {
        return Err(too_short(keys, key, words.len(), sizes.layers));
    }
    words[..count].iter().map(|word| block(word)).collect::<Result<_, _>>().map(Some)
}

fn too_short(keys: &Keys, key: &str, length: usize, layers: usize) -> ConfigError {
    keys.wrong(key, format_args!("{length} entries"), format_args!("one for each of the {layers} layers"))
}

/// Files that say for each layer what was cut out of it.
fn replaced(keys: &Keys, sizes: &Sizes) -> Result<Option<Vec<Layer>>, ConfigError> {
    const KEY: &str = "block_configs";
    let Some(list) = keys.list(KEY) else { return Ok(None) };
    if list.len() < sizes.layers {
        return Err(too_short(keys, KEY, list.len(), sizes.layers));
    }
    let heads = sizes.attention(keys)?;
    let layer = |block: &Value| -> Result<Layer, ConfigError> {
        let says = |part: &str, key: &str| block[part][key].as_bool() == Some(true);
        let mut layer = Layer::default();
        if says("attention", "replace_with_linear") {
            layer.mixers.push(Mixer::Matrix);
        } else if !says("attention", "no_op") {
            layer.mixers.push(Mixer::Full);
            let groups = &block["attention"]["n_heads_in_group"];
            let kv = match (&block["attention"]["num_key_value_heads"], groups) {
                (Value::Null, Value::Null) => heads.kv,
                (Value::Null, groups) => heads.queries / keys.number(KEY, groups)?.max(1.0),
                (kv, _) => keys.number(KEY, kv)?,
            };
            layer.kv_heads = Some(libm::floor(kv).max(1.0));
        }
        if says("ffn", "replace_with_linear") {
            layer.feed_forward.matrix = true;
        } else if !says("ffn", "no_op") {
            let factor = block["ffn"]["ffn_mult"].as_f64();
            layer.feed_forward.dense = match (factor, &block["ffn"]["intermediate_size"]) {
                (_, width @ Value::Number(_)) => keys.number(KEY, width)?,
                (Some(factor), _) if factor > 0.0 && factor <= 1024.0 => {
                    let width = libm::trunc(2.0 * factor * sizes.width / 3.0);
                    libm::ceil(width / 256.0) * 256.0
                }
                (_, _) => {
                    let value = shown(&block["ffn"]["ffn_mult"]);
                    return Err(keys.wrong(KEY, value, "an ffn_mult above 0, at most 1024, in every layer"));
                }
            };
        }
        Ok(layer)
    };
    list[..sizes.layers].iter().map(layer).collect::<Result<_, _>>().map(Some)
}

/// Files whose layers have a mixer and an FFN each.
fn mixed(keys: &Keys, sizes: &Sizes) -> Result<Vec<Layer>, ConfigError> {
    let mixers = super::mixers::of_layers(keys, sizes)?;
    let feed_forwards = feed_forward::of_layers(keys, sizes)?;
    let layers = mixers.into_iter().zip(feed_forwards);
    Ok(layers.map(|(mixers, feed_forward)| Layer { mixers, feed_forward, ..Layer::default() }).collect())
}

/// The entries of a list with one for each layer; what goes beyond belongs to draft layers.
pub(super) fn per_layer<'a>(
    keys: &Keys<'a>,
    key: &str,
    layers: usize,
) -> Result<Option<&'a [Value]>, ConfigError> {
    let Some(list) = keys.list(key) else { return Ok(None) };
    if list.len() < layers {
        return Err(too_short(keys, key, list.len(), layers));
    }
    Ok(Some(&list[..layers]))
}

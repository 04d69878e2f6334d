//! What the layers of a model are, by kind (models chapter, G-3 to G-7). Not in BLIS.

use serde::{Deserialize, Serialize};

/// The layers of a model and its parameters by part, as read from its public configuration. Without vision or audio
/// towers and without draft layers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Architecture {
    /// Layers of the decoder, where a mixer and a feed-forward block may be a layer each; 0 = as many as the mixers or the
    /// feed-forward layers, whichever are more.
    pub layers: u32,
    /// Width of the residual stream; 0 = as the model's `hidden_size`.
    pub hidden_size: u32,
    /// Longest sequence in tokens, after scaling; 0 = as the model's own fields say.
    pub max_length: u32,
    /// Layers that mix tokens, those of one kind and size together (G-3, G-6).
    pub mixers: Vec<MixerGroup>,
    /// Layers with a dense MLP.
    pub dense_ffn_layers: u32,
    /// Layers with routed experts. A layer may have both.
    pub moe_ffn_layers: u32,
    /// Parameters and number formats (G-4, G-5).
    pub parts: Parts,
    /// Parameters of the routed experts that one token uses, in all layers.
    pub active_expert_parameters: f64,
    /// Number format of the KV cache that the file names, such as `fp8`; empty = as activations.
    pub kv_cache_format: String,
    /// Whether the reference refuses the file for its form alone, such as JSON with `Infinity`.
    pub not_in_reference: bool,
    /// What was assumed or left out in reading the file, a sentence each, without a dot.
    pub remarks: Vec<String>,
}

/// The parameters of a model by part (G-4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Parts {
    /// Input embedding.
    pub embed: Part,
    /// Output head; 0 if it is the embedding.
    pub head: Part,
    /// Mixers: attention, linear attention, state spaces, indexers.
    pub attn: Part,
    /// Dense MLPs.
    pub dense_ffn: Part,
    /// All routed experts.
    pub experts: Part,
    /// Shared experts.
    pub shared: Part,
    /// Routers.
    pub router: Part,
    /// Norms and the like.
    pub other: Part,
}

/// One part of the parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Part {
    /// How many.
    pub parameters: f64,
    /// How each is stored.
    pub format: WeightFormat,
}

/// How a parameter is stored (G-5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum WeightFormat {
    /// 32 bits.
    Fp32,
    /// 16 bits, `float16` included.
    #[default]
    Bf16,
    /// 8 bits, one scale per matrix or row.
    Fp8,
    /// 8 bits, scales of 4 bytes per block of 128 × 128.
    #[serde(rename = "fp8-block128")]
    Fp8Block128,
    /// 8 bits, scales of 1 byte per block of 128 × 128.
    #[serde(rename = "fp8-block128-ue8m0")]
    Fp8Block128Ue8m0,
    /// 8 bits, scales of 1 byte per 32.
    Mxfp8,
    /// 4 bits, scales of 1 byte per 16.
    Nvfp4,
    /// 4 bits, scales of 1 byte per 32.
    Mxfp4,
    /// 8-bit integers.
    Int8,
    /// 4-bit integers, scales of 2 bytes per 32.
    #[serde(rename = "int4-g32")]
    Int4G32,
    /// 4-bit integers, scales of 2 bytes per 64.
    #[serde(rename = "int4-g64")]
    Int4G64,
    /// 4-bit integers, scales of 2 bytes per 128.
    #[serde(rename = "int4-g128")]
    Int4G128,
}

impl WeightFormat {
    /// Bytes of a parameter, its share of the scales included (G-5).
    pub const fn bytes(self) -> f64 {
        match self {
            Self::Fp32 => 4.0,
            Self::Bf16 => 2.0,
            Self::Fp8 | Self::Int8 => 1.0,
            Self::Fp8Block128 => 1.0 + 4.0 / 16_384.0,
            Self::Fp8Block128Ue8m0 => 1.0 + 1.0 / 16_384.0,
            Self::Mxfp8 => 1.0 + 1.0 / 32.0,
            Self::Nvfp4 | Self::Int4G32 => 0.5 + 1.0 / 16.0,
            Self::Mxfp4 | Self::Int4G64 => 0.5 + 1.0 / 32.0,
            Self::Int4G128 => 0.5 + 2.0 / 128.0,
        }
    }
}

impl Parts {
    /// All of them, in the order of the fields.
    pub const fn all(&self) -> [Part; 8] {
        let Self { embed, head, attn, dense_ffn, experts, shared, router, other } = *self;
        [embed, head, attn, dense_ffn, experts, shared, router, other]
    }

    /// How many parameters there are.
    pub fn parameters(&self) -> f64 {
        self.all().iter().map(|part| part.parameters).sum()
    }

    /// Bytes of the weights.
    pub fn bytes(&self) -> f64 {
        self.all().iter().map(Part::bytes).sum()
    }
}

impl Part {
    /// Bytes that it takes.
    pub const fn bytes(&self) -> f64 {
        self.parameters * self.format.bytes()
    }
}

/// Layers of one kind and size that mix tokens (G-6, G-7.1). What a kind does not have is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct MixerGroup {
    /// The kind.
    pub kind: MixerKind,
    /// How many layers.
    pub layers: u32,
    /// Key and value heads, which GPUs beyond that number repeat; 0 = as the model's `num_key_value_heads`. Not for compressed
    /// entries, which every GPU holds.
    pub kv_heads: u32,
    /// Elements of the KV cache per token and layer that grow with the context.
    pub elements_per_token: f64,
    /// Elements of the indexer's keys per token and layer.
    pub index_elements_per_token: f64,
    /// Tokens that a layer looks back; 0 = all.
    pub window: f64,
    /// Most tokens that the indexer chooses; 0 = all.
    pub topk: f64,
    /// Tokens per compressed entry; 0 = not compressed.
    pub ratio: f64,
    /// Elements per token and layer in the window, beside compressed entries.
    pub window_elements: f64,
    /// Elements of the recurrent state per sequence and layer.
    pub state_elements: f64,
    /// Elements of the convolution's state per sequence and layer.
    pub conv_elements: f64,
    /// Bytes of an element of the recurrent state.
    pub state_bytes_per_element: f64,
    /// FLOPs per new token and visible token.
    pub attn_flops_per_ctx: f64,
    /// The same in prefill; 0 = no other.
    pub attn_flops_per_ctx_prefill: f64,
    /// FLOPs of the indexer per new token and token present.
    pub index_flops_per_ctx: f64,
    /// FLOPs per new token, whatever the context.
    pub attn_flops_const: f64,
}

/// How a layer mixes tokens (G-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum MixerKind {
    /// Every token sees all before it.
    #[default]
    Full,
    /// A token sees the last ones.
    Sliding,
    /// A token sees those of its chunk.
    Chunked,
    /// Compressed entries (MLA), with or without an indexer.
    Mla,
    /// The last tokens, and compressed entries of all.
    WindowCompressed,
    /// The last tokens, in a model with compressed entries.
    Window,
    /// Linear attention: a state of fixed size.
    Linear,
    /// A state space (Mamba-2).
    Mamba2,
}

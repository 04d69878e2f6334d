//! The architecture of a model, as the formulas need it.

use super::architecture::Architecture;
use serde::{Deserialize, Serialize};

/// Architecture of a model (latency chapter, L-3). A count of 0 means that the model has no such thing.
///
/// The counts are signed because a user's file may hold anything; what is valid is decided where a count
/// is used (L-7, K-5).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Model {
    /// Short name, the key of the table.
    #[serde(skip)]
    pub key: String,
    /// For people.
    pub title: String,
    /// The name to give as the model, in lower case.
    pub name: String,
    /// Id on the public hub.
    pub hf_id: String,
    /// Architecture family, as in the public configuration.
    pub model_type: String,
    /// Type of activations and KV elements, as in the public configuration.
    pub dtype: String,
    /// Parameter count by the formula of K-2; not given for a user's model.
    pub parameters: Option<i64>,
    /// Layers, L.
    pub num_hidden_layers: i64,
    /// Width of the residual stream, d.
    pub hidden_size: i64,
    /// Query heads, H.
    pub num_attention_heads: i64,
    /// Key and value heads; 0 = as many as query heads. See [`Model::kv_heads`].
    pub num_key_value_heads: i64,
    /// Declared head width; 0 = hidden size / heads. For the block count only.
    pub head_dim: i64,
    /// Width of the compressed KV entry (MLA). For the block count only.
    pub kv_lora_rank: i64,
    /// Width of the rotary part beside it. For the block count only.
    pub qk_rope_head_dim: i64,
    /// FFN width, f.
    pub intermediate_size: i64,
    /// Routed experts, N; fewer than 2 = dense.
    pub num_local_experts: i64,
    /// Routed experts per token, k.
    pub num_experts_per_tok: i64,
    /// FFN width of one routed expert; 0 = f.
    pub moe_intermediate_size: i64,
    /// Total FFN width of the shared experts of a layer, f_s.
    pub shared_expert_intermediate_size: i64,
    /// Shared experts that the public configuration names. Used only to recognise a model as MoE (K-1).
    pub n_shared_experts: i64,
    /// Dense layers before each MoE layer, z; 0 = not interleaved. For the step time only.
    pub interleave_moe_layer_step: i64,
    /// FFN width of a dense layer of a MoE model; 0 = f.
    pub intermediate_size_mlp: i64,
    /// Dense layers in front of the MoE layers. For the block count only.
    pub first_k_dense_replace: i64,
    /// Vocabulary. For the block count only.
    pub vocab_size: i64,
    /// Bytes of an activation or KV element, b_a; 0 = unknown type.
    pub bytes_per_param: f64,
    /// Bytes of a quantised weight; 0 = as an activation. See [`Model::weight_bytes`].
    pub weight_bytes_per_param: f64,
    /// Activation function. For the block count only.
    pub hidden_act: String,
    /// Whether input and output embedding are the same matrix. For the block count only.
    pub tie_word_embeddings: bool,
    /// Longest sequence before scaling; 0 = unlimited.
    pub max_position_embeddings: i64,
    /// How the longest sequence is scaled.
    pub rope_scaling: Option<RopeScaling>,
    /// TP values among 1, 2, 4, 8 that trained-physics accepts; empty for a user's model.
    pub tp_trained_physics: Vec<u32>,
    /// TP values among 1, 2, 4, 8 that roofline accepts; empty for a user's model.
    pub tp_roofline: Vec<u32>,
    /// Default GPU of the catalogue.
    pub default_hardware: Option<String>,
    /// Default TP of the catalogue.
    pub default_tp: Option<u32>,
    /// The layers by kind (models chapter, G-3 to G-6); none for the models that are known only as the reference has them.
    pub architecture: Option<Architecture>,
}

/// Scaling of the rotary position embedding (kv-capacity chapter, K-6). A number that is not given is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RopeScaling {
    /// Kind of scaling (`yarn`, `llama3`, ...); may be empty.
    #[serde(rename = "type")]
    pub kind: String,
    /// Factor on the sequence length.
    pub factor: f64,
    /// Sequence length before scaling, for `yarn`.
    pub original_max_position_embeddings: f64,
}

impl Model {
    /// Largest count that a formula accepts: far above any model, and low enough that no product overflows.
    pub const LARGEST_COUNT: i64 = 1 << 30;

    /// K: key and value heads.
    pub fn kv_heads(&self) -> i64 {
        if self.num_key_value_heads == 0 { self.num_attention_heads } else { self.num_key_value_heads }
    }

    /// b_w: bytes of a weight.
    pub fn weight_bytes(&self) -> f64 {
        if self.weight_bytes_per_param > 0.0 { self.weight_bytes_per_param } else { self.bytes_per_param }
    }

    /// Whether layers have routed experts to choose from.
    pub fn is_moe(&self) -> bool {
        self.num_local_experts >= 2
    }

    /// Whether dense and MoE layers alternate.
    pub fn is_interleaved(&self) -> bool {
        self.is_moe() && self.interleave_moe_layer_step > 0
    }

    /// Whether KV entries are compressed (MLA), so that they are as wide as they are on every GPU.
    pub fn has_compressed_kv(&self) -> bool {
        self.kv_lora_rank > 0
    }

    /// L_m: MoE layers as the step time counts them.
    pub fn moe_layers(&self) -> i64 {
        if !self.is_moe() {
            0
        } else if self.is_interleaved() {
            self.num_hidden_layers / self.interleave_moe_layer_step.saturating_add(1)
        } else {
            self.num_hidden_layers
        }
    }

    /// L_d: dense layers as the step time counts them.
    pub fn dense_layers(&self) -> i64 {
        self.num_hidden_layers.saturating_sub(self.moe_layers())
    }

    /// Whether the file mentions experts without a usable count, so that weights cannot be estimated (K-1, rule 3).
    pub fn expert_count_is_missing(&self) -> bool {
        !self.is_moe() && (self.n_shared_experts > 0 || self.num_experts_per_tok > 0)
    }

    /// Every count that enters a formula, by its name in the file.
    pub(crate) fn counts(&self) -> [(&'static str, i64); 16] {
        [
            ("num_hidden_layers", self.num_hidden_layers),
            ("hidden_size", self.hidden_size),
            ("num_attention_heads", self.num_attention_heads),
            ("num_key_value_heads", self.num_key_value_heads),
            ("head_dim", self.head_dim),
            ("kv_lora_rank", self.kv_lora_rank),
            ("qk_rope_head_dim", self.qk_rope_head_dim),
            ("intermediate_size", self.intermediate_size),
            ("num_local_experts", self.num_local_experts),
            ("num_experts_per_tok", self.num_experts_per_tok),
            ("moe_intermediate_size", self.moe_intermediate_size),
            ("shared_expert_intermediate_size", self.shared_expert_intermediate_size),
            ("interleave_moe_layer_step", self.interleave_moe_layer_step),
            ("intermediate_size_mlp", self.intermediate_size_mlp),
            ("first_k_dense_replace", self.first_k_dense_replace),
            ("vocab_size", self.vocab_size),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::find_model;

    #[test]
    fn qwen3_14b_is_dense_in_all_layers() {
        let model = find_model("qwen3-14b").expect("bundled");
        assert_eq!((model.moe_layers(), model.dense_layers(), model.kv_heads()), (0, 40, 8));
        assert_eq!(model.weight_bytes(), 2.0);
    }

    #[test]
    fn scout_alternates_dense_and_expert_layers_and_has_one_byte_weights() {
        let model = find_model("llama-4-scout-17b-16e-instruct-fp8-dynamic").expect("bundled");
        assert_eq!((model.moe_layers(), model.dense_layers()), (24, 24));
        assert_eq!((model.weight_bytes(), model.bytes_per_param), (1.0, 2.0));
    }

    #[test]
    fn missing_kv_heads_mean_one_per_query_head() {
        let model = super::Model { num_attention_heads: 7, ..Default::default() };
        assert_eq!(model.kv_heads(), 7);
    }

    #[test]
    fn experts_per_token_without_an_expert_count_leave_the_weights_unknown() {
        let model = super::Model { num_experts_per_tok: 2, ..Default::default() };
        assert!(model.expert_count_is_missing());
        assert!(!find_model("mixtral-8x7b-v0.1").expect("bundled").expert_count_is_missing());
    }
}

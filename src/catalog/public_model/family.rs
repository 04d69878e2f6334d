//! What families of models leave unsaid in their files (models chapter, G-2.1): public facts about their classes.

use super::keys::Keys;

/// Normalisation of queries and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QkNorm {
    /// None with parameters.
    None,
    /// One weight per element of a head.
    PerHead,
    /// One weight per element of all heads.
    Whole,
}

/// What a family does that its files do not say.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a habit by itself")]
pub(super) struct Family {
    /// The embedding is the output head where the file does not say.
    pub tied: bool,
    /// Normalisation of queries and keys where the file does not say.
    pub qk_norm: QkNorm,
    /// Norms per layer with a mixer and an FFN.
    pub norms: f64,
    /// Whether the matrices of queries, keys and values have biases where the file does not say.
    pub qkv_bias: bool,
    /// Whether `attention_bias` means the output matrix, too.
    pub output_bias: bool,
    /// Whether an MLP has a gate, whatever the activation is called.
    pub gated: Option<bool>,
    /// The MLP is four times as wide as the model where the file does not say.
    pub four_times: bool,
    /// Queries come with a gate of their width where the file does not say.
    pub output_gate: bool,
    /// Every so many-th layer sees everything, where the file has a window and no more.
    pub pattern: Option<f64>,
    /// Biases in router and experts, and a sink per head.
    pub biased_experts: bool,
    /// Positions have an embedding of their own.
    pub positions: bool,
    /// What the class has as default.
    pub defaults: &'static [(&'static str, f64)],
}

const PLAIN: Family = Family {
    tied: false,
    qk_norm: QkNorm::None,
    norms: 2.0,
    qkv_bias: false,
    output_bias: true,
    gated: None,
    four_times: false,
    output_gate: false,
    pattern: None,
    biased_experts: false,
    positions: false,
    defaults: &[],
};

const CLASSIC: Family =
    Family { tied: true, gated: Some(false), norms: 4.0, qkv_bias: true, four_times: true, ..PLAIN };

/// The smallest of the classes, which wrappers around a decoder of that size leave unsaid.
const LLAMA: [(&str, f64); 5] = [
    ("hidden_size", 4096.0),
    ("intermediate_size", 11008.0),
    ("num_hidden_layers", 32.0),
    ("num_attention_heads", 32.0),
    ("vocab_size", 32000.0),
];
const MISTRAL: [(&str, f64); 6] = [
    ("hidden_size", 4096.0),
    ("intermediate_size", 14336.0),
    ("num_hidden_layers", 32.0),
    ("num_attention_heads", 32.0),
    ("num_key_value_heads", 8.0),
    ("vocab_size", 32000.0),
];
const GEMMA3: [(&str, f64); 8] = [
    ("hidden_size", 2304.0),
    ("intermediate_size", 9216.0),
    ("num_hidden_layers", 26.0),
    ("num_attention_heads", 8.0),
    ("num_key_value_heads", 4.0),
    ("head_dim", 256.0),
    ("vocab_size", 262_208.0),
    ("max_position_embeddings", 131_072.0),
];

/// Families by the beginning of `model_type`; the first that fits counts.
const FAMILIES: [(&[&str], Family); 28] = [
    (&["qwen3_next"], Family { qk_norm: QkNorm::PerHead, output_gate: true, ..PLAIN }),
    (&["qwen3"], Family { qk_norm: QkNorm::PerHead, ..PLAIN }),
    (&["qwen2", "qwen2_5"], Family { qkv_bias: true, output_bias: false, ..PLAIN }),
    (&["qwen"], Family { qkv_bias: true, output_bias: false, gated: Some(true), ..PLAIN }),
    (&["mimo", "glm4_moe", "glm4v_moe"], Family { output_bias: false, ..PLAIN }),
    (&["glm4", "chatglm"], Family { output_bias: false, norms: 4.0, ..PLAIN }),
    (&["step3p"], Family { qk_norm: QkNorm::PerHead, ..PLAIN }),
    (&["gpt_oss"], Family { biased_experts: true, ..PLAIN }),
    (&["smollm3", "phi3small"], Family { tied: true, ..PLAIN }),
    (&["lfm2"], Family { tied: true, qk_norm: QkNorm::PerHead, ..PLAIN }),
    (&["bitnet"], Family { tied: true, gated: Some(true), ..PLAIN }),
    (
        &["gemma4"],
        Family {
            tied: true,
            qk_norm: QkNorm::PerHead,
            norms: 4.0,
            gated: Some(true),
            pattern: Some(6.0),
            ..PLAIN
        },
    ),
    (
        &["gemma3n"],
        Family {
            tied: true,
            qk_norm: QkNorm::PerHead,
            norms: 5.0,
            gated: Some(true),
            pattern: Some(5.0),
            ..PLAIN
        },
    ),
    (
        &["gemma3"],
        Family {
            tied: true,
            qk_norm: QkNorm::PerHead,
            norms: 4.0,
            gated: Some(true),
            pattern: Some(6.0),
            defaults: &GEMMA3,
            ..PLAIN
        },
    ),
    (&["gemma2"], Family { tied: true, norms: 4.0, gated: Some(true), pattern: Some(2.0), ..PLAIN }),
    (&["gemma"], Family { tied: true, gated: Some(true), ..PLAIN }),
    (&["cohere2"], Family { tied: true, norms: 1.0, pattern: Some(4.0), ..PLAIN }),
    (&["cohere"], Family { tied: true, norms: 1.0, ..PLAIN }),
    (&["olmo2", "olmo3", "olmoe"], Family { qk_norm: QkNorm::Whole, ..PLAIN }),
    (&["starcoder2"], Family { tied: true, gated: Some(false), norms: 4.0, ..PLAIN }),
    (&["gpt_neox"], Family { gated: Some(false), norms: 4.0, qkv_bias: true, ..PLAIN }),
    (&["gpt2", "gpt_neo", "gpt_bigcode", "opt"], Family { positions: true, ..CLASSIC }),
    (&["bloom", "mpt"], CLASSIC),
    (&["gptj", "codegen"], Family { gated: Some(false), four_times: true, ..PLAIN }),
    (&["falcon_h1"], PLAIN),
    (&["falcon_mamba", "mamba"], Family { tied: true, norms: 1.0, ..PLAIN }),
    (&["falcon", "refinedweb"], Family { tied: true, gated: Some(false), four_times: true, ..PLAIN }),
    (&["mistral", "mixtral", "ministral"], Family { defaults: &MISTRAL, ..PLAIN }),
];

impl Family {
    /// The family of a file, by `model_type` of its decoder.
    pub(super) fn of(keys: &Keys) -> Self {
        let name = keys.text(&["model_type"]).unwrap_or_default().to_ascii_lowercase();
        let found = FAMILIES.iter().find(|(names, _)| names.iter().any(|it| name.starts_with(it)));
        let family = match found {
            Some((_, family)) => *family,
            // The class that wrappers name has defaults; `llama4` is another.
            None if name == "llama" => Family { defaults: &LLAMA, ..PLAIN },
            None => PLAIN,
        };
        // Only wrappers leave sizes to the class; a file of its own without them is incomplete.
        if keys.is_nested() { family } else { Family { defaults: &[], ..family } }
    }

    /// What the class has as default for a key that a wrapper leaves out.
    pub(super) fn default_of(&self, key: &str) -> Option<f64> {
        self.defaults.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}

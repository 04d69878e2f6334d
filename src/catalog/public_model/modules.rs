//! Names of modules in quantisation blocks (models chapter, G-5): which parts an entry means.

use super::expression::{Expression, Steps};

/// What an entry of a list of modules means.
pub(super) enum Entry {
    /// A name, which means what is under it, too.
    Name(Vec<String>),
    /// A name with `*` or `?`.
    Pattern(String),
    /// `re:` and an expression.
    Expression(Expression),
    /// Another part of the model than the decoder's layers.
    Elsewhere,
}

/// What stands in front of the layers.
const LAYERS: [&str; 4] = ["layers", "h", "blocks", "layer"];

/// Parts that are not counted: encoders, projections from them, layers that draft tokens.
const ELSEWHERE: [&str; 8] =
    ["vision", "visual", "audio", "mm_projector", "multi_modal", "mtp", "draft", "img"];

/// Parts of the decoder by the names that families give to their modules: parents and leaves of each third.
pub(super) struct Names {
    parents: &'static [&'static str],
    leaves: [&'static [&'static str]; 3],
}

const UP: &[&str] = &["up_proj", "gate_up_proj", "w3", "w1", "c_fc", "fc1", "dense_h_to_4h"];
const GATE: &[&str] = &["gate_proj", "gate_up_proj", "w1", "up_proj", "c_fc", "fc1", "dense_h_to_4h"];
const DOWN: &[&str] = &["down_proj", "w2", "c_proj", "fc2", "dense_4h_to_h", "output_linear"];

pub(super) const MIXERS: Names = Names {
    parents: &["self_attn", "attn", "attention", "linear_attn", "mixer", "mamba", "self_attention", "conv"],
    leaves: [
        &[
            "q_proj",
            "q_b_proj",
            "qkv_proj",
            "in_proj",
            "in_proj_qkv",
            "in_proj_qkvz",
            "wq",
            "wq_b",
            "wqkv",
            "c_attn",
        ],
        &[
            "v_proj",
            "kv_b_proj",
            "qkv_proj",
            "in_proj",
            "in_proj_z",
            "in_proj_qkvz",
            "wv",
            "wkv",
            "wqkv",
            "c_attn",
        ],
        &["o_proj", "out_proj", "wo", "wo_b", "dense", "c_proj"],
    ],
};
pub(super) const DENSE: Names =
    Names { parents: &["mlp", "feed_forward", "ffn", "mixer", "shared_mlp"], leaves: [GATE, UP, DOWN] };
pub(super) const EXPERTS: Names = Names {
    parents: &[
        "mlp.experts.0",
        "block_sparse_moe.experts.0",
        "mixer.experts.0",
        "ffn.experts.0",
        "feed_forward.experts.0",
        "moe.experts.0",
        "mlp.experts",
        "feed_forward.experts",
        "moe",
    ],
    leaves: [GATE, UP, DOWN],
};
/// Experts in a layer that has a dense MLP, too: `mlp` is that one.
pub(super) const EXPERTS_BESIDE: Names = Names {
    parents: &["experts.0", "experts", "block_sparse_moe.experts.0", "moe.experts.0", "moe"],
    leaves: [GATE, UP, DOWN],
};
pub(super) const SHARED: Names = Names {
    parents: &[
        "mlp.shared_experts",
        "mlp.shared_expert",
        "mixer.shared_experts",
        "ffn.shared_experts",
        "feed_forward.shared_expert",
        "block_sparse_moe.shared_experts",
        "mlp.shared_mlp",
        "share_expert",
        "shared_mlp",
    ],
    leaves: [GATE, UP, DOWN],
};

impl Names {
    /// The names of a third of this part in a layer, from the layer on.
    fn of(&self, third: usize) -> impl Iterator<Item = String> {
        let leaves = self.leaves[third];
        self.parents.iter().flat_map(move |parent| leaves.iter().map(move |leaf| format!("{parent}.{leaf}")))
    }
}

impl Entry {
    /// Whether a name means an expert that the first of its layer stands for: files may list tens of thousands.
    pub(super) fn is_another_expert(text: &str) -> bool {
        let number = text.split(".experts.").nth(1).and_then(|rest| rest.split('.').next());
        number.is_some_and(|it| it != "0" && it.bytes().all(|byte| byte.is_ascii_digit()) && !it.is_empty())
    }

    /// None for an expression that is not understood.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(expression) = text.strip_prefix("re:").or_else(|| text.strip_prefix("-:")) {
            return Expression::parse(expression).map(Self::Expression);
        }
        let parts: Vec<&str> = text.split('.').collect();
        // The layers' own names begin where the layers do.
        let start = parts.iter().position(|part| LAYERS.contains(part));
        let before = &parts[..start.unwrap_or(parts.len())];
        if before.iter().any(|part| ELSEWHERE.iter().any(|it| part.starts_with(it) || part.ends_with(it))) {
            return Some(Self::Elsewhere);
        }
        let mut rest: Vec<String> =
            parts[start.unwrap_or(0)..].iter().map(|part| (*part).to_owned()).collect();
        if start.is_some() {
            "layers".clone_into(&mut rest[0]);
        }
        if text.contains(['*', '?']) { Some(Self::Pattern(rest.join("."))) } else { Some(Self::Name(rest)) }
    }

    /// The one layer that the entry means; none if it may mean several.
    pub(super) fn layer(&self) -> Option<u32> {
        let number = |parts: &[String]| {
            let at = parts.iter().position(|part| part == "layers")?;
            parts.get(at + 1)?.parse().ok()
        };
        match self {
            Self::Name(parts) => number(parts),
            Self::Pattern(pattern) => number(&pattern.split('.').map(str::to_owned).collect::<Vec<_>>()),
            Self::Expression(_) | Self::Elsewhere => None,
        }
    }

    /// Whether the entry may mean some layers and not others without naming one.
    pub(super) fn depends_on_the_layer(&self) -> bool {
        match self {
            Self::Name(_) | Self::Elsewhere => false,
            Self::Pattern(pattern) => pattern.contains(|it: char| it.is_ascii_digit()),
            Self::Expression(expression) => expression.numbered,
        }
    }

    /// Whether the entry means this third of a part in a layer.
    pub(super) fn means(&self, names: &Names, third: usize, layer: u32, steps: &Steps) -> bool {
        names.of(third).any(|name| self.means_module(layer, &name, steps))
    }

    fn means_module(&self, layer: u32, name: &str, steps: &Steps) -> bool {
        match self {
            Self::Elsewhere => false,
            Self::Name(parts) => {
                let number = layer.to_string();
                let own: Vec<&str> = ["layers", &number].into_iter().chain(name.split('.')).collect();
                own.windows(parts.len().min(own.len() + 1)).any(|window| window == parts.as_slice())
            }
            Self::Pattern(pattern) => {
                let full = format!("layers.{layer}.{name}");
                // What is under a name that fits is meant, too; in front anything may stand.
                let ends = full.match_indices('.').map(|(at, _)| at).chain([full.len()]);
                let starts = [0].into_iter().chain(full.match_indices('.').map(|(at, _)| at + 1));
                let starts: Vec<usize> = starts.collect();
                ends.flat_map(|end| starts.iter().map(move |start| (*start, end)))
                    .any(|(start, end)| start < end && fits(pattern.as_bytes(), &full.as_bytes()[start..end]))
            }
            Self::Expression(expression) => {
                ["model.", "model.language_model.", "language_model.model.", "", "backbone."]
                    .iter()
                    .any(|front| expression.matches(&format!("{front}layers.{layer}.{name}"), steps))
            }
        }
    }

    /// Whether the entry means the output head.
    pub(super) fn means_head(&self, steps: &Steps) -> bool {
        let names = ["lm_head", "head", "output"];
        match self {
            Self::Elsewhere => false,
            Self::Name(parts) => parts.last().is_some_and(|part| names.contains(&part.as_str())),
            Self::Pattern(pattern) => names.iter().any(|name| fits(pattern.as_bytes(), name.as_bytes())),
            Self::Expression(expression) => names[..1].iter().any(|name| expression.matches(name, steps)),
        }
    }
}

/// Whether a text fits a pattern with `*` for anything and `?` for one character.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while next < text.len() {
        if at < pattern.len() && pattern[at] == b'*' {
            star = Some((at, next));
            at += 1;
        } else if at < pattern.len() && (pattern[at] == b'?' || pattern[at] == text[next]) {
            at += 1;
            next += 1;
        } else if let Some((star_at, from)) = star {
            star = Some((star_at, from + 1));
            at = star_at + 1;
            next = from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(entry: &str, names: &Names, layer: u32) -> bool {
        let entry = Entry::parse(entry).expect(entry);
        (0..3).filter(|third| entry.means(names, *third, layer, &Steps::default())).count() >= 2
    }

    #[test]
    fn a_name_means_what_is_under_it_and_nothing_that_only_begins_like_it() {
        assert!(means("model.layers.3.self_attn", &MIXERS, 3));
        assert!(!means("model.layers.3.self_attn", &MIXERS, 13));
        assert!(!means("model.layers.3.mlp.gate", &DENSE, 3));
        assert!(!means("gate", &EXPERTS, 3));
        assert!(means("mlp", &EXPERTS, 3) && means("mlp", &DENSE, 0));
        assert!(!means("lm_head", &DENSE, 0));
        assert!(!means("vision_tower.encoder.layers.3.self_attn", &MIXERS, 3));
        assert!(!means("mtp.layers.0", &MIXERS, 0));
    }

    #[test]
    fn patterns_and_expressions_mean_what_fits() {
        assert!(means("model.layers.0*", &DENSE, 0) && !means("model.layers.0*", &DENSE, 10));
        assert!(means("model.layers.*.self_attn", &MIXERS, 7));
        assert!(means("*.mlp.shared_expert.*", &SHARED, 7) && !means("*.mlp.shared_expert.*", &DENSE, 7));
        assert!(means("re:.*shared_experts.*", &SHARED, 1) && !means("re:.*shared_experts.*", &EXPERTS, 1));
        assert!(means(r"re:model\.layers\.[0-2]\..*", &DENSE, 2));
        assert!(means("language_model.model.layers.2.feed_forward.shared_expert", &SHARED, 2));
        assert!(Entry::parse("re:(").is_none());
    }

    #[test]
    fn beside_a_dense_mlp_experts_are_not_under_its_name() {
        assert!(!means("model.language_model.layers.3.mlp*", &EXPERTS_BESIDE, 3));
        assert!(means("model.language_model.layers.3.experts", &EXPERTS_BESIDE, 3));
        assert!(means("model.language_model.layers.3.mlp*", &DENSE, 3));
    }

    #[test]
    fn the_first_expert_stands_for_the_others() {
        assert!(Entry::is_another_expert("model.layers.7.block_sparse_moe.experts.93.w2"));
        for text in ["layers.7.mlp.experts.0.w2", "layers.7.mlp.experts", "layers.7.mlp.experts.*", "lm_head"]
        {
            assert!(!Entry::is_another_expert(text), "{text}");
        }
    }

    #[test]
    fn the_head_goes_by_several_names() {
        for name in ["lm_head", "language_model.lm_head", "head", "re:.*lm_head", "*lm_head*"] {
            assert!(Entry::parse(name).expect(name).means_head(&Steps::default()), "{name}");
        }
        assert!(!Entry::parse("model.layers.0.mlp").expect("a name").means_head(&Steps::default()));
    }

    #[test]
    fn one_layer_is_told_from_several() {
        let layer = |text: &str| Entry::parse(text).expect(text).layer();
        assert_eq!(layer("model.layers.12.mlp*"), Some(12));
        assert_eq!(layer("model.layers.1*"), None);
        assert_eq!(layer("lm_head"), None);
    }
}

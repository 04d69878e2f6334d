//! Whether the reference's formulas cover a model (models chapter, "Labels").

use super::architecture::{Architecture, MixerGroup, MixerKind, WeightFormat};
use super::model::Model;
use serde::Serialize;

/// Whether the reference's formulas cover a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Coverage {
    /// Every layer has full attention or compressed entries.
    #[serde(rename = "as in BLIS")]
    AsInBlis,
    /// Only the roofline by kind has formulas for it.
    #[serde(rename = "roofline, not in BLIS")]
    RooflineOnly,
}

impl Coverage {
    /// The label, as it is shown everywhere.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AsInBlis => "as in BLIS",
            Self::RooflineOnly => "roofline, not in BLIS",
        }
    }
}

impl Model {
    /// Whether the reference's formulas cover the model. Those that are known only as the reference has them are covered.
    pub fn coverage(&self) -> Coverage {
        match &self.architecture {
            Some(architecture) if !is_covered(architecture) => Coverage::RooflineOnly,
            _ => Coverage::AsInBlis,
        }
    }
}

/// Every layer is attention to everything and one FFN, stored so that the reference can count it.
fn is_covered(architecture: &Architecture) -> bool {
    let plain = |group: &MixerGroup| group.index_elements_per_token == 0.0 && group.topk == 0.0;
    let compressed = |group: &MixerGroup| group.kind == MixerKind::Mla;
    let mixers = &architecture.mixers;
    let known =
        mixers.iter().all(|group| plain(group) && (group.kind == MixerKind::Full || compressed(group)));
    let with_mixer: u32 = mixers.iter().map(|group| group.layers).sum();
    let with_ffn = architecture.dense_ffn_layers + architecture.moe_ffn_layers;
    let one_size = mixers.len() <= 1 || mixers.iter().all(compressed);
    // Scales of 4-bit floats are nothing that the reference counts; beside compressed entries it is shown as covered.
    let parts = &architecture.parts;
    let fine = [parts.attn, parts.dense_ffn, parts.experts]
        .iter()
        .any(|part| matches!(part.format, WeightFormat::Nvfp4 | WeightFormat::Mxfp4));
    known
        && one_size
        && with_mixer == architecture.layers
        && with_ffn == architecture.layers
        && (!fine || mixers.iter().all(compressed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(groups: &[(MixerKind, u32)], layers: u32) -> Model {
        let mixers = groups.iter().map(|(kind, layers)| MixerGroup {
            kind: *kind,
            layers: *layers,
            ..MixerGroup::default()
        });
        let architecture = Architecture {
            layers,
            mixers: mixers.collect(),
            dense_ffn_layers: layers,
            ..Architecture::default()
        };
        Model { architecture: Some(architecture), ..Model::default() }
    }

    #[test]
    fn full_attention_and_compressed_entries_are_covered() {
        assert_eq!(Model::default().coverage(), Coverage::AsInBlis);
        assert_eq!(with(&[(MixerKind::Full, 4)], 4).coverage(), Coverage::AsInBlis);
        assert_eq!(with(&[(MixerKind::Mla, 4)], 4).coverage(), Coverage::AsInBlis);
    }

    #[test]
    fn windows_states_missing_layers_and_indexers_are_not() {
        let mut chosen = with(&[(MixerKind::Mla, 4)], 4);
        chosen.architecture.as_mut().expect("one").mixers[0].topk = 2048.0;
        for model in [
            with(&[(MixerKind::Sliding, 2), (MixerKind::Full, 2)], 4),
            with(&[(MixerKind::Mamba2, 4)], 4),
            with(&[(MixerKind::Full, 3)], 4),
            chosen,
        ] {
            assert_eq!(model.coverage().label(), "roofline, not in BLIS");
        }
    }
}

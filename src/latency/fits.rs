//! Which models can be served on which GPUs, and how many of them an instance needs (latency chapter, L-7 and L-8;
//! kv-capacity chapter, K-5).

use super::ServingSetup;
use crate::catalog;
use crate::config::{MemorySettings, ModelSettings};
use crate::error::ConfigError;

/// GPU counts per instance that are tried; none stands for the catalogue's default.
const COUNTS: [Option<u32>; 7] = [None, Some(1), Some(2), Some(4), Some(8), Some(16), Some(32)];

/// A model on a number of GPUs, and whether an instance can be set up so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// As `model.name`.
    pub model: &'static str,
    /// As `model.hardware`; none for the catalogue's default.
    pub hardware: Option<&'static str>,
    /// As `model.tp`; none for the catalogue's default.
    pub tp: Option<u32>,
    /// Why not; none if it can.
    pub problem: Option<ConfigError>,
}

/// Every bundled model on every bundled GPU and on the catalogue's default, with 1 to 32 GPUs (powers of 2) and the
/// default number, all else as in the settings. In the order of the catalogue, smaller numbers first, the defaults before them.
pub fn fits(model: &ModelSettings, memory: &MemorySettings) -> Vec<Fit> {
    let gpus = || std::iter::once(None).chain(catalog::gpus().iter().map(|gpu| Some(gpu.name.as_str())));
    let places = catalog::models()
        .flat_map(|model| gpus().flat_map(move |gpu| COUNTS.map(|tp| (model.name.as_str(), gpu, tp))));
    places.map(|(name, hardware, tp)| fit(model, memory, name, hardware, tp)).collect()
}

fn fit(
    settings: &ModelSettings,
    memory: &MemorySettings,
    model: &'static str,
    hardware: Option<&'static str>,
    tp: Option<u32>,
) -> Fit {
    let asked = ModelSettings {
        name: model.to_owned(),
        hardware: hardware.map(str::to_owned),
        tp,
        ..settings.clone()
    };
    Fit { model, hardware, tp, problem: ServingSetup::resolve(&asked, memory).err() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LatencyModelName;

    fn problem(list: &[Fit], model: &str, hardware: Option<&str>, tp: Option<u32>) -> Option<ConfigError> {
        let same = |fit: &&Fit| (fit.model, fit.hardware, fit.tp) == (model, hardware, tp);
        list.iter().find(same).expect("every place is listed").problem.clone()
    }

    #[test]
    fn seventy_billion_parameters_need_four_gpus_of_48_gib() {
        let list = fits(&ModelSettings::default(), &MemorySettings::default());
        let of = |gpu, tp| problem(&list, "meta-llama/llama-3.1-70b-instruct", Some(gpu), Some(tp));
        assert!(of("L40S", 1).is_some() && of("L40S", 2).is_some());
        assert_eq!(of("L40S", 4), None);
        assert_eq!(of("H100", 2), None);
        assert!(of("H100", 1).expect("too small").expected().contains("at least 2 GPUs"));
    }

    #[test]
    fn the_catalogues_values_are_confirmed() {
        for latency_model in [LatencyModelName::TrainedPhysics, LatencyModelName::Roofline] {
            let settings = ModelSettings { latency_model, ..ModelSettings::default() };
            let list = fits(&settings, &MemorySettings { total_kv_blocks: Some(9), ..Default::default() });
            for model in catalog::models() {
                let listed = match latency_model {
                    LatencyModelName::TrainedPhysics => &model.tp_trained_physics,
                    LatencyModelName::Roofline => &model.tp_roofline,
                };
                let found = [1, 2, 4, 8]
                    .into_iter()
                    .filter(|&tp| problem(&list, &model.name, Some("H100"), Some(tp)).is_none());
                assert_eq!(&found.collect::<Vec<_>>(), listed, "{}", model.name);
            }
        }
    }

    #[test]
    fn a_model_without_defaults_has_no_automatic_gpu() {
        let list = fits(&ModelSettings::default(), &MemorySettings::default());
        let error = problem(&list, "deepseek-ai/deepseek-v2-lite", None, Some(1)).expect("no default");
        assert_eq!(error.path(), "model.hardware");
        assert_eq!(problem(&list, "qwen/qwen3-14b", None, None), None);
    }
}

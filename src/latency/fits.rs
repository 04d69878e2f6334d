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
    pub model: String,
    /// As `model.hardware`; none for the catalogue's default.
    pub hardware: Option<String>,
    /// As `model.tp`; none for the catalogue's default.
    pub tp: Option<u32>,
    /// Why not; none if it can.
    pub problem: Option<ConfigError>,
}

/// What can be reached from some settings by one choice: every model, the user's own included, on their GPU, and their
/// model on every GPU and on the catalogue's default. Each with 1 to 32 GPUs (powers of 2) and the default number, all
/// else as in the settings. In the order of the catalogue, smaller numbers first, the defaults before them.
pub fn fits(model: &ModelSettings, memory: &MemorySettings) -> Vec<Fit> {
    let here = model.hardware.as_deref();
    let models =
        names(model.own_models.iter().flat_map(|own| own.0.iter().map(|own| own.name.as_str())), || {
            catalog::models().chain(catalog::current_models()).map(|model| model.name.as_str())
        });
    let gpus = names(model.own_gpus.iter().flat_map(|own| own.0.iter().map(|own| own.name.as_str())), || {
        catalog::gpus().iter().map(|gpu| gpu.name.as_str())
    });
    let elsewhere = std::iter::once(None).chain(gpus.into_iter().map(Some)).filter(|&gpu| gpu != here);
    // A name that is written otherwise than in the table is answered as it is written.
    let written = std::iter::once(model.name.as_str()).filter(|name| !models.contains(name));
    let places = written
        .chain(models.iter().copied())
        .map(|name| (name, here))
        .chain(elsewhere.map(|gpu| (model.name.as_str(), gpu)));
    // The settings may hold large documents: they are copied once.
    let mut asked = model.clone();
    let each = places.flat_map(|place| COUNTS.map(|tp| (place, tp)));
    each.map(|((name, hardware), tp)| {
        name.clone_into(&mut asked.name);
        asked.hardware = hardware.map(str::to_owned);
        asked.tp = tp;
        let problem = ServingSetup::resolve(&asked, memory).err();
        Fit { model: name.to_owned(), hardware: asked.hardware.clone(), tp, problem }
    })
    .collect()
}

/// The user's own names, and those of the table that they do not stand in for.
fn names<'a, Table: Iterator<Item = &'a str>>(
    own: impl Iterator<Item = &'a str>,
    table: impl Fn() -> Table,
) -> Vec<&'a str> {
    let mut names: Vec<&str> = own.collect();
    for name in table() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LatencyModelName;

    fn problem(list: &[Fit], model: &str, hardware: Option<&str>, tp: Option<u32>) -> Option<ConfigError> {
        let same =
            |fit: &&Fit| (fit.model.as_str(), fit.hardware.as_deref(), fit.tp) == (model, hardware, tp);
        list.iter().find(same).expect("every place is listed").problem.clone()
    }

    #[test]
    fn seventy_billion_parameters_need_four_gpus_of_48_gib() {
        let name = "meta-llama/llama-3.1-70b-instruct";
        let list = fits(
            &ModelSettings { name: name.to_owned(), ..ModelSettings::default() },
            &MemorySettings::default(),
        );
        let of = |gpu, tp| problem(&list, name, Some(gpu), Some(tp));
        assert!(of("L40S", 1).is_some() && of("L40S", 2).is_some());
        assert_eq!(of("L40S", 4), None);
        assert_eq!(of("H100", 2), None);
        assert!(of("H100", 1).expect("too small").expected().contains("at least 2 GPUs"));
    }

    #[test]
    fn the_catalogues_values_are_confirmed() {
        for latency_model in [LatencyModelName::TrainedPhysics, LatencyModelName::Roofline] {
            let settings = ModelSettings {
                latency_model,
                hardware: Some("H100".to_owned()),
                ..ModelSettings::default()
            };
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

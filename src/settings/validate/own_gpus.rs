//! The user's own GPUs (models chapter, G-9).

use crate::config::{Config, Gpu, limits};
use crate::error::ConfigError;

/// Checks the figures of each, and that a name means one.
pub(super) fn check(config: &Config, problems: &mut Vec<ConfigError>) {
    let Some(own) = &config.model.own_gpus else { return };
    let gpus = &own.0;
    if gpus.len() > limits::MAX_OWN_GPUS {
        let expected = format!("at most {} GPUs", limits::MAX_OWN_GPUS);
        problems.push(ConfigError::invalid("model.own_gpus", format!("{} GPUs", gpus.len()), expected));
        return;
    }
    for (index, gpu) in gpus.iter().enumerate() {
        let taken = gpus[..index].iter().any(|earlier| earlier.name == gpu.name);
        let problem = name_problem(gpu, taken).or_else(|| figure_problem(gpu));
        problems.extend(problem.map(|(field, value, expected)| {
            ConfigError::invalid(format!("model.own_gpus[{index}].{field}"), value, expected)
        }));
    }
}

type Problem = (&'static str, String, String);

fn name_problem(gpu: &Gpu, taken: bool) -> Option<Problem> {
    let expected = if gpu.name.trim().is_empty() || gpu.name.len() > limits::MAX_NAME_BYTES {
        format!("a name of 1 to {} bytes", limits::MAX_NAME_BYTES)
    } else if taken {
        "a name that no other of the own GPUs has".to_owned()
    } else {
        return None;
    };
    Some(("name", format!("`{}`", crate::text::shortened(&gpu.name)), expected))
}

/// The first figure out of its range.
fn figure_problem(gpu: &Gpu) -> Option<Problem> {
    // Name, value, smallest value, whether 0 stands for "none", largest value.
    let rates = (limits::MIN_TFLOPS, limits::MAX_TFLOPS);
    let figures = [
        ("TFlopsPeak", gpu.peak_tflops, rates.0, false, rates.1),
        ("TFlopsFP8", gpu.fp8_tflops, rates.0, true, rates.1),
        ("TFlopsFP4", gpu.fp4_tflops, rates.0, true, rates.1),
        (
            "BwPeakTBs",
            gpu.bandwidth_tb_per_second,
            limits::MIN_BANDWIDTH_TB_S,
            false,
            limits::MAX_BANDWIDTH_TB_S,
        ),
        ("mfuPrefill", gpu.mfu_prefill, limits::MIN_SHARE, false, 1.0),
        ("mfuDecode", gpu.mfu_decode, limits::MIN_SHARE, false, 1.0),
        ("MemoryGiB", gpu.memory_gib, 0.0, false, limits::MAX_MEMORY_GIB),
        ("priceUsdPerHour", gpu.price_usd_per_hour.unwrap_or(0.0), 0.0, false, limits::MAX_GPU_PRICE),
    ];
    let wrong = figures.into_iter().find(|&(_, value, min, none, max)| {
        let absent = none && value == 0.0;
        !(absent || (min..=max).contains(&value))
    });
    wrong.map(|(field, value, min, none, max)| {
        let absent = if none { ", or 0 for none" } else { "" };
        (field, value.to_string(), format!("a number from {min} to {max}{absent}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::OwnGpus;

    fn gpu(name: &str) -> Gpu {
        let figures = crate::catalog::find_gpu("H100").expect("bundled").clone();
        Gpu { name: name.to_owned(), ..figures }
    }

    /// The problems with these GPUs, as they are shown.
    fn problems(gpus: Vec<Gpu>) -> Vec<String> {
        let mut config = Config::default();
        config.model.own_gpus = Some(OwnGpus(gpus));
        config.problems().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn sound_figures_are_accepted() {
        assert_eq!(problems(vec![gpu("A"), gpu("B")]), [""; 0]);
    }

    #[test]
    fn a_wrong_figure_is_named_with_its_range() {
        let wrong = [
            (
                Gpu { peak_tflops: 0.0, ..gpu("A") },
                "TFlopsPeak: got 0, expected a number from 0.001 to 10000000",
            ),
            (
                Gpu { fp8_tflops: -1.0, ..gpu("A") },
                "TFlopsFP8: got -1, expected a number from 0.001 to 10000000, or 0 for none",
            ),
            (
                Gpu { bandwidth_tb_per_second: 1e-12, ..gpu("A") },
                "BwPeakTBs: got 0.000000000001, expected a number from 0.0001 to 100000",
            ),
            (Gpu { mfu_decode: 1.5, ..gpu("A") }, "mfuDecode: got 1.5, expected a number from 0.0001 to 1"),
            (
                Gpu { memory_gib: f64::NAN, ..gpu("A") },
                "MemoryGiB: got NaN, expected a number from 0 to 1000000",
            ),
            (
                Gpu { price_usd_per_hour: Some(1e9), ..gpu("A") },
                "priceUsdPerHour: got 1000000000, expected a number from 0 to 10000",
            ),
        ];
        for (gpu, expected) in wrong {
            assert_eq!(problems(vec![gpu]), [format!("model.own_gpus[0].{expected}")]);
        }
    }

    #[test]
    fn a_name_means_one_gpu() {
        let twice = "model.own_gpus[1].name: got `A`, expected a name that no other of the own GPUs has";
        assert_eq!(problems(vec![gpu("A"), gpu("A")]), [twice]);
        assert_eq!(problems(vec![gpu(" ")]).len(), 1);
        assert_eq!(problems(vec![gpu("A"); limits::MAX_OWN_GPUS + 1]).len(), 1);
    }
}

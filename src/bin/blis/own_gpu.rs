//! `--gpu NAME:like=H100,memory=141`: a GPU of one's own in one line.

use crate::failure::Failure;
use blis_playground::catalog::find_gpu;
use blis_playground::config::{Config, Gpu, OwnGpus};

/// How a GPU is written.
pub const FORM: &str = "NAME:figure=value,...";

/// The figures, as they are named in the flag.
const FIGURES: &str = "like (a GPU to start from), memory (GiB), bandwidth (TB/s), bf16, fp8, fp4 (dense TFLOP/s), prefill, \
                       decode (share of the peak), price ($/h)";

/// Adds the GPUs of these texts to the settings. Without `--hardware` the first of them is the one served on.
pub fn add<'t>(
    config: &mut Config,
    texts: impl Iterator<Item = &'t String>,
    named: bool,
) -> Result<(), Failure> {
    let mut first = None;
    for text in texts {
        let gpu = read(text)?;
        first.get_or_insert_with(|| gpu.name.clone());
        config.model.own_gpus.get_or_insert_with(OwnGpus::default).0.push(gpu);
    }
    if first.is_some() && !named {
        config.model.hardware = first;
    }
    Ok(())
}

fn read(text: &str) -> Result<Gpu, Failure> {
    let wrong =
        |what: String| Failure::Flag(format!("--gpu must be {FORM} with {FIGURES}, got {text}: {what}"));
    let Some((name, figures)) = text.split_once(':').filter(|(name, _)| !name.trim().is_empty()) else {
        return Err(wrong("no name and figures with a colon between them".to_owned()));
    };
    let figures = figures
        .split(',')
        .map(|figure| figure.split_once('=').ok_or_else(|| wrong(format!("`{figure}` is no figure=value"))));
    let figures = figures.collect::<Result<Vec<_>, _>>()?;
    let like = figures.iter().find(|(figure, _)| *figure == "like");
    let mut gpu = match like {
        Some((_, like)) => {
            find_gpu(like).cloned().map_err(|error| wrong(format!("like={like}: {}", error.expected())))?
        }
        None => Gpu::default(),
    };
    name.clone_into(&mut gpu.name);
    (gpu.title, gpu.note) = match like {
        Some((_, like)) => (format!("{name} (like {like})"), format!("What is not given is as {like}")),
        None => (name.to_owned(), String::new()),
    };
    (gpu.calibrated, gpu.source) = (false, "given by --gpu".to_owned());
    for (figure, value) in figures.into_iter().filter(|(figure, _)| *figure != "like") {
        let number: f64 =
            value.trim().parse().map_err(|_| wrong(format!("{figure}={value} is no number")))?;
        match figure.trim() {
            "memory" => gpu.memory_gib = number,
            "bandwidth" => gpu.bandwidth_tb_per_second = number,
            "bf16" => gpu.peak_tflops = number,
            "fp8" => gpu.fp8_tflops = number,
            "fp4" => gpu.fp4_tflops = number,
            "prefill" => gpu.mfu_prefill = number,
            "decode" => gpu.mfu_decode = number,
            "price" => {
                (gpu.price_usd_per_hour, gpu.price_source) = (Some(number), "given by --gpu".to_owned());
            }
            other => return Err(wrong(format!("`{other}` is none of the figures"))),
        }
    }
    let missing = [
        ("bf16", gpu.peak_tflops),
        ("bandwidth", gpu.bandwidth_tb_per_second),
        ("prefill", gpu.mfu_prefill),
        ("decode", gpu.mfu_decode),
        ("memory", gpu.memory_gib),
    ];
    if let Some((figure, _)) = missing.into_iter().find(|(_, value)| *value == 0.0) {
        return Err(wrong(format!("{figure} is missing; `like` gives what is not said")));
    }
    Ok(gpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_starts_from_another_and_changes_what_is_said() {
        let gpu = read("Big:like=H200,memory=200,price=4.5").expect("well-formed");
        assert_eq!((gpu.name.as_str(), gpu.memory_gib, gpu.peak_tflops), ("Big", 200.0, 989.5));
        assert_eq!((gpu.price_usd_per_hour, gpu.calibrated), (Some(4.5), false));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, part) in [
            ("Big", "colon"),
            (":memory=3", "colon"),
            ("Big:memory", "`memory` is no figure=value"),
            ("Big:memory=much", "memory=much is no number"),
            ("Big:speed=3", "`speed` is none"),
            ("Big:like=H1", "like=H1: one of H100"),
            ("H100:memory=10", "bf16 is missing"),
        ] {
            let message = read(text).expect_err(text).to_string();
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn the_first_is_served_on_unless_another_is_named() {
        let texts = ["A:like=H100".to_owned(), "B:like=L4".to_owned()];
        for (named, expected) in [(false, Some("A")), (true, None)] {
            let mut config = Config::default();
            add(&mut config, texts.iter(), named).expect("well-formed");
            assert_eq!(config.model.hardware.as_deref(), expected);
            assert_eq!(config.model.own_gpus.expect("two").0.len(), 2);
        }
    }
}

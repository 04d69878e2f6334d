//! Length distributions and arrival processes of a specification: checks, and conversion to samplers.

use super::checks;
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::config::workload_spec::{ArrivalProcess, ArrivalSpec, DistributionKind, DistributionSpec};
use crate::error::ConfigError;
use crate::order;
use crate::units::Tokens;
use crate::workload::interarrival::{ArrivalLaw, Interarrival};
use crate::workload::lengths::{Bounds, LengthSampler};

/// Coefficients of variation for which a Weibull shape can be found (W-3).
const WEIBULL_CV: std::ops::RangeInclusive<f64> = 0.01..=10.4;

/// The parameters of a distribution and where they are.
struct Params<'spec> {
    spec: &'spec DistributionSpec,
    path: &'spec str,
}

impl Params<'_> {
    fn path(&self, name: &str) -> String {
        format!("{}.params.{name}", self.path)
    }

    /// A parameter, 0 if it is not given.
    fn optional(&self, name: &str) -> f64 {
        self.spec.params.get(name).copied().unwrap_or(0.0)
    }

    /// A parameter that must be given.
    fn required(&self, name: &str) -> Result<f64, ConfigError> {
        let value = checks::required(self.path(name), self.spec.params.get(name), "a number")?;
        Ok(*value)
    }

    /// A required length distribution.
    fn required_tokens(&self, name: &str) -> Result<f64, ConfigError> {
        self.within_limit(name, self.required(name)?)
    }

    fn within_limit(&self, name: &str, value: f64) -> Result<f64, ConfigError> {
        if value <= f64::from(MAX_TOKENS_PER_REQUEST) {
            return Ok(value);
        }
        Err(ConfigError::invalid(self.path(name), value, format!("at most {MAX_TOKENS_PER_REQUEST} tokens")))
    }

    /// The optional bounds of the exponential and log-normal distributions; 0 or below is no bound.
    fn bounds(&self) -> Result<Bounds, ConfigError> {
        let min = self.within_limit("min", self.optional("min"))? as Tokens;
        let max = self.within_limit("max", self.optional("max"))? as Tokens;
        if min > 0 && max > 0 && min > max {
            return Err(ConfigError::conflict(
                self.path("min"),
                min,
                format!("max = {max}"),
                "a minimum that is no larger than the maximum",
            ));
        }
        Ok(Bounds { min, max })
    }

    /// Not-a-number and infinity are never parameters.
    fn all_finite(&self) -> Result<(), ConfigError> {
        match self.spec.params.iter().find(|(_, value)| !value.is_finite()) {
            Some((name, value)) => Err(ConfigError::invalid(self.path(name), value, "a finite number")),
            None => Ok(()),
        }
    }
}

/// The sampler of a length distribution.
///
/// Parameters that imply lengths above [`MAX_TOKENS_PER_REQUEST`] are refused, if no `max` keeps them below. The tails of the distributions
/// without an upper bound (exponential, log-normal and Pareto without `max`) are cut there instead.
pub(super) fn lengths(spec: &DistributionSpec, path: &str) -> Result<LengthSampler, ConfigError> {
    let params = Params { spec, path };
    params.all_finite()?;
    match spec.kind {
        DistributionKind::Gaussian => gaussian(&params),
        DistributionKind::Exponential => {
            let bounds = params.bounds()?;
            let mean =
                if bounds.max > 0 { params.required("mean")? } else { params.required_tokens("mean")? };
            Ok(LengthSampler::Exponential { mean, bounds })
        }
        DistributionKind::Lognormal => {
            let (mu, sigma) = (params.required("mu")?, params.required("sigma")?);
            let bounds = params.bounds()?;
            if bounds.max == 0 {
                check_median(&params, mu)?;
            }
            Ok(LengthSampler::Lognormal { mu, sigma, bounds })
        }
        DistributionKind::ParetoLognormal => {
            let mu = params.required("mu")?;
            check_median(&params, mu)?;
            Ok(LengthSampler::ParetoLognormal {
                alpha: params.required("alpha")?,
                xm: params.required_tokens("xm")?,
                mu,
                sigma: params.required("sigma")?,
                mix_weight: params.required("mix_weight")?,
            })
        }
        DistributionKind::Constant => {
            let value = params.required_tokens("value")?;
            Ok(LengthSampler::Constant((value as Tokens).max(1)))
        }
        DistributionKind::Empirical => empirical(&params),
    }
}

/// Without an upper bound, half of all lengths lie above the exponential of `mu`.
fn check_median(params: &Params, mu: f64) -> Result<(), ConfigError> {
    if libm::exp(mu) <= f64::from(MAX_TOKENS_PER_REQUEST) {
        return Ok(());
    }
    let expected = format!("at most the logarithm of {MAX_TOKENS_PER_REQUEST} tokens, or a max");
    Err(ConfigError::invalid(params.path("mu"), mu, expected))
}

/// Bounds truncated to integers. Bounds below 0 would make negative constants: refused.
fn gaussian(params: &Params) -> Result<LengthSampler, ConfigError> {
    let (mean, std_dev) = (params.required("mean")?, params.required("std_dev")?);
    let (min, max) = (params.required("min")?.trunc(), params.required_tokens("max")?.trunc());
    checks::not_negative(params.path("max"), max)?;
    Ok(LengthSampler::gaussian(mean, std_dev, min, max))
}

/// Values ascending with their cumulative probabilities. Weights of 0 or below are skipped but enter the sum.
fn empirical(params: &Params) -> Result<LengthSampler, ConfigError> {
    let mut weights = Vec::with_capacity(params.spec.params.len());
    for (key, &weight) in &params.spec.params {
        match whole(key) {
            Some(value) if value <= MAX_TOKENS_PER_REQUEST => weights.push((value, weight)),
            _ => {
                return Err(ConfigError::invalid(
                    params.path(key),
                    key,
                    format!("a number of tokens from 0 to {MAX_TOKENS_PER_REQUEST} as the key"),
                ));
            }
        }
    }
    order::sort_by_key(&mut weights, |&(value, _)| value);
    if let Some(pair) = weights.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let path = format!("{}.params", params.path);
        return Err(ConfigError::invalid(path, format!("{} twice", pair[0].0), "every length once"));
    }
    let sum: f64 = weights.iter().map(|&(_, weight)| weight).sum();
    weights.retain(|&(_, weight)| weight > 0.0);
    if weights.is_empty() || !(sum.is_finite() && sum > 0.0) {
        return Err(ConfigError::invalid(
            format!("{}.params", params.path),
            "no positive weight",
            "a map from token counts to weights with a positive sum",
        ));
    }
    let mut reached = 0.0;
    let mut cumulative: Vec<f64> = Vec::with_capacity(weights.len());
    for &(_, weight) in &weights {
        reached += weight / sum;
        cumulative.push(reached);
    }
    if let Some(last) = cumulative.last_mut() {
        *last = 1.0;
    }
    Ok(LengthSampler::Empirical { values: weights.iter().map(|&(value, _)| value).collect(), cumulative })
}

/// The number that a key of `empirical` stands for: `12`, or `12.0`.
fn whole(key: &str) -> Option<Tokens> {
    let (digits, zeros) = key.split_once('.').unwrap_or((key, ""));
    if zeros.bytes().any(|digit| digit != b'0') {
        return None;
    }
    digits.parse().ok()
}

/// Checks an arrival process and returns what is left to do once the client's rate is known.
pub(super) fn check_arrival(spec: &ArrivalSpec, path: &str) -> Result<(), ConfigError> {
    for (name, value) in [("shape", spec.shape), ("scale", spec.scale)] {
        if let Some(value) = value {
            checks::positive(format!("{path}.{name}"), value)?;
        }
    }
    let Some(cv) = spec.cv else { return Ok(()) };
    let path = format!("{path}.cv");
    checks::positive(path.as_str(), cv)?;
    if spec.process == ArrivalProcess::Weibull && !WEIBULL_CV.contains(&cv) {
        return Err(ConfigError::invalid(path, cv, "0.01 to 10.4 for weibull"));
    }
    Ok(())
}

/// The times between arrivals of a checked process at `rate` requests per µs. Adds a warning if the process is replaced.
pub(super) fn interarrival(
    spec: &ArrivalSpec,
    rate: f64,
    path: &str,
    warnings: &mut Vec<String>,
) -> Interarrival {
    let given = spec.shape.zip(spec.scale);
    let cv = spec.cv.unwrap_or(1.0);
    let law = match (spec.process, given) {
        (ArrivalProcess::Constant, _) => ArrivalLaw::Constant,
        (ArrivalProcess::Poisson, _) => ArrivalLaw::Poisson,
        (ArrivalProcess::Gamma, Some((shape, scale))) => ArrivalLaw::GammaOf { shape, scale },
        (ArrivalProcess::Weibull, Some((shape, scale))) => ArrivalLaw::WeibullOf { shape, scale },
        (ArrivalProcess::Weibull, None) => ArrivalLaw::Weibull { cv },
        (ArrivalProcess::Gamma, None) => ArrivalLaw::gamma(cv).unwrap_or_else(|| {
            warnings.push(format!("{path}.cv: a gamma process with CV {cv} above 10 becomes Poisson"));
            ArrivalLaw::Poisson
        }),
    };
    Interarrival::new(law, rate)
}

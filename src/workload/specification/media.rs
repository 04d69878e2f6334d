//! Prompts of text, images, audio and video (sessions chapter, S-11).

use super::distribution::lengths;
use crate::config::workload_spec::{DistributionSpec, MultimodalSpec};
use crate::error::ConfigError;
use crate::workload::lengths::{LengthSampler, MAX_PIECES, Medium};

/// The prompt lengths of a client with several media. Every distribution that is given is checked, also one that does not count
/// because the other one of its medium is missing.
pub(super) fn media(spec: Option<&MultimodalSpec>, path: &str) -> Result<Option<LengthSampler>, ConfigError> {
    let Some(spec) = spec else { return Ok(None) };
    let given = |name: &str, spec: Option<&DistributionSpec>| {
        spec.map(|spec| lengths(spec, &format!("{path}.multimodal.{name}_distribution"))).transpose()
    };
    let text = given("text", spec.text_distribution.as_ref())?;
    let media = [
        ("image", &spec.image_distribution, &spec.image_count_distribution),
        ("audio", &spec.audio_distribution, &spec.audio_count_distribution),
        ("video", &spec.video_distribution, &spec.video_count_distribution),
    ];
    let mut counted = Vec::new();
    for (name, tokens, count) in media {
        let tokens = given(name, tokens.as_ref())?;
        let count = given(&format!("{name}_count"), count.as_ref())?;
        let Some((tokens, count)) = tokens.zip(count) else { continue };
        let most = count.upper_bound().unwrap_or_default().max(count.about_mean());
        if most > f64::from(MAX_PIECES) {
            let path = format!("{path}.multimodal.{name}_count_distribution");
            return Err(ConfigError::invalid(path, most, format!("at most {MAX_PIECES} per prompt")));
        }
        counted.push(Medium { count, tokens });
    }
    if text.is_none() && counted.is_empty() {
        return Err(ConfigError::invalid(
            format!("{path}.multimodal"),
            "no medium",
            "text_distribution, or the two distributions of image, audio or video",
        ));
    }
    Ok(Some(LengthSampler::Media { text: text.map(Box::new), media: counted }))
}

//! The settings of a lesson: each must be one, in its range, and all runs together must be bearable.

use super::{MAX_MEMORY, MAX_REQUESTS, MAX_SECONDS, Problems};
use crate::config::Config;
use crate::error::ConfigError;
use crate::estimate::{Estimate, estimate};
use crate::lessons::{Lesson, Pairs, Scene, defaults, pair_text};
use crate::settings::schema;

/// Layers of settings by the place where they stand in the lesson; the later ones win.
type Layers<'a> = [(String, &'a Pairs)];

/// Appends what is wrong with the settings.
pub(super) fn check(lesson: &Lesson, found: &mut Problems) {
    let mut total = Estimate { requests: 0, bytes: 0, seconds: 0.0 };
    let mut configs = Vec::new();
    for (index, scene) in lesson.scenes.iter().enumerate() {
        let own = (format!("scenes[{index}].pairs"), &scene.pairs);
        let layers = [("base".to_owned(), &lesson.base), own];
        let Some((config, about)) = usable(&layers, found) else { continue };
        total.requests = total.requests.saturating_add(about.requests);
        total.bytes = total.bytes.saturating_add(about.bytes);
        total.seconds += about.seconds;
        configs.push((scene, config));
    }
    bearable(&total, found);
    explore(lesson, &configs, found);
}

/// The runs of one seed together.
fn bearable(total: &Estimate, found: &mut Problems) {
    let Estimate { requests, bytes, seconds } = *total;
    if requests > MAX_REQUESTS {
        let expected = format_args!("at most {MAX_REQUESTS} in all of them together");
        found.invalid("scenes", format_args!("{requests} requests"), expected);
    }
    if bytes > MAX_MEMORY {
        let (got, most) = (bytes >> 20, MAX_MEMORY >> 20);
        found.invalid("scenes", format_args!("about {got} MiB"), format_args!("at most {most} MiB together"));
    }
    if seconds > MAX_SECONDS {
        let expected = format_args!("at most {MAX_SECONDS} s for all of them");
        found.invalid("scenes", format_args!("about {seconds:.0} s of computing"), expected);
    }
}

/// What is suggested to be tried must change something and must not be a run whose figures have been shown.
fn explore(lesson: &Lesson, configs: &[(&Scene, Config)], found: &mut Problems) {
    let explore = &lesson.explore;
    // What is wrong with the scene itself has been said.
    let Some((start, _)) = configs.iter().find(|(scene, _)| scene.name == explore.scene) else { return };
    let further = ("explore.pairs".to_owned(), &explore.pairs);
    let own = (format!("scene {}", start.name), &start.pairs);
    let Some((config, _)) = usable(&[("base".to_owned(), &lesson.base), own, further], found) else { return };
    if let Some((shown, _)) = configs.iter().find(|(_, other)| *other == config) {
        let expected = "settings that no scene has: the reader is to try something new";
        found.invalid("explore.pairs", format_args!("those of the scene {}", shown.name), expected);
    }
}

/// The configuration of these settings, with what it takes, unless there is something wrong with it.
fn usable(layers: &Layers<'_>, found: &mut Problems) -> Option<(Config, Estimate)> {
    let before = found.0.len();
    let mut refused = false;
    let mut config = defaults();
    for (place, pairs) in layers {
        for (key, value) in *pairs {
            if let Err(problem) = set(&mut config, place, key, &pair_text(value)) {
                found.add(problem);
                refused = true;
            }
        }
    }
    if refused || found.0.len() > before {
        return None;
    }
    let mut problems = config.problems();
    if problems.is_empty() {
        match estimate(&config) {
            Ok(about) => return Some((config, about)),
            Err(problem) => problems.push(problem),
        }
    }
    for problem in &problems {
        found.add(relocated(problem, layers));
    }
    None
}

/// A setting of the lesson, by the key that addresses have.
fn set(config: &mut Config, place: &str, key: &str, text: &str) -> Result<(), ConfigError> {
    let path = format!("{place}.{key}");
    let setting = schema::by_name(key).ok_or_else(|| {
        ConfigError::invalid(&path, text, "the key of a setting, as in the page's addresses")
    })?;
    if setting.key != key {
        return Err(ConfigError::invalid(
            path,
            text,
            format_args!("this setting by its key, {}", setting.key),
        ));
    }
    if setting.path == "seed" {
        return Err(ConfigError::invalid(
            path,
            text,
            "no seed: every lesson is run with its own seeds, 1 to 20",
        ));
    }
    config.set(key, text).map_err(|problem| moved(&problem, &path, setting.path))
}

/// A problem of a configuration at the place of the lesson that sets the setting; the last one counts.
fn relocated(problem: &ConfigError, layers: &Layers<'_>) -> ConfigError {
    let setting = schema::key_of(problem.path()).and_then(schema::by_name);
    let place = setting.and_then(|setting| {
        let layer = layers.iter().rev().find(|(_, pairs)| pairs.contains_key(setting.key));
        layer.map(|(place, _)| (format!("{place}.{}", setting.key), setting.path))
    });
    match (place, layers.last()) {
        (Some((place, root)), _) => moved(problem, &place, root),
        // A default contradicts what is set: the message names both.
        (None, Some((place, _))) => ConfigError::malformed(place, problem),
        (None, None) => problem.clone(),
    }
}

/// The same problem at another place; what follows the setting's own path in it stays.
fn moved(problem: &ConfigError, place: &str, root: &str) -> ConfigError {
    let path = format!("{place}{}", problem.path().strip_prefix(root).unwrap_or_default());
    match problem {
        ConfigError::Malformed { message, .. } => ConfigError::malformed(path, message),
        _ => ConfigError::invalid(path, problem.value(), problem.expected()),
    }
}

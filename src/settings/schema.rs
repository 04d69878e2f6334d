//! One table of all settings, from which flags, JSON, the page's form, its URL and the documentation follow.
//!
//! The defaults are not written here: they are read from [`Config::default`], so that the two cannot disagree.

mod deployment;
mod gateway;
mod instance;
mod kind;
mod observation;
mod workload;

pub(crate) use kind::values;
pub use kind::{Condition, Group, SettingKind, TargetDimension, Test};

use super::field::Field;
use super::json;
use super::setting_value::{Number, Refusal, SettingValue};
use crate::config::Config;
use crate::error::ConfigError;
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;

/// One setting: its key, type, default, bounds, texts and flag.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate property")]
pub struct Setting {
    /// Place in the JSON form (`routing.policy`). A `*` stands for the name of an SLO class.
    pub path: &'static str,
    /// The same place in the configuration.
    #[serde(skip)]
    field: &'static Field,
    /// The command-line flag (`--routing-policy`); `null` if only JSON, page and URL can set it.
    pub flag: Option<&'static str>,
    /// An older name of the flag, which is accepted as well.
    pub older_flag: Option<&'static str>,
    /// Short name in URLs (`route`).
    pub key: &'static str,
    /// The station of a request's way that the setting belongs to.
    pub group: Group,
    /// Name in the form.
    pub label: &'static str,
    /// One line for a reader new to the subject.
    pub help: &'static str,
    /// Unit of the value.
    pub unit: Option<&'static str>,
    /// Type and valid values.
    pub kind: SettingKind,
    /// Value when nothing is given, as in the JSON form.
    #[cfg_attr(feature = "js", tsify(type = "unknown"))]
    pub default: Value,
    /// The same as text, empty for "not set".
    pub default_text: String,
    /// Whether the form hides it at first.
    pub advanced: bool,
    /// Whether the page's form shows it. What changes nothing in the page is for other callers: the command line, files
    /// and programs.
    pub in_page: bool,
    /// The setting has an effect only if all of these hold.
    pub applies_when: Vec<Condition>,
    /// The range is not checked while the setting has no effect (as in the reference).
    pub checked_only_if_applies: bool,
    /// Lower end of a slider; the valid range may be wider.
    pub ui_min: Option<f64>,
    /// Upper end of a slider.
    pub ui_max: Option<f64>,
    /// Step of a slider.
    pub ui_step: Option<f64>,
    /// Whether the slider is logarithmic.
    pub log: bool,
}

impl Setting {
    /// A setting without flag, unit, conditions or slider. The default is filled in by [`settings`].
    const fn new(field: &'static Field, key: &'static str, label: &'static str, kind: SettingKind) -> Self {
        Self {
            path: field.path(),
            field,
            flag: None,
            older_flag: None,
            key,
            group: Group::Model,
            label,
            help: "",
            unit: None,
            kind,
            default: Value::Null,
            default_text: String::new(),
            advanced: false,
            in_page: true,
            applies_when: Vec::new(),
            checked_only_if_applies: false,
            ui_min: None,
            ui_max: None,
            ui_step: None,
            log: false,
        }
    }

    fn flag(mut self, flag: &'static str) -> Self {
        self.flag = Some(flag);
        self
    }

    fn older_flag(mut self, flag: &'static str) -> Self {
        self.older_flag = Some(flag);
        self
    }

    fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }

    fn not_in_page(mut self) -> Self {
        self.in_page = false;
        self
    }

    fn applies_when(mut self, condition: Condition) -> Self {
        self.applies_when.push(condition);
        self
    }

    fn checked_only_if_applies(mut self) -> Self {
        self.checked_only_if_applies = true;
        self
    }

    fn slider(mut self, min: f64, max: f64, step: f64) -> Self {
        (self.ui_min, self.ui_max, self.ui_step) = (Some(min), Some(max), Some(step));
        self
    }

    fn log_slider(self, min: f64, max: f64, step: f64) -> Self {
        Self { log: true, ..self.slider(min, max, step) }
    }

    /// Whether the setting has an effect in a configuration.
    pub fn applies(&self, config: &Config) -> bool {
        self.missing(config).is_none()
    }

    /// The first condition that keeps the setting from having an effect.
    pub(super) fn missing(&self, config: &Config) -> Option<&Condition> {
        self.applies_when.iter().find(|condition| !condition.holds(config))
    }

    /// What is valid, as the end of "must be ...".
    pub fn expected(&self) -> String {
        self.kind.expected()
    }

    /// The value in a configuration as text, as in flags and addresses; empty for "not set".
    pub fn text(&self, config: &Config) -> String {
        self.field.of(config).text()
    }

    /// The value in a configuration in its JSON form; of a target, one number per class.
    pub fn json(&self, config: &Config) -> Value {
        self.field.of(config).json()
    }

    /// Whether a configuration has the default of this setting.
    pub fn is_default(&self, config: &Config) -> bool {
        self.field.of(config).is(&self.default)
    }

    /// The value in a configuration, if it is a number.
    pub(super) fn number(&self, config: &Config) -> Number {
        self.field.of(config).number()
    }

    /// Gives the setting the value that a text stands for. Ranges are checked later, by `validate`.
    ///
    /// # Errors
    /// A text that is not of the setting's type; the configuration stays as it was.
    pub(super) fn read_text(&self, config: &mut Config, text: &str) -> Result<(), ConfigError> {
        if text.is_empty() && (self.kind.nullable() || self.kind.allows_empty()) {
            return self.change(config, text, &|value| {
                value.clear();
                Ok(())
            });
        }
        if text.is_empty() {
            return Err(ConfigError::invalid(self.path, text, self.expected()));
        }
        self.change(config, text, &|value| value.read_text(text, &self.kind))
    }

    fn change(
        &self,
        config: &mut Config,
        text: &str,
        change: &dyn Fn(&mut dyn SettingValue) -> Result<(), Refusal>,
    ) -> Result<(), ConfigError> {
        self.field.change(config, change).map_err(|refusal| match refusal {
            Refusal::Type => ConfigError::invalid(self.path, text, self.expected()),
            Refusal::Malformed(message) => ConfigError::malformed(self.path, message),
            Refusal::Part(error) => error,
            Refusal::Document(document, mismatch) => json::misfit(self.path, &document, &mismatch),
        })
    }
}

/// Every setting, in the order in which a request meets them.
pub fn settings() -> &'static [Setting] {
    static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
        let defaults = Config::default();
        let groups = [
            (Group::Model, deployment::model()),
            (Group::Memory, deployment::memory()),
            (Group::Cluster, deployment::cluster()),
            (Group::Admission, gateway::admission()),
            (Group::Routing, gateway::routing()),
            (Group::Instance, instance::instance()),
            (Group::Workload, workload::workload()),
            (Group::Targets, observation::targets()),
            (Group::Trace, observation::trace()),
        ];
        groups
            .into_iter()
            .flat_map(|(group, settings)| settings.into_iter().map(move |setting| (group, setting)))
            .map(|(group, setting)| Setting {
                group,
                default: setting.json(&defaults),
                default_text: setting.text(&defaults),
                ..setting
            })
            .collect()
    });
    &SETTINGS
}

/// The setting with this path (indices and class names allowed: `slo.batch.ttft_ms`, `routing.scorers[1].weight`).
pub fn by_path(path: &str) -> Option<&'static Setting> {
    let exact = settings().iter().find(|setting| setting.path == path);
    exact.or_else(|| settings().iter().find(|setting| covers(setting.path, path)))
}

/// The setting with this path, URL key or flag, of which an older name will do.
pub fn by_name(name: &str) -> Option<&'static Setting> {
    settings().iter().find(|setting| {
        setting.key == name
            || setting.path == name
            || [setting.flag, setting.older_flag].contains(&Some(name))
    })
}

/// The key of the setting that a problem or warning at this path is shown at.
pub fn key_of(path: &str) -> Option<&'static str> {
    // What concerns the targets of all dimensions is shown at the first.
    let of_map = || {
        settings().iter().find(|setting| setting.path.split_once(".*").is_some_and(|(map, _)| map == path))
    };
    by_path(path).or_else(of_map).map(|setting| setting.key)
}

/// Whether a setting's path is, or contains, a place in the configuration.
fn covers(pattern: &str, path: &str) -> bool {
    match pattern.split_once(".*") {
        Some((map, dimension)) => path
            .strip_prefix(map)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|rest| rest.ends_with(dimension) || !rest.contains('.')),
        None => path.strip_prefix(pattern).is_some_and(|rest| rest.starts_with(['.', '['])),
    }
}

//! A configuration as short pairs of name and text: the codec of URLs and flags.

use super::schema;
use crate::config::Config;
use crate::error::ConfigError;

impl Config {
    /// `base` with some settings replaced. A name is a path (`routing.policy`), a URL key (`route`) or a flag
    /// (`--routing-policy`); later pairs win.
    ///
    /// # Errors
    /// An unknown name, or a text that is not of the setting's type. Ranges are not checked: see
    /// [`Config::validate`].
    ///
    /// ```
    /// use blis_playground::Config;
    /// let config = Config::from_pairs(&Config::default(), [("rate", "200"), ("route", "least-loaded")])?;
    /// assert_eq!(config.workload.rate, 200.0);
    /// assert_eq!(config.to_pairs(), [("route", "least-loaded".to_owned()), ("rate", "200".to_owned())]);
    /// # Ok::<(), blis_playground::ConfigError>(())
    /// ```
    pub fn from_pairs<Name: AsRef<str>, Text: AsRef<str>>(
        base: &Self,
        pairs: impl IntoIterator<Item = (Name, Text)>,
    ) -> Result<Self, ConfigError> {
        let mut config = base.clone();
        for (name, text) in pairs {
            config.set(name.as_ref(), text.as_ref())?;
        }
        Ok(config)
    }

    /// Replaces one setting, as in [`Config::from_pairs`].
    ///
    /// # Errors
    /// As there; the configuration stays as it was.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        let setting = schema::by_name(name).ok_or_else(|| {
            let place = if name.is_empty() { "a pair without a name" } else { name };
            ConfigError::invalid(place, text, "the name of a setting")
        })?;
        setting.read_text(self, text)
    }

    /// The settings that differ from the defaults, by URL key, in the order of the schema.
    ///
    /// `Config::from_pairs(&Config::default(), config.to_pairs())` gives the configuration back.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let changed = schema::settings().iter().filter(|setting| !setting.is_default(self));
        changed.map(|setting| (setting.key, setting.text(self))).collect()
    }

    /// The keys of the settings that have no effect because of the values of others.
    pub fn without_effect(&self) -> Vec<&'static str> {
        schema::settings()
            .iter()
            .filter(|setting| !setting.applies(self))
            .map(|setting| setting.key)
            .collect()
    }
}

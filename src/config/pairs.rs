//! A configuration as short pairs of name and text: the codec of URLs and flags.

use super::{Config, schema, value_text};
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
        let mut value = base.to_value();
        for (name, words) in pairs {
            let (name, words) = (name.as_ref(), words.as_ref());
            let setting = schema::by_name(name).ok_or_else(|| {
                let place = if name.is_empty() { "a pair without a name" } else { name };
                ConfigError::invalid(place, words, "the name of a setting")
            })?;
            value_text::put(setting, &mut value, value_text::parse(setting, words)?);
        }
        Self::from_value(value)
    }

    /// The settings that differ from the defaults, by URL key, in the order of the schema.
    ///
    /// `Config::from_pairs(&Config::default(), config.to_pairs())` gives the configuration back.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let (value, defaults) = (self.to_value(), Self::default().to_value());
        schema::settings()
            .iter()
            .map(|setting| (setting, value_text::get(setting, &value)))
            .filter(|(setting, value)| *value != value_text::get(setting, &defaults))
            .map(|(setting, value)| (setting.key, value_text::write(setting, &value)))
            .collect()
    }
}

//! Cutting, filtering and scaling a trace (TR-6).

use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;
use serde::{Deserialize, Serialize};

/// What of a trace is used, and how it is scaled; applied in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Slices {
    /// Beginning of a window, µs from the first arrival of the file; times then count from here.
    pub from_us: Option<i64>,
    /// End of the window, which is not part of it.
    pub to_us: Option<i64>,
    /// What rows have to be.
    pub filters: Vec<Filter>,
    /// Of the rows that are left, row 0, this one, twice this one, ... .
    pub every: Option<u32>,
    /// Share of the rows that are kept at random, above 0 to 1.
    pub sample: Option<f64>,
    /// Seed of that choice.
    pub seed: i64,
    /// Number of rows at the beginning.
    pub first: Option<u64>,
    /// Most input tokens: longer prompts are cut to this.
    pub clip_input: Option<u32>,
    /// Most output tokens.
    pub clip_output: Option<u32>,
    /// Input tokens are multiplied by this and cut off.
    pub input_scale: Option<f64>,
    /// Output tokens are multiplied by this and cut off.
    pub output_scale: Option<f64>,
    /// Spread rows of one time evenly until the next.
    pub spread: bool,
    /// Arrivals come this much faster.
    pub speed: Option<f64>,
    /// Mean arrivals per second that are reached by their speed.
    pub rate: Option<f64>,
    /// How often the trace is played, one after the other.
    pub repeat: Option<u32>,
    /// Whether repetitions share no prefixes with each other.
    pub repeat_fresh: bool,
}

/// What a row has to be to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Filter {
    /// What is compared.
    pub field: FilterField,
    /// How.
    pub is: Comparison,
    /// With what: a number for lengths and rounds, else a name; the empty name is none.
    pub value: String,
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub enum FilterField {
    /// Input tokens.
    Input,
    /// Output tokens.
    Output,
    /// Input and output tokens together.
    Total,
    /// Round of a session, from 0.
    Round,
    /// SLO class.
    Class,
    /// Tenant.
    Tenant,
    /// Client, which is the model of traces that name one.
    Client,
    /// Session.
    Session,
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub enum Comparison {
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// The same.
    #[serde(rename = "=")]
    Same,
    /// Another.
    #[serde(rename = "!=")]
    Other,
    /// Less.
    #[serde(rename = "<")]
    Below,
    /// More.
    #[serde(rename = ">")]
    Above,
}

impl FilterField {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Input, "input"),
        (Self::Output, "output"),
        (Self::Total, "total"),
        (Self::Round, "round"),
        (Self::Class, "class"),
        (Self::Tenant, "tenant"),
        (Self::Client, "client"),
        (Self::Session, "session"),
    ];

    /// Whether it is compared as a number.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Input | Self::Output | Self::Total | Self::Round)
    }

    /// As it is written.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(field, _)| *field == self).map_or("", |(_, name)| name)
    }
}

impl Comparison {
    const ALL: [(Self, &'static str); 6] = [
        (Self::AtMost, "<="),
        (Self::AtLeast, ">="),
        (Self::Other, "!="),
        (Self::Same, "="),
        (Self::Below, "<"),
        (Self::Above, ">"),
    ];

    /// As it is written.
    pub fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(own, _)| *own == self).map_or("", |(_, sign)| sign)
    }

    pub(super) const fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::AtMost => order.is_le(),
            Self::AtLeast => order.is_ge(),
            Self::Same => order.is_eq(),
            Self::Other => order.is_ne(),
            Self::Below => order.is_lt(),
            Self::Above => order.is_gt(),
        }
    }
}

impl Filter {
    /// Reads `input<=8000` or `class=gold`.
    ///
    /// # Errors
    /// What is no filter, with what would be one.
    pub fn from_text(text: &str) -> Result<Self, ConfigError> {
        let names: Vec<_> = FilterField::ALL.iter().map(|(_, name)| *name).collect();
        let wrong = |expected: String| ConfigError::invalid("filter", format!("\"{text}\""), expected);
        let sign = Comparison::ALL.iter().filter_map(|(is, sign)| Some((text.find(sign)?, *is, *sign)));
        // The first sign, and of `<=` and `<` at one place the longer.
        let sign = sign.min_by_key(|(place, _, sign)| (*place, std::cmp::Reverse(sign.len())));
        let (place, is, sign) = sign.ok_or_else(|| {
            wrong("a field, one of <= >= != = < >, and a value, as in input<=8000".to_owned())
        })?;
        let (name, value) = (text[..place].trim(), text[place + sign.len()..].trim());
        // Traces that name a model have it as their client.
        let own = if name == "model" { "client" } else { name };
        let field = FilterField::ALL.iter().find(|(_, field)| *field == own).map(|(field, _)| *field);
        let field = field.ok_or_else(|| wrong(format!("one of {} before the sign", names.join(", "))))?;
        let filter = Self { field, is, value: value.to_owned() };
        filter.check()?;
        Ok(filter)
    }

    /// As it is written.
    pub fn to_text(&self) -> String {
        format!("{}{}{}", self.field.name(), self.is.sign(), self.value)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong =
            |expected: &str| ConfigError::invalid("filter", format!("\"{}\"", self.to_text()), expected);
        if self.field.is_number() {
            self.value.parse::<u64>().map_err(|_| wrong("a whole number behind the sign"))?;
        } else if !matches!(self.is, Comparison::Same | Comparison::Other) {
            return Err(wrong("= or != before a name"));
        }
        Ok(())
    }
}

impl Slices {
    /// Whether nothing is cut or scaled.
    pub fn is_none(&self) -> bool {
        Self { seed: 0, ..self.clone() } == Self::default()
    }

    /// Those that leave rows out, which is done while a very long file is read.
    pub(super) fn reading(&self) -> Self {
        Self {
            from_us: self.from_us,
            to_us: self.to_us,
            filters: self.filters.clone(),
            every: self.every,
            sample: self.sample,
            seed: if self.sample.is_some() { self.seed } else { 0 },
            first: self.first,
            ..Self::default()
        }
    }

    /// Whether the place of a row in the trace matters.
    pub(super) fn depend_on_order(&self) -> bool {
        let Self { from_us, to_us, every, sample, first, .. } = self;
        from_us.is_some() || to_us.is_some() || every.is_some() || sample.is_some() || first.is_some()
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// The first value that cannot be used, with its field.
    pub fn check(&self) -> Result<(), ConfigError> {
        let time = |field: &str, time: Option<i64>| match time {
            Some(time) if !(0..=MAX_TIME_US).contains(&time) => {
                Err(ConfigError::invalid(format!("slices.{field}"), time, format!("0 to {MAX_TIME_US} µs")))
            }
            _ => Ok(()),
        };
        time("from_us", self.from_us)?;
        time("to_us", self.to_us)?;
        if let (Some(from), Some(to)) = (self.from_us, self.to_us)
            && to <= from
        {
            return Err(ConfigError::invalid("slices.to_us", to, format!("more than from_us = {from}")));
        }
        for filter in &self.filters {
            filter.check()?;
        }
        let whole = |field: &str, value: Option<u64>, most: u64| match value {
            Some(value) if !(1..=most).contains(&value) => {
                Err(ConfigError::invalid(format!("slices.{field}"), value, format!("1 to {most}")))
            }
            _ => Ok(()),
        };
        whole("every", self.every.map(u64::from), MAX_REQUESTS)?;
        whole("first", self.first, u64::MAX)?;
        whole("clip_input", self.clip_input.map(u64::from), u64::from(MAX_TOKENS_PER_REQUEST))?;
        whole("clip_output", self.clip_output.map(u64::from), u64::from(MAX_TOKENS_PER_REQUEST))?;
        whole("repeat", self.repeat.map(u64::from), MAX_REQUESTS)?;
        let number = |field: &str, value: Option<f64>, low: f64, high: f64| match value {
            Some(value) if !(value >= low && value <= high) => {
                Err(ConfigError::invalid(format!("slices.{field}"), value, format!("{low} to {high}")))
            }
            _ => Ok(()),
        };
        number("sample", self.sample, 1e-9, 1.0)?;
        number("input_scale", self.input_scale, 1e-6, 1e6)?;
        number("output_scale", self.output_scale, 1e-6, 1e6)?;
        number("speed", self.speed, 1e-6, 1e6)?;
        number("rate", self.rate, 1e-6, 1e6)?;
        if let (Some(speed), Some(rate)) = (self.speed, self.rate) {
            let other = format!("slices.rate = {rate}");
            return Err(ConfigError::conflict("slices.speed", speed, other, "one of the two"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_as_they_are_written() {
        for text in
            ["input<=8000", "output>3", "class=gold", "tenant!=", "session=a=b", "total>=12", "round<1"]
        {
            assert_eq!(Filter::from_text(text).expect(text).to_text(), text);
        }
        let model = Filter::from_text("model=large").expect("another name of the client");
        assert_eq!(model.to_text(), "client=large");
        for (text, part) in [
            ("input", "a field"),
            ("speed<3", "one of input"),
            ("input<=many", "a whole number"),
            ("class<gold", "= or !="),
        ] {
            let error = Filter::from_text(text).expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}

//! Objects of JSON, of which a few values are wanted.

use crate::import::json;

/// The names and values of an object, as they stand in the file.
#[derive(Debug, Default)]
pub(super) struct Object<'t>(Vec<(String, &'t str)>);

impl<'t> Object<'t> {
    /// `None` if the text is no object.
    pub fn new(text: &'t str) -> Option<Self> {
        let mut fields = Vec::new();
        json::each_field(text, |name, value| fields.push((name.to_owned(), value.get())))
            .then_some(Self(fields))
    }

    /// The value of a name, the last if it is there more than once; `null` is none.
    pub fn get(&self, name: &str) -> Option<&'t str> {
        let (_, value) = self.0.iter().rfind(|(own, _)| own == name)?;
        (*value != "null").then_some(*value)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    /// The object of a name; an empty one if it has none.
    pub fn object(&self, name: &str) -> Self {
        self.get(name).and_then(Self::new).unwrap_or_default()
    }

    /// A number, or a text that is one.
    pub fn number(&self, name: &str) -> Option<f64> {
        number(self.get(name)?)
    }

    /// Whether something that is no number stands under a name.
    pub fn has_no_number(&self, name: &str) -> bool {
        self.get(name).is_some() && self.number(name).is_none()
    }

    /// A number above 0: benchmarks write 0 where there is nothing.
    pub fn positive(&self, name: &str) -> Option<f64> {
        self.number(name).filter(|&value| value != 0.0)
    }

    pub fn count(&self, name: &str) -> Option<u64> {
        self.number(name).filter(|count| (0.0..=1e15).contains(count)).map(|count| count as u64)
    }

    pub fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.get(name)?).ok()
    }

    /// The entries of a list.
    pub fn list(&self, name: &str) -> Option<Vec<&'t str>> {
        json::entries(self.get(name)?)
    }

    /// The numbers of a list; what is no number is not-a-number.
    pub fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        Some(self.list(name)?.into_iter().map(|entry| number(entry).unwrap_or(f64::NAN)).collect())
    }

    /// The first number below a name anywhere in the object, in lists as well: for settings whose place differs by version.
    pub fn find(&self, name: &str, depth: usize) -> Option<f64> {
        if let Some(value) = self.get(name) {
            let first = json::entries(value).and_then(|list| list.first().copied());
            if let Some(found) = number(first.unwrap_or(value)) {
                return Some(found);
            }
        }
        if depth == 0 {
            return None;
        }
        self.0.iter().find_map(|(_, value)| Object::new(value)?.find(name, depth - 1))
    }
}

/// A number of JSON, or a text that is one.
pub(super) fn number(value: &str) -> Option<f64> {
    value.trim_matches('"').trim().parse().ok().filter(|value: &f64| !value.is_nan())
}

/// Mean and standard deviation.
pub(super) fn mean_and_stdev(values: &[f64]) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((mean, (squares / count).sqrt()))
}

/// A percentile by linear interpolation, as the benchmarks count it.
pub(super) fn percentile(values: &[f64], percent: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = percent / 100.0 * (sorted.len().checked_sub(1)?) as f64;
    let (below, share) = (place as usize, place - (place as usize) as f64);
    let above = sorted.get(below + 1).copied().unwrap_or(sorted[below]);
    Some(sorted[below] + (above - sorted[below]) * share)
}

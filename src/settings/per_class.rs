//! Values per SLO class or tenant: `name=word,name=word`.

use super::duration;
use super::schema::{SettingKind, TargetDimension};
use super::setting_value::{Refusal, SettingValue, take};
use crate::config::SloTarget;
use crate::order;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Priorities of SLO classes.
impl SettingValue for BTreeMap<String, i32> {
    fn clear(&mut self) {
        Self::clear(self);
    }

    fn read_text(&mut self, text: &str, kind: &SettingKind) -> Result<(), Refusal> {
        let SettingKind::ClassPriorities { min, max } = kind else { return Err(Refusal::Type) };
        let valid = |priority: &i32| (*min..=*max).contains(&i64::from(*priority));
        take(self, per_name(text, |word| word.parse().ok().filter(valid)))
    }

    fn text(&self) -> String {
        items(self, i32::to_string)
    }

    fn json(&self) -> Value {
        object(self)
    }
}

/// Budgets of tenants.
impl SettingValue for BTreeMap<String, f64> {
    fn clear(&mut self) {
        Self::clear(self);
    }

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        let fraction = |word: &str| word.parse().ok().filter(|share| (0.0..=1.0).contains(share));
        take(self, per_name(text, fraction))
    }

    fn text(&self) -> String {
        items(self, f64::to_string)
    }

    fn json(&self) -> Value {
        object(self)
    }
}

/// One latency per SLO class, ms.
pub(super) struct Limits(BTreeMap<String, f64>);

impl Limits {
    /// The limits of one dimension.
    pub fn of(targets: &BTreeMap<String, SloTarget>, dimension: TargetDimension) -> Self {
        let limit = |(class, target): (&String, &SloTarget)| Some((class.clone(), dimension.limit(target)?));
        Self(order::map_of(targets.iter().filter_map(limit)))
    }

    /// Replaces one dimension of all classes; classes without any target disappear.
    pub fn put(self, targets: &mut BTreeMap<String, SloTarget>, dimension: TargetDimension) {
        for target in targets.values_mut() {
            *dimension.limit_mut(target) = None;
        }
        for (class, limit) in self.0 {
            *dimension.limit_mut(targets.entry(class).or_default()) = Some(limit);
        }
        targets.retain(|_, target| *target != SloTarget::default());
    }
}

impl SettingValue for Limits {
    fn clear(&mut self) {
        self.0.clear();
    }

    fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
        let duration =
            |word: &str| duration::parse_ms(word).filter(|limit| *limit > 0.0 && limit.is_finite());
        take(&mut self.0, per_name(text, duration))
    }

    fn text(&self) -> String {
        items(&self.0, |limit| duration::write_ms(*limit))
    }

    fn json(&self) -> Value {
        object(&self.0)
    }
}

/// Reads `name=word,name=word`; each name once.
fn per_name<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<BTreeMap<String, T>> {
    let mut map = BTreeMap::new();
    for item in text.split(',') {
        let (name, word) = item.split_once('=')?;
        if map.insert(name.trim().to_owned(), read(word.trim())?).is_some() {
            return None;
        }
    }
    Some(map)
}

fn items<T>(map: &BTreeMap<String, T>, write: impl Fn(&T) -> String) -> String {
    map.iter().map(|(name, value)| format!("{name}={}", write(value))).collect::<Vec<_>>().join(",")
}

fn object<T: Copy + Into<Value>>(map: &BTreeMap<String, T>) -> Value {
    let mut fields = Map::new();
    for (name, value) in map {
        fields.insert(name.clone(), (*value).into());
    }
    fields.into()
}

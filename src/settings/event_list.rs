//! The text forms of kills and bursts: `2@1.5s,3@2s:crash` and `300@2s` (events chapter, E-1 and E-4).

use super::duration;
use super::schema::{self, SettingKind};
use super::setting_value::{EMPTY_LIST, Refusal, SettingValue, plain};
use crate::config::{Burst, Choice, Kill, KillMode};
use crate::error::ConfigError;
use serde_json::Value;

/// Where a list stands, for errors.
const KILLS: &str = "cluster.kills";
const BURSTS: &str = "workload.bursts";

/// How a time is written; that it lies within the limits is checked later, by `validate`.
const TIME: &str = "a time with a unit, such as 1.5s or 800ms";

macro_rules! lists {
    ($($list:ty => $read:path, $write:path;)+) => {$(
        impl SettingValue for $list {
            fn clear(&mut self) {
                Self::clear(self);
            }

            fn read_text(&mut self, text: &str, _: &SettingKind) -> Result<(), Refusal> {
                let items = if text == EMPTY_LIST { None } else { Some(text.split(',').map(str::trim)) };
                let items = items.into_iter().flatten().enumerate();
                *self = items.map(|(index, item)| $read(index, item)).collect::<Result<_, _>>().map_err(Refusal::Part)?;
                Ok(())
            }

            fn text(&self) -> String {
                if self.is_empty() {
                    return EMPTY_LIST.to_owned();
                }
                self.iter().map($write).collect::<Vec<_>>().join(",")
            }

            fn json(&self) -> Value {
                plain(self)
            }
        }
    )+};
}

lists! {
    Vec<Kill> => kill, kill_text;
    Vec<Burst> => burst, burst_text;
}

/// Reads `instance@time` or `instance@time:mode`.
fn kill(index: usize, item: &str) -> Result<Kill, ConfigError> {
    let (instance, rest) = parts(KILLS, index, item, "instance@time, such as 2@1.5s or 2@1.5s:crash")?;
    let (time, mode) = match rest.split_once(':') {
        Some((time, mode)) => (time, mode_of(index, mode.trim())?),
        None => (rest, KillMode::default()),
    };
    let instance = instance.parse().map_err(|_| {
        ConfigError::invalid(
            format!("{KILLS}[{index}].instance"),
            instance,
            "the number of an instance, from 0",
        )
    })?;
    Ok(Kill { instance, at: at(KILLS, index, time)?, mode })
}

fn mode_of(index: usize, mode: &str) -> Result<KillMode, ConfigError> {
    KillMode::parse(mode).ok_or_else(|| {
        let expected = format!("one of {}", schema::values(KillMode::OPTIONS));
        ConfigError::invalid(format!("{KILLS}[{index}].mode"), mode, expected)
    })
}

/// Reads `requests@time`.
fn burst(index: usize, item: &str) -> Result<Burst, ConfigError> {
    let (requests, time) = parts(BURSTS, index, item, "requests@time, such as 300@2s")?;
    let requests = requests.parse().map_err(|_| {
        ConfigError::invalid(format!("{BURSTS}[{index}].requests"), requests, "a number of requests")
    })?;
    Ok(Burst { requests, at: at(BURSTS, index, time)? })
}

fn parts<'t>(
    path: &str,
    index: usize,
    item: &'t str,
    expected: &str,
) -> Result<(&'t str, &'t str), ConfigError> {
    let (what, when) = item
        .split_once('@')
        .ok_or_else(|| ConfigError::invalid(format!("{path}[{index}]"), item, expected))?;
    Ok((what.trim(), when.trim()))
}

/// Reads a time in whole µs.
fn at(path: &str, index: usize, text: &str) -> Result<i64, ConfigError> {
    let text = text.trim();
    let microseconds = duration::parse_ms(text).map(|ms| (ms * 1000.0).round());
    // What is too large becomes the largest number, which `validate` refuses.
    let time = microseconds.filter(|time| time.is_finite()).map(|time| time as i64);
    time.ok_or_else(|| ConfigError::invalid(format!("{path}[{index}].at"), text, TIME))
}

fn kill_text(&Kill { instance, at, mode }: &Kill) -> String {
    let mode = if mode == KillMode::default() { String::new() } else { format!(":{}", mode.name()) };
    format!("{instance}@{}{mode}", time_text(at))
}

fn burst_text(&Burst { requests, at }: &Burst) -> String {
    format!("{requests}@{}", time_text(at))
}

/// A time in the largest unit in which it is whole.
fn time_text(at: i64) -> String {
    match at {
        at if at % 1_000_000 == 0 => format!("{}s", at / 1_000_000),
        at if at % 1000 == 0 => format!("{}ms", at / 1000),
        at => format!("{at}us"),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Burst, Config, Kill, KillMode};

    fn read(name: &str, text: &str) -> Result<Config, String> {
        Config::from_pairs(&Config::default(), [(name, text)]).map_err(|error| error.to_string())
    }

    #[test]
    fn kills_and_bursts_come_back_from_their_text() -> Result<(), String> {
        let config = read("kill", "2@1.5s, 3@2s:crash,0@7us")?;
        let kills =
            [(2, 1_500_000, KillMode::Drain), (3, 2_000_000, KillMode::Crash), (0, 7, KillMode::Drain)];
        assert_eq!(config.cluster.kills, kills.map(|(instance, at, mode)| Kill { instance, at, mode }));
        assert_eq!(config.to_pairs(), [("kill", "2@1500ms,3@2s:crash,0@7us".to_owned())]);

        let config = read("--burst", "300@2s,1@1m0.25s")?;
        let bursts = [(300, 2_000_000), (1, 60_250_000)].map(|(requests, at)| Burst { requests, at });
        assert_eq!(config.workload.bursts, bursts);
        assert_eq!(read("burst", "")?, Config::default());
        assert_eq!(read("burst", "none")?, Config::default());
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (name, text, error) in [
            ("kill", "2", "cluster.kills[0]: got 2, expected instance@time, such as 2@1.5s or 2@1.5s:crash"),
            ("kill", "x@1s", "cluster.kills[0].instance: got x, expected the number of an instance, from 0"),
            (
                "kill",
                "0@1s,-1@1s",
                "cluster.kills[1].instance: got -1, expected the number of an instance, from 0",
            ),
            ("kill", "2@1", "cluster.kills[0].at: got 1, expected a time with a unit, such as 1.5s or 800ms"),
            ("kill", "2@1s:burn", "cluster.kills[0].mode: got burn, expected one of drain, crash"),
            ("burst", "300", "workload.bursts[0]: got 300, expected requests@time, such as 300@2s"),
            ("burst", "1e3@2s", "workload.bursts[0].requests: got 1e3, expected a number of requests"),
            (
                "burst",
                "3@-2s",
                "workload.bursts[0].at: got -2s, expected a time with a unit, such as 1.5s or 800ms",
            ),
        ] {
            assert_eq!(read(name, text).err().as_deref(), Some(error));
        }
    }
}

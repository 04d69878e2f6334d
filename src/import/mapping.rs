//! Which column of a file holds what (TR-5).

use super::names::{normalized, without_unit};
use super::time::TimeUnit;
use crate::error::ConfigError;
use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub enum Role {
    /// Nothing that is used.
    #[default]
    Ignore,
    /// The time of arrival.
    Arrival,
    /// The time since the row before.
    Gap,
    /// Input tokens: the whole prompt.
    Input,
    /// Output tokens.
    Output,
    /// Input and output tokens together.
    Total,
    /// SLO class.
    Class,
    /// Tenant.
    Tenant,
    /// Client.
    Client,
    /// Session.
    Session,
    /// Round of the session, from 0.
    Round,
    /// Tokens at the beginning of the prompt that it shares with its prefix group.
    PrefixTokens,
    /// Prefix group.
    PrefixGroup,
    /// Identities of the blocks of the prompt.
    HashIds,
    /// When the client gives up, on the clock of the arrivals.
    Deadline,
    /// Whether the request succeeded.
    Status,
    /// Priority: a label, the class if there is no other.
    Priority,
    /// Images of the prompt.
    Images,
    /// Time from the answer before to this round of a session, ms.
    Delay,
    /// The prompt as text, which has no length here.
    Text,
    /// The chat that this row continues.
    Parent,
    /// What went wrong.
    Error,
    /// Phase of a benchmark.
    Phase,
    /// Measured time to first token: a span.
    Ttft,
    /// Unit of the measured time to first token.
    TtftUnit,
    /// Measured time to the end: a span.
    E2e,
    /// Unit of the measured time to the end.
    E2eUnit,
    /// Measured time of the first token, on the clock of the arrivals.
    FirstToken,
    /// Measured time of the end, on the clock of the arrivals.
    End,
}

/// How many roles there are.
pub(super) const ROLES: usize = Role::End as usize + 1;

/// Each role that a mapping may name, what it is called in a message, and the names by which it is suggested.
const NAMES: [(Role, &str, &str, &[&str]); 21] = [
    (Role::Ignore, "ignore", "nothing", &[]),
    (
        Role::Arrival,
        "arrival",
        "arrival",
        &[
            "timestamp",
            "time",
            "arrival",
            "arrivaltime",
            "arrivaltimeus",
            "arrivaltimems",
            "arrivaltimes",
            "arrivedat",
            "starttime",
            "start",
            "ts",
            "t",
            "when",
            "requeststart",
            "requeststartns",
            "sendtime",
            "datetime",
            "arrivaltimestamp",
            "eventtime",
            "starttimestamp",
            "createdat",
            "created",
            "submittedat",
            "submittime",
            "receivedat",
            "date",
            "zeit",
            "zeitstempel",
        ],
    ),
    (Role::Gap, "gap", "gap", &["gap", "interarrival", "interarrivaltime", "delta"]),
    (
        Role::Input,
        "input",
        "input tokens",
        &[
            "inputtokens",
            "inputlength",
            "inputlen",
            "isl",
            "prompttokens",
            "promptlength",
            "promptlen",
            "contexttokens",
            "requesttokens",
            "numprefilltokens",
            "in",
            "input",
            "prompt",
            "numinputtokens",
            "numprompttokens",
        ],
    ),
    (
        Role::Output,
        "output",
        "output tokens",
        &[
            "outputtokens",
            "outputlength",
            "outputlen",
            "osl",
            "generatedtokens",
            "completiontokens",
            "responsetokens",
            "numdecodetokens",
            "out",
            "output",
            "answer",
            "completion",
            "numoutputtokens",
            "numcompletiontokens",
        ],
    ),
    (Role::Total, "total", "total tokens", &["totaltokens", "total"]),
    (Role::Class, "class", "class", &["sloclass", "class", "logtype"]),
    (Role::Tenant, "tenant", "tenant", &["tenant", "tenantid", "user", "userid", "customer"]),
    (Role::Client, "client", "client", &["client", "clientid", "model", "modelname"]),
    (Role::Session, "session", "session", &["sessionid", "session", "conversationid", "chatid"]),
    (Role::Round, "round", "round", &["round", "roundindex", "roundidx", "turn", "turnindex"]),
    (Role::PrefixTokens, "prefix_tokens", "prefix tokens", &["prefixtokens", "prefixlength", "prefixlen"]),
    (Role::PrefixGroup, "prefix_group", "prefix group", &["prefixgroup"]),
    (Role::HashIds, "hash_ids", "hash ids", &["hashids", "blockhashes"]),
    (Role::Deadline, "deadline", "deadline", &["deadline", "deadlineus"]),
    (Role::Status, "status", "status", &["status", "statuscode"]),
    (Role::Priority, "priority", "priority", &["priority"]),
    (Role::Images, "images", "images", &["numimages"]),
    (Role::Error, "error", "error", &["error"]),
    (Role::Ttft, "ttft", "measured time to first token", &[]),
    (Role::E2e, "e2e", "measured time to the end", &[]),
];

impl Role {
    /// The roles that a mapping may name.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(role, ..)| *role)
    }

    /// As it is written in a mapping; empty for those that none may name.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(role, ..)| *role == self).map_or("", |(_, name, ..)| name)
    }

    /// In the words of a message.
    pub fn words(self) -> &'static str {
        NAMES.iter().find(|(role, ..)| *role == self).map_or("column", |(_, _, words, _)| words)
    }

    /// The role of a name in a mapping.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, own, ..)| *own == name).map(|(role, ..)| *role)
    }

    /// What a column of this name probably holds. Of a time the name may end with its unit: `Arrival Time (ms)`.
    pub fn suggested(column: &str) -> Self {
        let last = column.rsplit('.').next().unwrap_or(column);
        let named =
            |plain: &str| NAMES.iter().find(|(.., names)| names.contains(&plain)).map(|(role, ..)| *role);
        let found = |name: &str| {
            named(&normalized(name)).or_else(|| {
                named(&without_unit(name)).filter(|role| matches!(role, Self::Arrival | Self::Gap))
            })
        };
        found(column).or_else(|| found(last)).unwrap_or_default()
    }
}

/// What one column of a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct MappedColumn {
    /// Its name in the first line; that of a nested value has dots; `#3` is the third column.
    pub column: String,
    /// What it holds.
    pub role: Role,
    /// What its numbers count, of a column of times; guessed if it is not given.
    #[serde(default)]
    pub unit: Option<TimeUnit>,
}

/// What the columns of a file hold; those that are not named hold nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Mapping {
    /// The columns.
    pub columns: Vec<MappedColumn>,
}

impl Mapping {
    /// Reads a mapping in one line: `arrival=when:s,input=prompt,output=answer`. A name with a comma, an equals sign or a
    /// colon in it is written as the place of its column: `input=#3`.
    ///
    /// # Errors
    /// Roles, units and columns that are none, with the part of the line.
    pub fn from_line(line: &str) -> Result<Self, ConfigError> {
        let mut columns: Vec<MappedColumn> = Vec::new();
        for part in line.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let wrong = |expected: String| ConfigError::invalid("mapping", part, expected);
            let (role, column) =
                part.split_once('=').ok_or_else(|| wrong("role=column, as in arrival=when:s".to_owned()))?;
            let role = Role::named(role.trim()).ok_or_else(|| {
                let names: Vec<_> = Role::all().map(Role::name).collect();
                wrong(format!("one of the roles {} before the equals sign", names.join(", ")))
            })?;
            let (column, unit) = match column.rsplit_once(':') {
                Some((column, unit)) => {
                    let names: Vec<_> = TimeUnit::ALL.map(TimeUnit::name).to_vec();
                    let unit = TimeUnit::named(unit.trim()).ok_or_else(|| {
                        wrong(format!("one of the units {} behind the colon", names.join(", ")))
                    })?;
                    (column, Some(unit))
                }
                None => (column, None),
            };
            if column.trim().is_empty() {
                return Err(wrong("the name of a column behind the equals sign".to_owned()));
            }
            columns.push(MappedColumn { column: column.trim().to_owned(), role, unit });
        }
        let mapping = Self { columns };
        mapping.check()?;
        Ok(mapping)
    }

    /// The same in one line.
    pub fn to_line(&self) -> String {
        let part = |column: &MappedColumn| {
            let unit = column.unit.map_or(String::new(), |unit| format!(":{}", unit.name()));
            format!("{}={}{unit}", column.role.name(), column.column)
        };
        self.columns.iter().map(part).collect::<Vec<_>>().join(",")
    }

    /// Whether each role is given to one column at most.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (place, column) in self.columns.iter().enumerate() {
            let twice = |other: &&MappedColumn| other.role == column.role && column.role != Role::Ignore;
            if let Some(other) = self.columns[..place].iter().find(twice) {
                let expected = format!("one column for {}; {} has it too", column.role.name(), other.column);
                return Err(ConfigError::invalid("mapping", &column.column, expected));
            }
        }
        Ok(())
    }

    /// Whether some column has this role.
    pub fn has(&self, role: Role) -> bool {
        self.columns.iter().any(|column| column.role == role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_in_one_line_comes_back_and_a_wrong_part_is_named() {
        let line = "arrival=when:s,input=prompt,output=#3,tenant=usage.who";
        let mapping = Mapping::from_line(line).expect("a mapping");
        assert_eq!(mapping.to_line(), line);
        for (line, part) in [
            ("arrival", "role=column"),
            ("speed=when", "one of the roles"),
            ("arrival=when:h", "one of the units"),
            ("arrival=:s", "the name of a column"),
            ("input=a,input=b", "one column for input"),
        ] {
            let error = Mapping::from_line(line).expect_err(line).to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn columns_are_suggested_by_name() {
        for (name, role) in [
            ("Request tokens", Role::Input),
            ("num_decode_tokens", Role::Output),
            ("usage.prompt_tokens", Role::Input),
            ("TIMESTAMP", Role::Arrival),
            ("customer", Role::Tenant),
            ("weather", Role::Ignore),
            ("timestamp_ms", Role::Arrival),
            ("time_ms", Role::Arrival),
            ("Arrival Time (ms)", Role::Arrival),
            ("@timestamp", Role::Arrival),
            ("Time [ms]", Role::Arrival),
            ("startTimeUnixNano", Role::Arrival),
            ("time_iso8601", Role::Arrival),
            ("created_at", Role::Arrival),
            ("interarrival_ms", Role::Gap),
            ("time_to_first_token_ms", Role::Ignore),
            ("ms", Role::Ignore),
            ("output_s", Role::Ignore),
            ("end_time_ms", Role::Ignore),
        ] {
            assert_eq!(Role::suggested(name), role, "{name}");
        }
    }
}

//! Which format a file is of: by its content, never by its name (TR-2).

use super::format::Format;
use super::mapping::Role;
use super::names::normalized;
use super::shape::MOST_OF_NAME;
use crate::error::ConfigError;
use crate::text::up_to;

/// The formats whose first line has such names, the best first.
pub(super) fn of_table(names: &[String]) -> Vec<Format> {
    let names: Vec<_> = names.iter().map(|name| normalized(name)).collect();
    let has = |name: &str| names.iter().any(|own| own == name);
    let fits = |format: Format| match format {
        Format::TraceV2 => {
            has("requestid")
                && has("arrivaltimeus")
                && has("inputtokens")
                && has("outputtokens")
                && names.len() >= 27
        }
        Format::AzureLlm => {
            has("timestamp") && has("contexttokens") && has("generatedtokens") && !has("numimages")
        }
        Format::AzureLmm => {
            has("timestamp") && has("contexttokens") && has("generatedtokens") && has("numimages")
        }
        Format::Burstgpt => has("timestamp") && has("requesttokens") && has("responsetokens"),
        Format::Vidur => has("numprefilltokens") && has("numdecodetokens"),
        Format::Tracelab => has("inputlen") && has("outputlen") && has("roundidx") && has("toolwaitafterms"),
        Format::Generic => true,
        _ => false,
    };
    Format::all().filter(|&format| fits(format)).collect()
}

/// The formats whose objects have such names, the best first; `lists` are those of values that are lists, and
/// `holds_agents` says that lists of requests have what those of agents have.
pub(super) fn of_objects(names: &[String], lists: &[String], holds_agents: bool) -> Vec<Format> {
    let plain = |names: &[String]| names.iter().map(|name| normalized(name)).collect::<Vec<_>>();
    let (names, lists) = (plain(names), plain(lists));
    let has = |name: &str| names.iter().any(|own| own == name);
    let has_list = |name: &str| lists.iter().any(|own| own == name);
    let below = |stem: &str| names.iter().any(|own| own.starts_with(stem));
    let lengths = has("inputlength") && has("outputlength");
    let fits = |format: Format| match format {
        Format::Mooncake => has("timestamp") && lengths && !has("chatid"),
        Format::Schedule => {
            let timed = has("timestamp") && lengths;
            has("outputlength") && (has("delay") || has("textinput") || timed) && !has("chatid")
        }
        Format::Bailian => has("chatid") && has("parentchatid"),
        Format::Weka => holds_agents || (has("t") && has("in") && has("out")),
        Format::Sharegpt => ["conversations", "messages", "conversation"].into_iter().any(has_list),
        Format::VllmBench => {
            (has_list("inputlens") && has_list("outputlens"))
                || (has("totalinputtokens") && has("requestrate"))
        }
        Format::Guidellm => has_list("benchmarks"),
        Format::InferencePerf => has("starttime") && has("endtime") && below("info."),
        Format::Aiperf => has("metadata.requeststartns"),
        Format::Aibrix => has("timestamp") && has_list("requests"),
        Format::Generic => true,
        _ => false,
    };
    Format::all().filter(|&format| fits(format)).collect()
}

/// The format that is wanted, or the first that fits.
pub(super) fn chosen(
    fitting: &[Format],
    wanted: Option<Format>,
    is_table: bool,
) -> Result<Format, ConfigError> {
    match wanted {
        None => Ok(fitting[0]),
        Some(format) if format == Format::Generic || format.is_table() == is_table => Ok(format),
        Some(format) => {
            let here = if is_table { "a table" } else { "JSON" };
            let there = if is_table { "JSON" } else { "a table" };
            let expected =
                format!("one of {}: this file is {here}, and {} is {there}", ids(fitting), format.id());
            Err(ConfigError::invalid("format", format.id(), expected))
        }
    }
}

fn ids(formats: &[Format]) -> String {
    formats.iter().map(|format| format.id()).collect::<Vec<_>>().join(", ")
}

/// The error of a file in which a column that must be there is not.
pub(super) fn missing(role: Role, format: Format, columns: &[String]) -> ConfigError {
    let known: Vec<_> = Format::all().filter(|format| *format != Format::Generic).map(Format::name).collect();
    let columns = listed(columns);
    let what = match format {
        Format::Generic => format!("no column of {} is known", role.words()),
        _ => format!("{} has no column of {}", format.name(), role.words()),
    };
    ConfigError::malformed(
        "file",
        format!(
            "{what}; columns found: {columns}. Map them, as in arrival=when:s,input=prompt,output=answer, or bring one of the \
             formats that are read without: {}",
            known.join(", ")
        ),
    )
}

/// The names of columns in a message.
pub(super) fn listed(columns: &[String]) -> String {
    let name = |name: &String| format!("\"{}\"", up_to(MOST_OF_NAME, name.clone()));
    let columns: Vec<_> = columns.iter().take(40).map(name).collect();
    if columns.is_empty() { "none".to_owned() } else { columns.join(", ") }
}

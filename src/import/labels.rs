//! The names of a row: classes, tenants, sessions, groups.

use super::columns::{Kept, Labels, NONE};
use super::drops::Reason;
use super::format::Format;
use super::mapping::Role;
use super::rows::{Refused, Rows};
use super::values::Values;
use crate::config::limits::MAX_NAME_BYTES;
use std::borrow::Cow;

impl Rows {
    /// Takes the names of a row.
    pub(super) fn labels<'v>(&mut self, values: &'v Values<'_>, kept: &mut Kept) -> Result<(), Refused<'v>> {
        let is_class = self.plan.format != Format::Burstgpt || self.plan.answers.log_type_as_class;
        if is_class {
            kept.class = label(Role::Class, values, &mut self.names.classes)?;
            if kept.class == NONE {
                kept.class = label(Role::Priority, values, &mut self.names.classes)?;
            }
        }
        kept.tenant = label(Role::Tenant, values, &mut self.names.tenants)?;
        kept.client = label(Role::Client, values, &mut self.names.clients)?;
        kept.session = label(Role::Session, values, &mut self.names.sessions)?;
        if self.plan.format == Format::Bailian && kept.session != NONE {
            kept.session = self.chats.root(kept.session);
        }
        if values.has(Role::Round) {
            kept.round = self.count(Role::Round, values)?;
            if self.plan.format == Format::Bailian {
                kept.round = kept.round.saturating_sub(1);
            } else if self.plan.format == Format::Tracelab {
                kept.round = 0;
            }
        }
        if values.has(Role::PrefixGroup) {
            kept.group = label(Role::PrefixGroup, values, &mut self.names.groups)?;
            kept.prefix = if values.has(Role::PrefixTokens) {
                self.count(Role::PrefixTokens, values)?.min(kept.input)
            } else {
                kept.input
            };
        }
        Ok(())
    }

    /// Notes which chat came before that of the row.
    pub(super) fn chat(&mut self, values: &Values<'_>) {
        let name = |role| {
            let name = values.text(role).map(<[u8]>::trim_ascii)?;
            (name.len() <= MAX_NAME_BYTES).then_some(name)
        };
        if let (Some(chat), Some(before)) = (name(Role::Session), name(Role::Parent))
            && !before.starts_with(b"-")
        {
            let before = self.names.sessions.place(&name_of(before));
            let chat = self.names.sessions.place(&name_of(chat));
            self.chats.follow(chat, before);
        }
    }
}

/// A name as it is kept.
pub(super) fn name_of(text: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(text.trim_ascii())
}

fn label<'v>(role: Role, values: &'v Values<'_>, labels: &mut Labels) -> Result<u32, Refused<'v>> {
    let Some(text) = values.text(role).map(<[u8]>::trim_ascii) else { return Ok(NONE) };
    if text.len() > MAX_NAME_BYTES {
        return Err((Reason::of(role.words(), "a name of more than 200 bytes"), text));
    }
    Ok(labels.place(&name_of(text)))
}

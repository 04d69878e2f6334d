//! Chats that name the chat before them: the session is the one at the root (TR-2, Bailian).

use super::columns::NONE;

/// Which chat came before which; chats are places of session names.
#[derive(Debug, Default)]
pub(super) struct Chats {
    parent: Vec<u32>,
}

impl Chats {
    /// Notes that a chat came before another. The first that is said about a chat holds, and no chat comes before itself.
    pub fn follow(&mut self, chat: u32, before: u32) {
        let known = self.parent.get(chat as usize).copied().unwrap_or(NONE);
        if known != NONE || self.root(before) == chat {
            return;
        }
        if self.parent.len() <= chat as usize {
            self.parent.resize(chat as usize + 1, NONE);
        }
        self.parent[chat as usize] = before;
    }

    /// The first chat of the chain, as far as it is known.
    pub fn root(&mut self, chat: u32) -> u32 {
        let parent = |chats: &Self, chat: u32| chats.parent.get(chat as usize).copied().unwrap_or(NONE);
        let mut now = chat;
        loop {
            let before = parent(self, now);
            if before == NONE {
                return now;
            }
            // Shorter the next time.
            let further = parent(self, before);
            if further != NONE {
                self.parent[now as usize] = further;
            }
            now = before;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.parent.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_in_any_order_and_circles_end() {
        let mut chats = Chats::default();
        chats.follow(3, 2);
        assert_eq!(chats.root(3), 2);
        chats.follow(2, 1);
        chats.follow(1, 0);
        assert_eq!((chats.root(3), chats.root(2), chats.root(0)), (0, 0, 0));
        chats.follow(0, 3);
        assert_eq!(chats.root(3), 0);
        chats.follow(7, 7);
        assert_eq!(chats.root(7), 7);
        chats.follow(3, 9);
        assert_eq!(chats.root(3), 0);
    }
}

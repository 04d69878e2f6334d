//! Regular expressions as quantisation tools write them into files (models chapter, G-5): enough of them to tell which
//! modules are meant, without a library that would outweigh the reader.

use std::cell::Cell;

/// Steps of all comparisons of a file, far above what its names need: an expression must not hang the page.
#[derive(Default)]
pub(super) struct Steps(Cell<usize>);

const MOST_STEPS: usize = 4_000_000;

/// Longest expression, in bytes.
const LONGEST: usize = 1000;

impl Steps {
    /// Whether comparisons were cut short.
    pub(super) fn are_used_up(&self) -> bool {
        self.0.get() > MOST_STEPS
    }

    fn take(&self) -> bool {
        self.0.set(self.0.get() + 1);
        !self.are_used_up()
    }
}

/// A compiled expression, which is compared from the beginning of a name.
pub(super) struct Expression {
    alternatives: Alternatives,
    /// Whether it has digits of its own.
    pub numbered: bool,
}

type Alternatives = Vec<Vec<Piece>>;

struct Piece {
    atom: Atom,
    least: usize,
    most: usize,
}

enum Atom {
    Any,
    Char(char),
    Class { ranges: Vec<(char, char)>, negated: bool },
    Group(Alternatives),
    Look { ahead: Alternatives, negated: bool },
    Start,
    End,
}

impl Expression {
    /// None for what is not understood.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // Longer ones would need a deep stack.
        if text.len() > LONGEST {
            return None;
        }
        let mut parser = Parser { rest: text.chars().collect::<Vec<_>>(), at: 0, depth: 0 };
        let alternatives = parser.alternatives()?;
        let numbered = text.contains(|char: char| char.is_ascii_digit());
        (parser.at == parser.rest.len()).then_some(Self { alternatives, numbered })
    }

    /// Whether a name begins with what the expression describes.
    pub(super) fn matches(&self, name: &str, steps: &Steps) -> bool {
        let text: Vec<char> = name.chars().collect();
        any(&self.alternatives, &text, 0, steps, &mut |_| true)
    }
}

struct Parser {
    rest: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Option<Alternatives> {
        self.depth += 1;
        if self.depth > 20 {
            return None;
        }
        let mut all = vec![Vec::new()];
        while let Some(char) = self.peek().filter(|char| *char != ')') {
            if char == '|' {
                self.at += 1;
                all.push(Vec::new());
                continue;
            }
            let piece = self.piece()?;
            all.last_mut()?.push(piece);
        }
        self.depth -= 1;
        Some(all)
    }

    fn piece(&mut self) -> Option<Piece> {
        let atom = self.atom()?;
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => return self.counted(atom),
            _ => return Some(Piece { atom, least: 1, most: 1 }),
        };
        self.at += 1;
        // Lazy or greedy makes no difference to whether there is a match.
        self.take('?');
        Some(Piece { atom, least, most })
    }

    /// `{2}`, `{2,}`, `{2,5}`.
    fn counted(&mut self, atom: Atom) -> Option<Piece> {
        self.at += 1;
        let length = self.rest[self.at..].iter().position(|char| *char == '}')?;
        let inner: String = self.rest[self.at..self.at + length].iter().collect();
        self.at += length + 1;
        let (least, most) = match inner.split_once(',') {
            Some((least, "")) => (least.parse().ok()?, usize::MAX),
            Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
            None => (inner.parse().ok()?, inner.parse().ok()?),
        };
        Some(Piece { atom, least, most })
    }

    fn atom(&mut self) -> Option<Atom> {
        let char = self.peek()?;
        self.at += 1;
        Some(match char {
            '.' => Atom::Any,
            '^' => Atom::Start,
            '$' => Atom::End,
            '(' => return self.group(),
            '[' => return self.class(),
            '\\' => return self.escaped(),
            '*' | '+' | '?' | '{' => return None,
            other => Atom::Char(other),
        })
    }

    fn group(&mut self) -> Option<Atom> {
        let look = if self.take('?') {
            match self.peek()? {
                ':' => None,
                '=' => Some(false),
                '!' => Some(true),
                _ => return None,
            }
        } else {
            self.at -= 1;
            None
        };
        self.at += 1;
        let inner = self.alternatives()?;
        if !self.take(')') {
            return None;
        }
        Some(match look {
            Some(negated) => Atom::Look { ahead: inner, negated },
            None => Atom::Group(inner),
        })
    }

    fn class(&mut self) -> Option<Atom> {
        let negated = self.take('^');
        let mut ranges = Vec::new();
        loop {
            let char = self.peek()?;
            self.at += 1;
            match char {
                ']' if !ranges.is_empty() => return Some(Atom::Class { ranges, negated }),
                '\\' => match self.escaped()? {
                    Atom::Class { ranges: inner, negated: false } => ranges.extend(inner),
                    Atom::Char(char) => ranges.push((char, char)),
                    _ => return None,
                },
                low if self.peek() == Some('-')
                    && self.rest.get(self.at + 1).is_some_and(|it| *it != ']') =>
                {
                    self.at += 1;
                    ranges.push((low, self.peek()?));
                    self.at += 1;
                }
                other => ranges.push((other, other)),
            }
        }
    }

    fn escaped(&mut self) -> Option<Atom> {
        let char = self.peek()?;
        self.at += 1;
        let class = |ranges: &[(char, char)], negated| Atom::Class { ranges: ranges.to_vec(), negated };
        let word = [('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];
        Some(match char {
            'd' => class(&[('0', '9')], false),
            'D' => class(&[('0', '9')], true),
            'w' => class(&word, false),
            'W' => class(&word, true),
            other if other.is_alphanumeric() => return None,
            other => Atom::Char(other),
        })
    }
}

type Then<'a> = &'a mut dyn FnMut(usize) -> bool;

fn any(alternatives: &Alternatives, text: &[char], at: usize, steps: &Steps, then: Then) -> bool {
    alternatives.iter().any(|pieces| all(pieces, text, at, steps, then))
}

fn all(pieces: &[Piece], text: &[char], at: usize, steps: &Steps, then: Then) -> bool {
    match pieces.split_first() {
        None => then(at),
        Some((piece, rest)) => repeated(piece, piece.least, piece.most, text, at, steps, &mut |at| {
            all(rest, text, at, steps, then)
        }),
    }
}

fn repeated(
    piece: &Piece,
    least: usize,
    most: usize,
    text: &[char],
    at: usize,
    steps: &Steps,
    then: Then,
) -> bool {
    if !steps.take() {
        return false;
    }
    if least == 0 && then(at) {
        return true;
    }
    if most == 0 {
        return false;
    }
    once(&piece.atom, text, at, steps, &mut |next| {
        // What matched nothing would match nothing for ever.
        (next > at || least > 0)
            && repeated(piece, least.saturating_sub(1), most - 1, text, next, steps, then)
    })
}

fn once(atom: &Atom, text: &[char], at: usize, steps: &Steps, then: Then) -> bool {
    let char = text.get(at).copied();
    let one = match atom {
        Atom::Any => char.is_some(),
        Atom::Char(expected) => char == Some(*expected),
        Atom::Class { ranges, negated } => char
            .is_some_and(|char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&char)) != *negated),
        Atom::Start => return at == 0 && then(at),
        Atom::End => return at == text.len() && then(at),
        Atom::Group(inner) => return any(inner, text, at, steps, then),
        Atom::Look { ahead, negated } => {
            return any(ahead, text, at, steps, &mut |_| true) != *negated && then(at);
        }
    };
    one && then(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_real_files_match_as_they_should() {
        let name = "model.layers.12.mlp.gate_proj";
        for (expression, expected) in [
            (r".*mlp\.(gate|up|gate_up|down)_proj.*", true),
            (r".*self_attn.*", false),
            (r".*mlp\.gate$", false),
            (r"model\.layers\.\d+\.mlp", true),
            (r"layers", false),
            (r"^model\.layers\.(1[0-2]|[3-9])\..*", true),
            (r"(?!.*gate_proj).*", false),
            (r"(?:model|backbone)\.layers\.[^.]+\.\w{3}\.gate_proj$", true),
            (r"model\.layers\.1?2?2?\.mlp", true),
            ("", true),
        ] {
            assert_eq!(
                Expression::parse(expression).expect(expression).matches(name, &Steps::default()),
                expected,
                "{expression}"
            );
        }
    }

    #[test]
    fn what_is_not_understood_is_no_expression() {
        for text in [
            "(",
            "(a",
            "a)",
            "[",
            "[]",
            r"\",
            r"\b",
            "*a",
            "a{",
            "a{x}",
            "(?<n>a)",
            &"(".repeat(99),
            &"a".repeat(1001),
        ] {
            assert!(Expression::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn no_expression_takes_long() {
        let slow = Expression::parse("(a*)*(a*)*(a|aa)+b").expect("an expression");
        let steps = Steps::default();
        assert!(!slow.matches(&"a".repeat(40), &steps) && steps.are_used_up());
        assert!(Expression::parse("(|a)*").expect("an expression").matches("b", &Steps::default()));
    }
}

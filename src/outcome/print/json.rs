//! The number and string format of the printed JSON (metrics chapter, M-4).

use crate::formats::number_to_string;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::io::{self, Write};

/// A value as JSON, indented by two spaces, numbers as JavaScript prints them.
///
/// # Errors
/// If the value does not serialise, for example because a map has keys that are not strings.
pub fn to_pretty_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, ReferenceFormatter::default()))?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

/// Two-space indentation with JavaScript's numbers and HTML-safe strings.
#[derive(Default)]
struct ReferenceFormatter {
    layout: PrettyFormatter<'static>,
}

impl Formatter for ReferenceFormatter {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number_to_string(value).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(place) = rest.find(['<', '>', '&']) {
            let (plain, special) = rest.split_at(place);
            writer.write_all(plain.as_bytes())?;
            // All three are single bytes.
            write!(writer, "\\u{:04x}", special.as_bytes()[0])?;
            rest = &special[1..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_point() {
        for (value, text) in
            [(0.0, "0"), (-0.0, "0"), (5.0, "5"), (-12.0, "-12"), (1e20, "100000000000000000000")]
        {
            assert_eq!(number_to_string(value), text);
        }
    }

    #[test]
    fn fractions_print_the_shortest_decimal_that_reads_back() {
        for (value, text) in [
            (0.1, "0.1"),
            (7.859_999_999_999_998_5, "7.8599999999999985"),
            (9.929_999_999_999_996, "9.929999999999996"),
            (11.586_000_000_000_002, "11.586000000000002"),
            (9_929.999_999_999_995, "9929.999999999995"),
            (12506.0 + 1.0 / 3.0, "12506.333333333334"),
        ] {
            assert_eq!(number_to_string(value), text);
        }
    }

    #[test]
    fn exponents_appear_below_a_millionth_and_from_1e21_on() {
        for (value, text) in [
            (1e-6, "0.000001"),
            (9.5e-7, "9.5e-7"),
            (1.25e-10, "1.25e-10"),
            (-1e-7, "-1e-7"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
        ] {
            assert_eq!(number_to_string(value), text);
        }
    }

    #[test]
    fn markup_characters_in_strings_are_escaped() {
        let text = to_pretty_json(&"a<b> & \"c\"").expect("a string is JSON");
        assert_eq!(text, r#""a\u003cb\u003e \u0026 \"c\"""#);
    }

    #[test]
    fn objects_are_indented_by_two_spaces() {
        let value = std::collections::BTreeMap::from([("b", vec![1.0, 2.5]), ("a", vec![])]);
        let text = to_pretty_json(&value).expect("a map is JSON");
        assert_eq!(text, "{\n  \"a\": [],\n  \"b\": [\n    1,\n    2.5\n  ]\n}");
    }
}

//! The canonical forms of a bundle: the text that is written, and the text that is signed.
//!
//! Both are written straight from the types: members are put in order as each object ends, so that no document is held
//! as a tree.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, Formatter};
use sha2::{Digest, Sha256};

/// The members that do not belong to what is signed.
pub const UNSIGNED: [&str; 3] = ["compiler", "digest", "source"];

/// The digest of a bundle: SHA-256 over its form by RFC 8785, without the members in [`UNSIGNED`].
///
/// The numbers of a bundle are small whole numbers, so that any program for RFC 8785 finds the same digest.
///
/// # Errors
/// As [`pretty`].
pub fn digest(bundle: &impl Serialize) -> serde_json::Result<String> {
    let mut digest = String::from("sha256:");
    for byte in Sha256::digest(text(bundle, Form::Signed)?) {
        // Writing to a string cannot fail.
        let _ = write!(digest, "{byte:02x}");
    }
    Ok(digest)
}

/// The text of a bundle: members sorted, two spaces of indentation, a newline at the end. It can be put into a page of
/// HTML as it is: no string holds a character that could end a script or turn the direction of writing.
///
/// # Errors
/// A number with a fraction, which has no canonical form here, or a key that is not a text.
pub fn pretty(bundle: &impl Serialize) -> serde_json::Result<String> {
    let mut text = text(bundle, Form::Written)?;
    text.push(b'\n');
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

fn text(value: &impl Serialize, form: Form) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Canonical::new(form)))?;
    Ok(text)
}

/// Which of the two texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The bytes that are signed: RFC 8785.
    Signed,
    /// The text that people read.
    Written,
}

/// Writes a document into a buffer of its own, and to the writer when it is whole.
struct Canonical {
    form: Form,
    buffer: Vec<u8>,
    /// The objects and lists that are open, from the outermost.
    open: Vec<Open>,
    /// Where a member is copied to when an object is put in order.
    spare: Vec<u8>,
}

/// An object or a list.
#[derive(Default)]
struct Open {
    /// Where it starts in the buffer, before its bracket.
    start: usize,
    /// Its members in the order in which they came, with separators; nothing for a list.
    members: Vec<Member>,
    /// How many members or items it has.
    count: usize,
}

/// A member of an object in the buffer.
struct Member {
    /// Its key, without quotes.
    key: Range<usize>,
    /// Key, colon and value.
    whole: Range<usize>,
}

impl Canonical {
    fn new(form: Form) -> Self {
        Self { form, buffer: Vec::new(), open: Vec::new(), spare: Vec::new() }
    }

    fn put(&mut self, text: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(text);
        Ok(())
    }

    fn begin(&mut self, bracket: u8) -> io::Result<()> {
        self.open.push(Open { start: self.buffer.len(), ..Open::default() });
        self.put(&[bracket])
    }

    /// What stands before a member or item.
    fn separate(&mut self) {
        let depth = self.open.len();
        if let Some(open) = self.open.last_mut() {
            separator(&mut self.buffer, self.form, open.count, depth);
            open.count += 1;
        }
    }

    fn end(&mut self, bracket: u8) -> io::Result<()> {
        if let Some(open) = self.open.pop() {
            self.arrange(&open);
            if open.count > 0 {
                separator(&mut self.buffer, self.form, 0, self.open.len());
            }
        }
        self.put(&[bracket])
    }

    /// Puts the members of an object that has just been read in the order of RFC 8785.
    fn arrange(&mut self, open: &Open) {
        let text = |range: &Range<usize>| self.buffer.get(range.clone()).unwrap_or_default();
        let unsigned = |member: &&Member| {
            let signs = self.form == Form::Signed && self.open.is_empty();
            !(signs && UNSIGNED.iter().any(|name| name.as_bytes() == text(&member.key)))
        };
        let mut members: Vec<&Member> = open.members.iter().filter(unsigned).collect();
        let in_order = |a: &&Member, b: &&Member| order(text(&a.key), text(&b.key)) != Ordering::Greater;
        if members.len() == open.members.len() && members.is_sorted_by(in_order) {
            return;
        }
        members.sort_by(|a, b| order(text(&a.key), text(&b.key)));
        self.spare.clear();
        for (index, member) in members.into_iter().enumerate() {
            separator(&mut self.spare, self.form, index, self.open.len() + 1);
            self.spare.extend_from_slice(text(&member.whole));
        }
        self.buffer.truncate(open.start + 1);
        self.buffer.extend_from_slice(&self.spare);
    }

    fn hand_over(&mut self, writer: &mut (impl ?Sized + Write)) -> io::Result<()> {
        if self.open.is_empty() { writer.write_all(&self.buffer) } else { Ok(()) }
    }
}

/// A comma unless it is the first, and in the written form the start of a line.
fn separator(out: &mut Vec<u8>, form: Form, index: usize, depth: usize) {
    if index > 0 {
        out.push(b',');
    }
    if form == Form::Written {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', 2 * depth));
    }
}

/// The order of keys of RFC 8785: by their UTF-16 units.
fn order(a: &[u8], b: &[u8]) -> Ordering {
    let is_plain = |key: &[u8]| key.is_ascii() && !key.contains(&b'\\');
    if is_plain(a) && is_plain(b) {
        return a.cmp(b);
    }
    let units = |key: &[u8]| -> Vec<u16> {
        let quoted = [b"\"", key, b"\""].concat();
        let key: String = serde_json::from_slice(&quoted).unwrap_or_default();
        key.encode_utf16().collect()
    };
    units(a).cmp(&units(b))
}

/// Numbers that are whole; others have no place in a bundle.
macro_rules! whole_numbers {
    ($($write:ident: $number:ty),+ $(,)?) => {
        $(fn $write<W: ?Sized + Write>(&mut self, _: &mut W, value: $number) -> io::Result<()> {
            self.put(value.to_string().as_bytes())
        })+
    };
}

impl Formatter for Canonical {
    whole_numbers! {
        write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64, write_i128: i128,
        write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128,
    }

    fn write_f32<W: ?Sized + Write>(&mut self, _: &mut W, _: f32) -> io::Result<()> {
        Err(io::Error::other("a number with a fraction"))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, _: &mut W, _: f64) -> io::Result<()> {
        Err(io::Error::other("a number with a fraction"))
    }

    fn write_null<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.put(b"null")
    }

    fn write_bool<W: ?Sized + Write>(&mut self, _: &mut W, value: bool) -> io::Result<()> {
        self.put(if value { b"true" } else { b"false" })
    }

    fn begin_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.put(b"\"")
    }

    fn end_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.put(b"\"")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, _: &mut W, text: &str) -> io::Result<()> {
        let harmless = |byte: u8| byte < 0x7F && !matches!(byte, b'<' | b'>' | b'&');
        if self.form == Form::Signed || text.bytes().all(harmless) {
            return self.put(text.as_bytes());
        }
        for letter in text.chars() {
            if is_risky(letter) {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    write!(self.buffer, "\\u{unit:04x}")?;
                }
            } else {
                self.put(letter.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, _: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Quote => self.put(b"\\\""),
            CharEscape::ReverseSolidus => self.put(b"\\\\"),
            CharEscape::Solidus => self.put(b"/"),
            CharEscape::Backspace => self.put(b"\\b"),
            CharEscape::FormFeed => self.put(b"\\f"),
            CharEscape::LineFeed => self.put(b"\\n"),
            CharEscape::CarriageReturn => self.put(b"\\r"),
            CharEscape::Tab => self.put(b"\\t"),
            CharEscape::AsciiControl(byte) => write!(self.buffer, "\\u{byte:04x}"),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.begin(b'[')
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(b']')?;
        self.hand_over(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.separate();
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.begin(b'{')
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(b'}')?;
        self.hand_over(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.separate();
        let start = self.buffer.len();
        if let Some(open) = self.open.last_mut() {
            open.members.push(Member { key: start + 1..start, whole: start..start });
        }
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.buffer.len();
        if let Some(member) = self.open.last_mut().and_then(|open| open.members.last_mut()) {
            member.key.end = end.saturating_sub(1);
        }
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.put(if self.form == Form::Written { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.buffer.len();
        if let Some(member) = self.open.last_mut().and_then(|open| open.members.last_mut()) {
            member.whole.end = end;
        }
        Ok(())
    }
}

/// Whether a character could end a script of HTML, end a line of JavaScript, turn the direction of writing, or hide.
fn is_risky(letter: char) -> bool {
    matches!(letter,
        '<' | '>' | '&' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_text_is_sorted_and_safe_in_html() {
        let value = json!({"b": [], "a": ["</script>\u{202e}\u{2028}&\u{1}\"\\é", 1, null, true], "c": {}});
        assert_eq!(
            pretty(&value).unwrap(),
            "{\n  \"a\": [\n    \"\\u003c/script\\u003e\\u202e\\u2028\\u0026\\u0001\\\"\\\\é\",\n    1,\n    null,\n    \
             true\n  ],\n  \"b\": [],\n  \"c\": {}\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&pretty(&value).unwrap()).unwrap(), value);
    }

    /// Members that come in any order, as those of a type do.
    #[derive(Serialize)]
    struct Unsorted {
        #[serde(rename = "\u{1F600}")]
        outside_the_basic_plane: u8,
        #[serde(rename = "\u{FB33}")]
        high: u8,
        b: Vec<Value>,
        a_b: Option<u8>,
        a: &'static str,
    }

    #[test]
    fn members_are_sorted_by_utf_16_units() {
        let value =
            Unsorted { outside_the_basic_plane: 1, high: 2, b: vec![json!({"y": -1, "x": {}})], a_b: None, a: "" };
        let text = String::from_utf8(text(&value, Form::Signed).unwrap()).unwrap();
        assert_eq!(text, "{\"a\":\"\",\"a_b\":null,\"b\":[{\"x\":{},\"y\":-1}],\"\u{1F600}\":1,\"\u{FB33}\":2}");
        assert!(pretty(&1.5).is_err());
    }

    #[test]
    fn the_digest_is_of_the_signed_members_alone() {
        // printf '{"a":"<","b":[1,null]}' | sha256sum
        let expected = "sha256:277d68d6f18b49807325ebf799a33067c991fc198491fead157461a9179db0fd";
        let value = json!({"b": [1, null], "source": {"x": 1}, "a": "<", "digest": "?", "compiler": 2});
        assert_eq!(digest(&value).unwrap(), expected);
        assert_ne!(digest(&json!({"b": [2, null], "a": "<"})).unwrap(), expected);
    }
}

//! The canonical forms of a bundle: the text that is written, and the text that is signed.
//!
//! The first comes from the second, which is written straight from the types: members are put in order as each object
//! ends, so that no document is held as a tree.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, Formatter};
use sha2::{Digest, Sha256};

use super::layout::laid_out;

/// The members that do not belong to what is signed.
pub const UNSIGNED: [&str; 4] = ["compiler", "digest", "resolved", "source"];

/// The digest of a bundle: SHA-256 over its form by RFC 8785, without the members in [`UNSIGNED`].
///
/// The numbers of a bundle are small whole numbers, so that any program for RFC 8785 finds the same digest.
///
/// # Errors
/// As [`pretty`].
pub fn digest(bundle: &impl Serialize) -> serde_json::Result<String> {
    Ok(Document::of(bundle)?.digest())
}

/// The text of a bundle: members sorted, objects and lists in one line if they fit, else with two spaces of indentation,
/// and a newline at the end. It can be put into a page of HTML as it is: no string holds a character that could end a
/// script or turn the direction of writing.
///
/// # Errors
/// A number with a fraction, which has no canonical form here, or a key that is not a text.
pub fn pretty(bundle: &impl Serialize) -> serde_json::Result<String> {
    Ok(laid_out(&Document::of(bundle)?.text))
}

/// [`pretty`], with the digest of the bundle as the value of its member `digest`.
///
/// # Errors
/// As [`pretty`].
pub fn signed(bundle: &impl Serialize) -> serde_json::Result<String> {
    let mut document = Document::of(bundle)?;
    if let Some(place) = document.members.iter().find(|member| document.key(member) == "digest") {
        let member = format!("\"digest\":\"{}\"", document.digest());
        document.text.replace_range(place.whole.clone(), &member);
    }
    Ok(laid_out(&document.text))
}

/// A document in the form of RFC 8785: members in order, no blanks.
struct Document {
    text: String,
    members: Vec<Member>,
}

impl Document {
    fn of(value: &impl Serialize) -> serde_json::Result<Document> {
        // About the length of a commitment with all that it needs.
        let mut written = Writing { buffer: Vec::with_capacity(1 << 14), ..Writing::default() };
        value.serialize(&mut Serializer::with_formatter(io::sink(), Canonical(&mut written)))?;
        let text = String::from_utf8(written.buffer).map_err(serde::ser::Error::custom)?;
        Ok(Document { text, members: written.members })
    }

    fn key(&self, member: &Member) -> &str {
        self.text.get(member.key.clone()).unwrap_or_default()
    }

    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        if self.members.is_empty() {
            hash.update(&self.text);
        } else {
            let signed = self.members.iter().filter(|member| !UNSIGNED.contains(&self.key(member)));
            hash.update("{");
            for (index, member) in signed.enumerate() {
                hash.update(if index > 0 { "," } else { "" });
                hash.update(self.text.get(member.whole.clone()).unwrap_or_default());
            }
            hash.update("}");
        }
        let mut digest = String::from("sha256:");
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(digest, "{byte:02x}");
        }
        digest
    }
}

/// A document that is being written.
#[derive(Default)]
struct Writing {
    buffer: Vec<u8>,
    /// The objects and lists that are open, from the outermost.
    open: Vec<Open>,
    /// Where members are copied to when an object is put in order.
    spare: Vec<u8>,
    /// The members of the outermost object.
    members: Vec<Member>,
}

/// An object or a list.
#[derive(Default)]
struct Open {
    /// Where it starts in the buffer, before its bracket.
    start: usize,
    /// Its members in the order in which they came; nothing for a list.
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

impl Writing {
    fn put(&mut self, text: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(text);
        Ok(())
    }

    fn begin(&mut self, bracket: u8) -> io::Result<()> {
        self.open.push(Open { start: self.buffer.len(), ..Open::default() });
        self.put(&[bracket])
    }

    /// The comma before a member or item that is not the first.
    fn separate(&mut self) {
        if let Some(open) = self.open.last_mut() {
            if open.count > 0 {
                self.buffer.push(b',');
            }
            open.count += 1;
        }
    }

    fn end(&mut self, bracket: u8) -> io::Result<()> {
        if let Some(mut open) = self.open.pop() {
            self.arrange(&mut open);
            if self.open.is_empty() {
                self.members = open.members;
            }
        }
        self.put(&[bracket])
    }

    /// Puts the members of an object that has just been read in the order of RFC 8785.
    fn arrange(&mut self, open: &mut Open) {
        let text = |range: &Range<usize>| self.buffer.get(range.clone()).unwrap_or_default();
        let in_order = |a: &Member, b: &Member| order(text(&a.key), text(&b.key)) != Ordering::Greater;
        if open.members.is_sorted_by(in_order) {
            return;
        }
        open.members.sort_by(|a, b| order(text(&a.key), text(&b.key)));
        self.spare.clear();
        for (index, member) in open.members.iter_mut().enumerate() {
            if index > 0 {
                self.spare.push(b',');
            }
            let from = open.start + 1 + self.spare.len();
            self.spare.extend_from_slice(self.buffer.get(member.whole.clone()).unwrap_or_default());
            member.key = from + 1..from + 1 + member.key.len();
            member.whole = from..from + member.whole.len();
        }
        self.buffer.truncate(open.start + 1);
        self.buffer.extend_from_slice(&self.spare);
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
            self.0.put(value.to_string().as_bytes())
        })+
    };
}

/// Writes into a document, and nothing to the writer.
struct Canonical<'a>(&'a mut Writing);

impl Formatter for Canonical<'_> {
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
        self.0.put(b"null")
    }

    fn write_bool<W: ?Sized + Write>(&mut self, _: &mut W, value: bool) -> io::Result<()> {
        self.0.put(if value { b"true" } else { b"false" })
    }

    fn begin_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.put(b"\"")
    }

    fn end_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.put(b"\"")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, _: &mut W, text: &str) -> io::Result<()> {
        self.0.put(text.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, _: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Quote => self.0.put(b"\\\""),
            CharEscape::ReverseSolidus => self.0.put(b"\\\\"),
            CharEscape::Solidus => self.0.put(b"/"),
            CharEscape::Backspace => self.0.put(b"\\b"),
            CharEscape::FormFeed => self.0.put(b"\\f"),
            CharEscape::LineFeed => self.0.put(b"\\n"),
            CharEscape::CarriageReturn => self.0.put(b"\\r"),
            CharEscape::Tab => self.0.put(b"\\t"),
            CharEscape::AsciiControl(byte) => write!(self.0.buffer, "\\u{byte:04x}"),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.begin(b'[')
    }

    fn end_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.end(b']')
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.0.separate();
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.begin(b'{')
    }

    fn end_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.end(b'}')
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.0.separate();
        let start = self.0.buffer.len();
        if let Some(open) = self.0.open.last_mut() {
            open.members.push(Member { key: start + 1..start, whole: start..start });
        }
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.0.buffer.len();
        if let Some(member) = self.0.open.last_mut().and_then(|open| open.members.last_mut()) {
            member.key.end = end.saturating_sub(1);
        }
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.put(b":")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.0.buffer.len();
        if let Some(member) = self.0.open.last_mut().and_then(|open| open.members.last_mut()) {
            member.whole.end = end;
        }
        Ok(())
    }
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
            "{\"a\": [\"\\u003c/script\\u003e\\u202e\\u2028\\u0026\\u0001\\\"\\\\é\", 1, null, true], \"b\": [], \"c\": {}}\n"
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
        assert_eq!(
            Document::of(&value).unwrap().text,
            "{\"a\":\"\",\"a_b\":null,\"b\":[{\"x\":{},\"y\":-1}],\"\u{1F600}\":1,\"\u{FB33}\":2}"
        );
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

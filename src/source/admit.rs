use std::fmt;

/// The largest `.sla` file that is read: 16 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Why bytes are not the text of an `.sla` file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// It is larger than [`MAX_BYTES`].
    TooLarge,
    /// It is text in UTF-16.
    Utf16,
    /// It is not UTF-8 from this place on.
    NotUtf8 {
        /// The offset of the first wrong byte, from 0.
        byte: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// It is text with a NUL character.
    Nul {
        /// The offset of the first one, from 0.
        byte: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// It belongs to another program.
    OtherKind(OtherKind),
}

/// Files of other programs that bear the extension `.sla`, or are passed by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherKind {
    /// A page layout of Scribus.
    Scribus,
    /// XML of another kind.
    Xml,
    /// A solid for stereolithography (STL).
    Stl,
    /// A web page.
    Html,
    /// Data in JSON.
    Json,
    /// Data in YAML.
    Yaml,
    /// An archive; printers and Scribus pack their files.
    Archive,
    /// A PDF document.
    Pdf,
    /// Any other bytes that are not text.
    Binary,
}

impl fmt::Display for OtherKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Scribus => "a Scribus document",
            Self::Xml => "an XML document",
            Self::Stl => "a solid for a stereolithography printer",
            Self::Html => "a web page (HTML)",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Archive => "a packed archive",
            Self::Pdf => "a PDF document",
            Self::Binary => "a binary file",
        })
    }
}

impl Rejection {
    /// What is wrong with the file, whatever it should be.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::TooLarge => format!("the file is larger than {} MiB", MAX_BYTES / 1024 / 1024),
            Self::Utf16 => "the file is in UTF-16".to_owned(),
            Self::NotUtf8 { byte, line } => {
                format!("the file is not UTF-8: the first wrong byte is on line {line}, at offset {byte}")
            }
            Self::Nul { byte, line } => format!("the file has a NUL character on line {line}, at offset {byte}"),
            Self::OtherKind(kind) => format!("the file is {kind}"),
        }
    }

    /// What is to be known of it where an agreement is expected.
    fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Utf16 => "an agreement is written in UTF-8",
            Self::OtherKind(OtherKind::Scribus) => "Scribus also uses the extension .sla",
            Self::OtherKind(OtherKind::Stl) => "such printers also use the extension .sla",
            Self::OtherKind(OtherKind::Json | OtherKind::Yaml) => "an agreement is written as `sla new` shows",
            Self::OtherKind(OtherKind::Archive) => "3D printers and Scribus also use the extension .sla",
            Self::OtherKind(OtherKind::Binary) => "3D printers also use the extension .sla",
            _ => return None,
        })
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason())?;
        self.hint().map_or(Ok(()), |hint| write!(out, "; {hint}"))
    }
}

impl std::error::Error for Rejection {}

/// The text of an `.sla` file, byte for byte; a UTF-8 byte order mark stays in it.
///
/// # Errors
/// A [`Rejection`] if the bytes are no text of an agreement. Whether the text is empty is not asked here.
pub fn admit(bytes: Vec<u8>) -> Result<String, Rejection> {
    if bytes.len() > MAX_BYTES {
        return Err(Rejection::TooLarge);
    }
    if is_utf16(&bytes) {
        return Err(Rejection::Utf16);
    }
    if let Some(kind) = other_kind(&bytes) {
        return Err(Rejection::OtherKind(kind));
    }
    let nul = bytes.iter().position(|byte| *byte == 0);
    match (String::from_utf8(bytes), nul) {
        (Ok(text), None) => Ok(text),
        (Ok(text), Some(byte)) => Err(Rejection::Nul { byte, line: line(text.as_bytes(), byte) }),
        (Err(_), Some(_)) => Err(Rejection::OtherKind(OtherKind::Binary)),
        (Err(error), None) => {
            let byte = error.utf8_error().valid_up_to();
            Err(Rejection::NotUtf8 { byte, line: line(error.as_bytes(), byte) })
        }
    }
}

fn line(bytes: &[u8], offset: usize) -> usize {
    1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count()
}

/// A byte order mark, or, without one, Latin text in which every other byte is NUL.
fn is_utf16(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let pairs: Vec<(bool, bool)> =
        bytes.chunks_exact(2).take(256).map(|pair| (pair.first() == Some(&0), pair.last() == Some(&0))).collect();
    let little = pairs.iter().all(|pair| *pair == (false, true));
    let big = pairs.iter().all(|pair| *pair == (true, false));
    marked || (pairs.len() >= 2 && (little || big))
}

/// Recognises other programs' files by how they begin.
fn other_kind(bytes: &[u8]) -> Option<OtherKind> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let holds = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    if text.starts_with(b"<SCRIBUS") || (text.starts_with(b"<?xml") && holds(b"<SCRIBUS")) {
        return Some(OtherKind::Scribus);
    }
    if text.starts_with(b"<?xml") {
        return Some(OtherKind::Xml);
    }
    if (text.starts_with(b"solid ") && holds(b"facet")) || is_binary_stl(bytes) {
        return Some(OtherKind::Stl);
    }
    let archives: [&[u8]; 4] = [b"PK\x03\x04", b"\x1F\x8B", b"7z\xBC\xAF", b"\xFD7zXZ"];
    if archives.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(OtherKind::Archive);
    }
    bytes.starts_with(b"%PDF-").then_some(OtherKind::Pdf).or_else(|| other_text(std::str::from_utf8(text).ok()?))
}

/// Recognises the texts of other languages by their first lines: no agreement begins like them.
fn other_text(text: &str) -> Option<OtherKind> {
    let small = text.get(..16).unwrap_or(text).to_ascii_lowercase();
    if ["<!doctype html", "<html"].iter().any(|tag| small.starts_with(tag)) {
        return Some(OtherKind::Html);
    }
    let inside = text.strip_prefix(['{', '[']).map(str::trim_start);
    // A list of sections in TOML begins like a list of lists, but goes on with a name.
    let is_toml = text.strip_prefix("[[").is_some_and(|rest| rest.starts_with(|first: char| first.is_alphabetic()));
    let is_data = inside.is_some_and(|rest| rest.starts_with(['"', '{', '[', '}', ']']));
    if is_data && !is_toml && text.contains(['"', '}', ']']) {
        return Some(OtherKind::Json);
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let (first, second) = (lines.next()?.trim_end(), lines.next().unwrap_or(""));
    let key =
        |line: &str| line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains([' ', '"', '{']));
    let opens = first.ends_with(':') && key(first);
    let nested = second.trim_start().starts_with("- ") || second.starts_with("  ") && key(second.trim());
    (first == "---" || first.starts_with("%YAML") || opens && nested).then_some(OtherKind::Yaml)
}

/// Binary STL: a header of 80 bytes, the number of triangles, and 50 bytes for each.
fn is_binary_stl(bytes: &[u8]) -> bool {
    let Some(count) = bytes.get(80..84).and_then(|four| <[u8; 4]>::try_from(four).ok()) else {
        return false;
    };
    let triangles = u64::from(u32::from_le_bytes(count));
    triangles > 0 && bytes.len() as u64 == 84 + 50 * triangles
}

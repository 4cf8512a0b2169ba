//! Places, the confined world, and what is admitted as an agreement.

use std::io::Read as _;
use std::path::Path;

use proptest::prelude::*;
use sla::source::{
    DiskWorld, FileId, LineIndex, MAX_BYTES, MemoryWorld, OtherKind, Position, ReadError, Rejection, SourceMap, Span,
    World, admit,
};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Both ways agree with counting by hand, across checkpoints and in every kind of character.
    #[test]
    fn lines_and_columns_agree_with_counting(
        unit in "[a-c価é😀\t\r\n]{0,12}", times in 1_usize..1500, at in 0_usize..20_000,
    ) {
        let text = unit.repeat(times);
        let index = LineIndex::new(&text);
        let mut offset = at.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        let chars = Position { line: line as u32, column: last.chars().count() as u32 + 1 };
        let utf16 = Position { line: line as u32, column: last.encode_utf16().count() as u32 + 1 };
        prop_assert_eq!(index.position(&text, offset as u32), chars);
        prop_assert_eq!(index.position_utf16(&text, offset as u32), utf16);
        // The second half of a line break is not a place of the line.
        if !(before.ends_with('\r') && text[offset..].starts_with('\n')) {
            prop_assert_eq!(index.offset(&text, chars), Some(offset as u32));
            prop_assert_eq!(index.offset_utf16(&text, utf16), Some(offset as u32));
        }
    }

    #[test]
    fn admitting_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(text) = admit(bytes.clone()) {
            prop_assert_eq!(text.into_bytes(), bytes);
        }
    }
}

#[test]
fn a_byte_order_mark_takes_no_column() {
    let text = "\u{FEFF}ab\ncd";
    let index = LineIndex::new(text);
    assert_eq!(index.position(text, 4), Position { line: 1, column: 2 });
    assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
    assert_eq!(index.offset(text, Position { line: 1, column: 1 }), Some(3));
}

#[test]
fn places_outside_the_text_are_answered() {
    let index = LineIndex::new("é\n");
    assert_eq!(index.position("é\n", 1), Position { line: 1, column: 1 }, "inside a character is its start");
    assert_eq!(index.position("é\n", 99), Position { line: 2, column: 1 });
    assert_eq!(index.offset("é\n", Position { line: 1, column: 99 }), Some(2));
    assert_eq!(index.offset("é\n", Position { line: 3, column: 1 }), None);
    assert_eq!(index.offset("é\n", Position { line: 0, column: 1 }), None);
    let pair = LineIndex::new("😀");
    assert_eq!(pair.offset_utf16("😀", Position { line: 1, column: 2 }), Some(0), "inside a pair is its start");
    assert_eq!(index.line_range("é\n", 1), Some((0, 2)));
}

#[test]
fn spans_join_and_contain() {
    let (a, b) = (Span::new(FileId::new(0), 2, 4), Span::new(FileId::new(0), 7, 9));
    assert_eq!(a.to(b), Span::new(FileId::new(0), 2, 9));
    assert_eq!(b.to(a), a.to(b));
    assert_eq!(a.to(Span::new(FileId::new(1), 7, 9)), a);
    assert!(a.contains(2) && a.contains(3) && !a.contains(4) && !a.contains(1));
    assert_eq!(Span::new(FileId::new(0), 9, 3).len(), 0);
}

#[test]
fn the_map_slices_and_locates() {
    let mut map = SourceMap::new();
    let file = map.add("a\\b.sla", "x\nyé z\n");
    let span = Span::new(file, 3, 5);
    assert_eq!(map.slice(span), "é");
    assert_eq!(map.slice(Span::new(file, 4, 5)), "", "a cut character");
    assert_eq!(map.slice(Span::new(FileId::new(9), 0, 1)), "");
    let at = map.locate(span);
    assert_eq!((at.path, at.line, at.column, at.end_line, at.end_column), ("a/b.sla", 2, 2, 2, 3));
}

#[test]
fn a_world_in_memory_is_confined() {
    let world = MemoryWorld::new().with("a/b.sla", "x");
    assert_eq!(world.read(Path::new("a/./c/../b.sla")), Ok(b"x".to_vec()));
    assert_eq!(world.read(Path::new("../a/b.sla")), Err(ReadError::Outside));
    assert_eq!(world.read(Path::new("a/../../a/b.sla")), Err(ReadError::Outside));
    assert_eq!(world.read(Path::new("/a/b.sla")), Err(ReadError::Outside));
    assert_eq!(world.read(Path::new("b.sla")), Err(ReadError::NotFound));
    assert_eq!(streamed(&world, "a/../a/b.sla"), Ok(b"x".to_vec()));
    assert_eq!(streamed(&world, "../a/b.sla"), Err(ReadError::Outside));
    assert_eq!(streamed(&world, "b.sla"), Err(ReadError::NotFound));
    assert_eq!((world.size(Path::new("a/b.sla")), world.size(Path::new("a"))), (Some(1), None));
    let world = world.with("z.csv", "").with("./b.csv", "");
    assert_eq!(world.names(), Ok(vec!["b.csv".to_owned(), "z.csv".to_owned()]));
}

/// Everything that the stream of a file gives.
fn streamed(world: &dyn World, path: &str) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    world.open(Path::new(path))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn a_world_on_disk_is_confined() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    std::fs::create_dir_all(root.join("sub")).expect("folders");
    std::fs::write(folder.path().join("secret.sla"), "secret").expect("a file");
    std::fs::write(root.join("sub/a.sla"), "inside").expect("a file");
    std::fs::File::create(root.join("big.sla")).expect("a file").set_len(1 << 33).expect("a long file");
    let world = DiskWorld::new(&root).expect("a world");
    assert_eq!(world.read(Path::new("sub/a.sla")), Ok(b"inside".to_vec()));
    assert_eq!(world.read(Path::new("sub/../../secret.sla")), Err(ReadError::Outside));
    assert_eq!(world.read(&folder.path().join("secret.sla")), Err(ReadError::Outside));
    assert_eq!(world.read(Path::new("sub")), Err(ReadError::NotAFile));
    assert_eq!(world.read(Path::new("no.sla")), Err(ReadError::NotFound));
    assert_eq!(world.read(Path::new("sub/a.sla/x")), Err(ReadError::NotAFile));
    assert_eq!(admit(world.read(Path::new("big.sla")).expect("its head")), Err(Rejection::TooLarge));
    assert_eq!(world.size(Path::new("big.sla")), Some(1 << 33), "a stream has no limit");
    assert_eq!(streamed(&world, "sub/a.sla"), Ok(b"inside".to_vec()));
    assert_eq!(streamed(&world, "sub/../../secret.sla"), Err(ReadError::Outside));
    assert_eq!(streamed(&world, "sub"), Err(ReadError::NotAFile));
    assert_eq!((world.size(Path::new("sub")), world.size(Path::new("../secret.sla"))), (None, None));
    assert_eq!(world.names(), Ok(vec!["big.sla".to_owned()]));
    assert!(DiskWorld::new(&root.join("none")).is_err());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path(), root.join("out")).expect("a link");
        std::os::unix::fs::symlink("sub/a.sla", root.join("in.sla")).expect("a link");
        assert_eq!(world.read(Path::new("out/secret.sla")), Err(ReadError::Outside));
        assert_eq!(world.read(Path::new("in.sla")), Ok(b"inside".to_vec()));
        std::os::unix::fs::symlink(folder.path().join("secret.sla"), root.join("secret.sla")).expect("a link");
        std::os::unix::fs::symlink("/dev/zero", root.join("zero.sla")).expect("a link");
        std::os::unix::net::UnixListener::bind(root.join("socket.sla")).expect("a socket");
        assert_eq!(streamed(&world, "in.sla"), Ok(b"inside".to_vec()));
        assert_eq!(streamed(&world, "secret.sla"), Err(ReadError::Outside));
        assert_eq!(streamed(&world, "zero.sla"), Err(ReadError::Outside));
        assert_eq!(streamed(&world, "socket.sla"), Err(ReadError::NotAFile));
        assert_eq!(world.names(), Ok(vec!["big.sla".to_owned(), "in.sla".to_owned()]));
    }
}

#[test]
fn agreements_are_admitted_byte_for_byte() {
    for text in ["", " ", "// x\r\n", "\u{FEFF}party a\n", "価", "<", "solid foundations\n"] {
        assert_eq!(admit(text.into()), Ok(text.to_owned()));
    }
    assert!(admit(vec![b' '; MAX_BYTES]).is_ok());
}

#[test]
fn other_files_are_rejected_with_a_reason() {
    let mut stl = vec![b' '; 84 + 100];
    stl[80..84].copy_from_slice(&2_u32.to_le_bytes());
    let kind = Rejection::OtherKind;
    let cases: Vec<(Vec<u8>, Rejection, &str)> = vec![
        (vec![b' '; MAX_BYTES + 1], Rejection::TooLarge, "larger than 16 MiB"),
        (b"\xFF\xFEp\0".to_vec(), Rejection::Utf16, "UTF-16"),
        (b"p\0a\0r\0t\0".to_vec(), Rejection::Utf16, "UTF-16"),
        (b"a\nb\xFCc".to_vec(), Rejection::NotUtf8 { byte: 3, line: 2 }, "line 2, at offset 3"),
        (b"a\nb\0c".to_vec(), Rejection::Nul { byte: 3, line: 2 }, "NUL"),
        (b"\n<SCRIBUSUTF8NEW Version".to_vec(), kind(OtherKind::Scribus), "Scribus"),
        (b"\xEF\xBB\xBF<?xml?>\n<SCRIBUSUTF8".to_vec(), kind(OtherKind::Scribus), "Scribus"),
        (b"<?xml version='1.0'?><a/>".to_vec(), kind(OtherKind::Xml), "XML"),
        (b"solid cube\n facet normal 0 0 1".to_vec(), kind(OtherKind::Stl), "stereolithography"),
        (stl, kind(OtherKind::Stl), "stereolithography"),
        (b"PK\x03\x04....".to_vec(), kind(OtherKind::Archive), "archive"),
        (b"<!DOCTYPE html>\n<html>".to_vec(), kind(OtherKind::Html), "web page"),
        (b"{\n  \"name\": \"x\"\n}".to_vec(), kind(OtherKind::Json), "JSON"),
        (b"[{}]".to_vec(), kind(OtherKind::Json), "JSON"),
        (b"# an SLA\nagreement:\n  name: Acme\n".to_vec(), kind(OtherKind::Yaml), "YAML"),
        (b"groups:\n- name: rules\n  rules: []\n".to_vec(), kind(OtherKind::Yaml), "YAML"),
        (b"---\nname: Acme\n".to_vec(), kind(OtherKind::Yaml), "YAML"),
        (b"%PDF-1.7".to_vec(), kind(OtherKind::Pdf), "PDF"),
        (b"\xD0\x00\x01\xFF\xFF\x00".to_vec(), kind(OtherKind::Binary), "binary"),
    ];
    for (bytes, rejection, words) in cases {
        assert_eq!(admit(bytes), Err(rejection));
        assert!(rejection.to_string().contains(words), "{rejection}");
    }
}

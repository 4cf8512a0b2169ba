//! The same files give the same bytes, whatever the order in which they are named, and on however many threads.

use crate::cli::{folder, new};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A project of some dozens of agreements: most are right, some have a warning, an error, or an import that leads nowhere.
fn project() -> Vec<(String, String)> {
    let mut files = vec![
        (
            "shared/terms.sla".to_owned(),
            "import late from \"deep/late.sla\"\nconstant goal \"Goal\" = 99.9%\n".to_owned(),
        ),
        ("shared/deep/late.sla".to_owned(), "constant late \"Late\" = 3\n".to_owned()),
        ("shared/broken.sla".to_owned(), "constant broken \"Broken\" =\n".to_owned()),
        ("sla.toml".to_owned(), "[check]\nSLA803 = \"off\"\n".to_owned()),
    ];
    for number in 0..40 {
        let text = new("web").replace("agreement web ", &format!("agreement web_{number} "));
        let text = match number % 8 {
            1 => text.replace("gives 25%", "gives 5%"),
            2 => text.replace("uptime >= 99.9%", "uptmie >= 99.9%"),
            3 => format!("import broken from \"../shared/broken.sla\"\n{text}"),
            4 => format!("import goal from \"../shared/terms.sla\"\n{text}"),
            5 => format!("import goal from \"../shared/missing.sla\"\n{text}"),
            _ => text,
        };
        files.push((format!("customers/c{number}.sla"), text));
    }
    files
}

/// Everything that a build prints and writes.
fn built(folder: &Path, paths: &[String], threads: usize) -> (String, String, BTreeMap<String, Vec<u8>>) {
    let out = folder.join("build");
    let _ = fs::remove_dir_all(&out);
    let output = Command::new(env!("CARGO_BIN_EXE_sla"))
        .current_dir(folder)
        .args(["build", "--drafts", "--message-format", "json"])
        .args(paths)
        .env("RAYON_NUM_THREADS", threads.to_string())
        .output()
        .unwrap();
    let files = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap());
    let files = files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap(), files)
}

#[test]
fn neither_order_nor_threads_change_a_byte() {
    let files = project();
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&borrowed);
    let mut paths: Vec<String> =
        files.iter().map(|(name, _)| name.clone()).filter(|name| name.ends_with(".sla")).collect();
    let first = built(folder.path(), &paths, 1);
    assert!(first.2.len() >= 3 * 15, "{} files", first.2.len());
    assert!(first.0.lines().count() >= 15 && first.1.contains("agreements not built"), "{}{}", first.0, first.1);
    for threads in [1, 2, 8] {
        // A turn and a shuffle, the same in every run.
        paths.rotate_left(7 * threads % 41);
        paths.sort_by_key(|path| path.bytes().fold(threads as u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1009));
        assert_eq!(built(folder.path(), &paths, threads), first, "{threads} threads");
    }
    let whole = built(folder.path(), &[".".to_owned()], 2);
    assert_eq!((whole.0, whole.1, whole.2), first, "the folder holds the same files");
}

//! `sla build --watch`, run in a folder of its own. Every wait has an end.

use crate::cli::{command, folder, new, sla};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The longest wait for a line.
const LONGEST: Duration = Duration::from_secs(30);

/// A command that watches, and the lines that it prints.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn begin(folder: &Path, arguments: &[&str]) -> Watching {
        let mut child = command(folder, &[&["build", "--watch"], arguments].concat()).spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || err.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Watching { child, lines }
    }

    /// The lines up to one that holds these words.
    fn until(&self, words: &str) -> String {
        let end = Instant::now() + LONGEST;
        let mut text = String::new();
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            text.push_str(&line);
            text.push('\n');
            if line.contains(words) {
                return text;
            }
        }
        panic!("no line with `{words}` in:\n{text}");
    }

    /// Whether nothing is said for a while.
    fn is_silent(&self) -> bool {
        self.lines.recv_timeout(Duration::from_millis(900)).is_err()
    }

    /// Ends the input, and waits for the end of the command.
    fn end(mut self) -> i32 {
        drop(self.child.stdin.take());
        let end = Instant::now() + LONGEST;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child.kill().unwrap();
        panic!("the end of the input ends it");
    }
}

#[test]
fn what_depends_on_a_change_is_built_again() {
    let named = |name: &str, imports: &str| format!("{imports}{}", new(name));
    let folder = folder(&[
        ("a.sla", &named("a", "")),
        ("b.sla", &named("b", "")),
        ("lib/terms.sla", "constant goal \"Goal\" = 99.9%\n"),
        ("lib/more.sla", "import goal from \"terms.sla\"\n"),
    ]);
    let at = |path: &str| folder.path().join(path);
    let write = |path: &str, text: &str| fs::write(at(path), text).unwrap();
    let watching = Watching::begin(folder.path(), &["--target", "json", "."]);
    watching.until("watching");
    assert!(at("build/a.bundle.json").exists());
    assert!(watching.is_silent(), "its own files are no news");

    write("a.sla", &named("a", "").replace("gives 25%", "gives 5%"));
    let round = watching.until("written");
    assert!(round.contains("a.sla changed\n") && round.contains("SLA401"), "{round}");
    assert!(round.ends_with("1 agreement, 1 file written to build/\n"), "{round}");

    // Written anew with the same text, and touched: nothing to say.
    write("b.sla", &named("b", ""));
    assert!(watching.is_silent());

    // An editor that writes beside it and renames; half a file.
    write(".b.sla.swp", "agreement b \"B\" {\n");
    fs::rename(at(".b.sla.swp"), at("b.sla")).unwrap();
    let round = watching.until("not built");
    assert!(round.contains("b.sla changed"), "{round}");
    write("b.sla", &named("b", ""));
    let round = watching.until("written");
    assert!(round.contains("b.sla changed") && !round.contains("not built"), "{round}");

    // A new agreement, which takes the name of another; and gone again.
    write("c.sla", &named("b", ""));
    let round = watching.until("not built");
    assert!(round.contains("c.sla is new") && round.contains("SLA008"), "{round}");
    fs::remove_file(at("c.sla")).unwrap();
    let round = watching.until("written");
    assert!(round.contains("c.sla is gone"), "{round}");

    // A library that agreements need: `lib/more.sla` does, and no agreement.
    write("lib/terms.sla", "constant goal \"Goal\" = 99%\n");
    let round = watching.until("no agreement");
    assert!(round.contains("lib/terms.sla changed"), "{round}");
    fs::rename(at("lib/terms.sla"), at("lib/words.sla")).unwrap();
    let round = watching.until("no agreement");
    assert!(round.contains("lib/words.sla is new") && round.contains("lib/terms.sla is gone"), "{round}");
    assert!(round.contains("SLA042"), "{round}");
    fs::rename(at("lib/words.sla"), at("lib/terms.sla")).unwrap();
    let round = watching.until("no agreement");
    assert!(!round.contains("SLA042"), "{round}");

    // One that an agreement needs, and that has an error.
    write("lib/terms.sla", "constant goal \"Goal\" = 99.9%\n");
    watching.until("no agreement");
    write("b.sla", &named("b", "import goal from \"lib/more.sla\"\n").replace("99.9%", "goal"));
    watching.until("1 agreement, 1 file written to build/");
    write("lib/terms.sla", "constant goal \"Goal\" = \n");
    let round = watching.until("not built");
    assert!(round.contains("lib/terms.sla changed; what was built before stays: build/b.bundle.json\n"), "{round}");
    write("lib/terms.sla", "constant goal \"Goal\" = 99.9%\n");
    let round = watching.until("1 agreement, 1 file written to build/");
    assert!(!round.contains("stays"), "{round}");
    write("b.sla", &named("b", ""));
    watching.until("1 agreement, 1 file written to build/");

    // Settings.
    write("sla.toml", "[build]\nout = \"made\"\n");
    let round = watching.until("written");
    assert!(round.contains("sla.toml is new") && round.contains("2 agreements, 2 files written to made/"), "{round}");
    assert!(round.contains("what was built before stays: build/a.bundle.json, build/b.bundle.json\n"), "{round}");
    write("sla.toml", "[build]\nout = 3\n");
    let round = watching.until("not built");
    assert!(round.contains("sla.toml changed; what was built before stays: made/a.bundle.json"), "{round}");
    assert!(round.contains("SLA051") && round.contains("2 agreements not built"), "{round}");
    fs::remove_file(at("sla.toml")).unwrap();
    let round = watching.until("2 agreements, 2 files written to build/");
    assert!(round.contains("sla.toml is gone; what was built before stays: made/a.bundle.json"), "{round}");

    // Another name, and no agreement any more.
    write("a.sla", &named("z", ""));
    let round = watching.until("written");
    assert!(round.contains("a.sla changed; what was built before stays: build/a.bundle.json\n"), "{round}");
    write("a.sla", "constant goal \"Goal\" = 99%\n");
    let round = watching.until("no agreement");
    assert!(round.contains("a.sla changed; what was built before stays: build/z.bundle.json\n"), "{round}");
    write("a.sla", &named("a", ""));
    watching.until("1 agreement, 1 file written to build/");
    assert!(watching.end() < 2);

    // What was built at last is what a build makes.
    let built = fs::read(at("build/a.bundle.json")).unwrap();
    sla(folder.path(), &["build", "--target", "json"]);
    assert_eq!(fs::read(at("build/a.bundle.json")).unwrap(), built);
}

#[test]
fn an_error_at_the_end_is_the_exit_code() {
    let folder = folder(&[("a.sla", "agreement a \"A\" {\n")]);
    let watching = Watching::begin(folder.path(), &["a.sla"]);
    watching.until("watching");
    assert_eq!(watching.end(), 1);
    let ran = sla(folder.path(), &["build", "--watch", "-"]);
    assert_eq!((ran.code, ran.err.lines().next()), (2, Some("error: the standard input cannot be watched")));
}

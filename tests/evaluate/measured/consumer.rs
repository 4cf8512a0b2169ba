//! The reader of bundles in `examples/consume`, which knows nothing of this program: what it makes of the bundle and the same
//! tables is what was evaluated.

use super::{One, Ran};
use num_bigint::BigInt;
use num_rational::BigRational;
use serde_json::{Value, json};
use sla::evaluate::{Gap, Verdict};
use sla::model::Model;
use sla::source::SourceMap;
use sla::targets::{Options, Target, json::Json};
use sla::values::{Date, Timestamp};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The program as it waits for work: to start it takes longer than most of what it does.
struct Worker {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

impl Worker {
    fn start() -> Worker {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/consume");
        let child = Command::new("python3")
            .args(["-B", program, "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the reader of bundles needs Python 3.11 as `python3`: {error}"));
        let mut child = child;
        let asks = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Worker { child, asks, answers }
    }

    fn ask(&mut self, job: &Value) -> Value {
        writeln!(self.asks.as_mut().unwrap(), "{job}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("the reader of bundles ended: {error}"))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Without input it ends.
        self.asks.take();
        self.child.wait().unwrap();
    }
}

/// What the reader makes of a bundle and tables in folders, for a period.
pub(crate) fn consumed(bundle: &str, data: &str, period: &str) -> Value {
    let job = json!({ "bundle": bundle, "data": data, "period": period });
    let answer = WORKER.with_borrow_mut(|worker| worker.get_or_insert_with(Worker::start).ask(&job));
    assert!(answer["error"].is_null(), "{}\n{}", answer["error"], answer["where"].as_str().unwrap_or_default());
    answer
}

/// Holds what was evaluated against what the reader says.
pub(super) fn compare(model: &Model, files: &[(String, String)], (from, to): (Date, Date), ran: &Ran) {
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    for (name, text) in files {
        std::fs::write(data.join(name), text).unwrap();
    }
    let (artifacts, _) = Json.emit(model, &SourceMap::new(), &Options::default());
    let bundle = folder.path().join("bundle.json");
    std::fs::write(&bundle, &artifacts[0].text).unwrap();
    let consumed = consumed(bundle.to_str().unwrap(), data.to_str().unwrap(), &format!("{from}..{to}"));
    for commitment in consumed["commitments"].as_array().unwrap() {
        let own = ran.of(commitment["commitment"].as_str().unwrap());
        let all = commitment["windows"].as_array().unwrap();
        assert_eq!(own.len(), all.len(), "{commitment:#}");
        for (one, window) in own.into_iter().zip(all) {
            if let Err(what) = same(one, window) {
                panic!("the reader of bundles says another {what}:\n{window:#}\n{one:#?}");
            }
        }
    }
}

/// Whether the reader says the same of a window; otherwise, of what it says something else.
fn same(one: &One, window: &Value) -> Result<(), &'static str> {
    let hold = |holds: bool, what: &'static str| holds.then_some(()).ok_or(what);
    let instant = |name: &str| window[name].as_str().unwrap().parse::<Timestamp>().unwrap().as_nanosecond();
    hold((instant("from"), instant("to")) == (one.window.start, one.window.end), "window")?;
    let verdict = match one.verdict {
        Verdict::Met => "met",
        Verdict::Missed => "missed",
        Verdict::NotMeasured(_) => "not_decided",
        Verdict::NotApplicable => "not_applicable",
    };
    hold(window["verdict"] == verdict, "verdict")?;
    let attained = window["attained"].as_array().unwrap();
    let values = one.attained.iter().zip(attained).all(|(known, said)| match (known, said.as_str()) {
        (Ok((low, high)), Some(said)) => {
            let said = fraction(said);
            *low <= said && said <= *high
        }
        (Err(_), None) => true,
        _ => false,
    });
    hold(values && one.attained.len() == attained.len(), "value")?;
    for (owed, name) in [(&one.owed, "if_claimed"), (&one.unclaimed, "unclaimed")] {
        let said = window["credit"].get(name).and_then(Value::as_str);
        let cents = owed
            .as_ref()
            .and_then(|owed| owed.as_ref().ok())
            .map(|cents| format!("{}.{:02}", cents / 100, cents % 100));
        hold(window["credit"].is_null() == owed.is_none() && said == cents.as_deref(), name)?;
    }
    let rights = window["terminations"].as_array().unwrap();
    if matches!(one.verdict, Verdict::NotMeasured(Gap::NotBegun(_))) {
        return hold(rights.iter().all(Value::is_null), "right");
    }
    let same = one.rights.iter().zip(rights).all(|(right, said)| right.as_ref().ok().copied() == said.as_bool());
    hold(same && one.rights.len() == rights.len(), "right")
}

fn fraction(text: &str) -> BigRational {
    let number = |text: &str| text.parse::<BigInt>().unwrap();
    match text.split_once('/') {
        Some((above, below)) => BigRational::new_raw(number(above), number(below)),
        None => BigRational::from_integer(number(text)),
    }
}

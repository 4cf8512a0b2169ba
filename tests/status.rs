//! Where negotiations stand: chains of proposals, whose move it is, what is overdue, and that hostile texts change
//! nothing of it.

use serde_json::{Value, json};
use sla::diagnostics::Severity;
use sla::model::{Model, Standing};
use sla::source::SourceMap;
use sla::status::{Status, json as as_json, text};
use sla::targets::{Options, all};
use sla::values::{Date, parse_date};

/// The agreement of the guide without its proposals.
fn frame() -> String {
    let page = include_str!("../docs/negotiation.md");
    let text = page.split("```sla\n").nth(1).unwrap().split("```").next().unwrap();
    text.split("proposal ").next().unwrap().to_owned()
        + "calendar office \"Office\" { open mon to fri 09:00 to 17:00 }\n"
}

/// The model of the agreement with these proposals, which have no error.
fn model(proposals: &str) -> Model {
    let text = frame() + proposals;
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", text);
    let checked = sla::check(file, &sources);
    let errors: Vec<_> = checked.findings.iter().filter(|one| one.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    checked.model
}

fn status<'a>(model: &'a Model, as_of: Option<&str>) -> Status<'a> {
    Status::new([("a.sla".to_owned(), model)], Vec::new(), as_of.map(day))
}

fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

fn parsed(status: &Status<'_>) -> Value {
    serde_json::from_str(&as_json(status)).unwrap()
}

/// A negotiation of three rounds with a choice, and one of each end.
const TALKS: &str = r#"
proposal nines "A higher target" of site_up.target { by shop to host; raised 2026-09-14; change "A target of 99.99%"; within 14 days }
proposal half "Half the way" of nines {
  by      host to shop.it
  raised  2026-09-18
  option  a "A target of 99.95% at the same fee, from the first day of the agreement on"
  option  b "A target of 99.99%, and a fee that is higher by a tenth"
  within  10 days on office
}
proposal notice "More notice" of visit { by shop to host; raised 2026-09-10; option short "Ten days"; option long "Thirty days"; outcome accepted 2026-09-17 option short }
proposal edge "A second measurement" of requests { by host to shop; raised 2026-09-10; change "At the edge"; outcome declined 2026-09-12 by shop.it "One is enough" }
proposal fee "A lower fee" of web { by shop to host; raised 2026-09-10; change "A tenth less"; outcome withdrawn 2026-09-13 }
"#;

#[test]
fn the_status_reads_well_at_80_columns() {
    let model = model(TALKS);
    let shown = text(&status(&model, Some("2026-10-05")), 80, false);
    assert!(shown.lines().all(|line| line.chars().count() <= 80 && line.trim_end() == line), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn the_status_for_programs() {
    let model = model(TALKS);
    insta::assert_snapshot!(as_json(&status(&model, Some("2026-10-05"))));
}

/// Ten working days after a Friday is the Friday two weeks later.
#[test]
fn an_answer_is_overdue_from_the_day_after_its_last_one() {
    let model = model(TALKS);
    let point = |as_of: Option<&str>| parsed(&status(&model, as_of))["agreements"][0]["points"][0].clone();
    assert_eq!((&point(None)["until"], &point(None)["overdue"]), (&json!("2026-10-02"), &json!(null)));
    assert_eq!(point(Some("2026-10-02"))["overdue"], json!(false));
    assert_eq!(point(Some("2026-10-03"))["overdue"], json!(true));
    assert_eq!(parsed(&status(&model, None))["counts"]["overdue"], json!(null));
}

#[test]
fn as_of_a_day_is_what_was_known_then() {
    let model = model(TALKS);
    let then = |as_of: &str| {
        let found = parsed(&status(&model, Some(as_of)));
        let points = found["agreements"][0]["points"].as_array().unwrap();
        points
            .iter()
            .map(|it| format!("{} {}", it["proposal"].as_str().unwrap(), it["standing"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(then("2026-09-09"), Vec::<String>::new());
    assert_eq!(then("2026-09-11"), ["notice open", "edge open", "fee open"]);
    assert_eq!(then("2026-09-14"), ["nines open", "notice open", "edge declined", "fee withdrawn"]);
    assert_eq!(then("2026-09-18"), ["half open", "notice accepted", "edge declined", "fee withdrawn"]);
    // What is decided later is no outcome yet.
    let early = parsed(&status(&model, Some("2026-09-11")));
    assert_eq!(early["agreements"][0]["points"][0]["rounds"][0]["outcomes"], json!([]));
}

#[test]
fn the_move_is_with_the_other_side() {
    let model = model(
        "proposal one \"One\" of web { by shop; raised 2026-09-10; change \"One\" }
proposal two \"Two\" of one { by host.desk; raised 2026-09-11; change \"Two\" }
proposal other \"Other\" of web { by host; raised 2026-09-10; change \"Other\" }
proposal nobody \"Nobody\" of web { raised 2026-09-10; change \"Nobody\" }
",
    );
    let found = parsed(&status(&model, None));
    let points = found["agreements"][0]["points"].as_array().unwrap();
    let moves: Vec<&Value> = points.iter().map(|point| &point["to_move"]).collect();
    let shop = json!([{ "party": "shop", "contact": null }]);
    assert_eq!(moves, [&shop, &shop, &json!([])]);
    assert_eq!(points[0]["rounds"][0]["standing"], "countered");
    let shown = text(&status(&model, None), 80, false);
    assert!(shown.contains("next move   the other side"), "{shown}");
    assert!(shown.ends_with("next to move: Shop Ltd (2)\n"), "{shown}");
}

/// Two customers on one side. What is put to both is agreed once both have accepted it, and each reading says so.
const TWO: &str = r#"
party insurer "Insurer" as customer { contact desk "Desk" { email "d@insurer.example" } }
"#;

#[test]
fn all_of_a_side_are_asked_and_all_have_to_accept() {
    let model = model(
        &(TWO.to_owned()
            + "proposal silent \"Silent\" of web { by host; raised 2026-09-01; change \"A\" }
proposal half \"Half\" of visit { by host to shop, insurer; raised 2026-09-01; change \"B\"; outcome accepted 2026-09-05 by shop.it }
proposal both \"Both\" of requests { by host; raised 2026-09-01; change \"C\"; outcome accepted 2026-09-05 by shop, insurer }
proposal all \"All\" of site_up { by host; raised 2026-09-01; change \"D\"; outcome accepted 2026-09-05 }
proposal no \"No\" of uptime { by host; raised 2026-09-01; change \"E\"; outcome declined 2026-09-05 by insurer }
proposal first \"First\" of error_rate { by host; raised 2026-09-01; change \"F\" }
proposal second \"Second\" of first { by shop; raised 2026-09-02; change \"G\"; outcome accepted 2026-09-05 by host }
"),
    );
    let found = parsed(&status(&model, None));
    let points = found["agreements"][0]["points"].as_array().unwrap();
    let moves = |parties: &Value| -> Vec<String> {
        parties.as_array().unwrap().iter().map(|one| one["party"].as_str().unwrap().to_owned()).collect()
    };
    let told: Vec<(&str, &str, Vec<String>)> = points
        .iter()
        .map(|it| (it["proposal"].as_str().unwrap(), it["standing"].as_str().unwrap(), moves(&it["to_move"])))
        .collect();
    let owned = |parties: &[&str]| parties.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            ("silent", "open", owned(&["shop", "insurer"])),
            ("half", "open", owned(&["insurer"])),
            ("both", "accepted", vec![]),
            ("all", "accepted", vec![]),
            ("no", "declined", vec![]),
            ("second", "open", owned(&["insurer"])),
        ]
    );
    assert_eq!(moves(&points[1]["rounds"][0]["outcomes"][0]["by"]), ["shop"]);
    assert_eq!(moves(&points[5]["rounds"][1]["to"]), ["host", "insurer"]);
    let shown = text(&status(&model, None), 80, false);
    assert!(shown.contains("      2026-09-05  accepted by Shop Ltd (IT)\n      next move   Insurer\n"), "{shown}");
    assert!(shown.ends_with("next to move: Insurer (3), Shop Ltd (1)\n"), "{shown}");
    let contract = file(&model, ".contract.md");
    assert!(contract.contains("accepted the proposal on 5 September 2026"), "{contract}");
    assert!(contract.contains("**Not yet decided.** The next move is with Insurer."), "{contract}");
    let bundle: Value = serde_json::from_str(&file(&model, ".json")).unwrap();
    let open = bundle["open_points"].as_array().unwrap();
    let open: Vec<_> = open.iter().map(|it| (it["proposal"].as_str().unwrap(), moves(&it["to_move"]))).collect();
    assert_eq!(
        open,
        [("silent", owned(&["shop", "insurer"])), ("half", owned(&["insurer"])), ("second", owned(&["insurer"]))]
    );
    // Before the day on which one of them accepted, both have the move.
    let before = parsed(&status(&model, Some("2026-09-04")));
    assert_eq!(moves(&before["agreements"][0]["points"][1]["to_move"]), ["shop", "insurer"]);
}

/// Each of those who were asked decides on a day of its own: what is agreed is agreed with the last of them.
#[test]
fn those_who_are_asked_decide_one_by_one() {
    let model = model(
        &(TWO.to_owned()
            + "proposal lower \"A lower target\" of site_up {
  by host; raised 2026-09-14; change \"99.8%\"
  outcome accepted 2026-09-22 by insurer \"If the fee is lower\"
  outcome accepted 2026-09-20 by shop
}
proposal more \"More notice\" of visit {
  by host; raised 2026-09-14; option a \"Ten days\"; option b \"Twenty\"
  outcome accepted 2026-09-20 option b by shop
  outcome accepted 2026-09-22 option b by insurer
}
proposal no \"No count\" of requests {
  by host; raised 2026-09-14; change \"None\"
  outcome accepted 2026-09-20 by shop
  outcome declined 2026-09-22 by insurer
}
"),
    );
    let stands = |as_of: Option<&str>| {
        let found = parsed(&status(&model, as_of));
        let points = found["agreements"][0]["points"].as_array().unwrap();
        let one = |it: &Value| {
            let moves = it["to_move"].as_array().unwrap().iter().map(|one| one["party"].as_str().unwrap());
            format!("{} {:?}", it["standing"].as_str().unwrap(), moves.collect::<Vec<_>>())
        };
        points.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(stands(Some("2026-09-19")), [r#"open ["shop", "insurer"]"#; 3]);
    for as_of in ["2026-09-20", "2026-09-21"] {
        assert_eq!(stands(Some(as_of)), [r#"open ["insurer"]"#; 3]);
    }
    for as_of in [Some("2026-09-22"), None] {
        assert_eq!(stands(as_of), ["accepted []", "accepted []", "declined []"]);
    }
    let bundle: Value = serde_json::from_str(&file(&model, ".json")).unwrap();
    let outcomes = bundle["proposals"][0]["outcomes"].as_array().unwrap();
    let dates: Vec<&str> = outcomes.iter().map(|one| one["date"].as_str().unwrap()).collect();
    assert_eq!((&bundle["proposals"][0]["standing"], dates), (&json!("accepted"), vec!["2026-09-20", "2026-09-22"]));
    let contract = file(&model, ".contract.md");
    let record = contract.split("Record of negotiation\n").nth(1).unwrap().split("Clause identifiers").next().unwrap();
    insta::assert_snapshot!(format!("{}\n{record}", text(&status(&model, None), 80, false)));
}

/// An answer that was declined does not stand, and another one may follow; the chain of an open point leads to it alone.
#[test]
fn a_negotiation_may_branch_where_one_answer_has_ended() {
    let model = model(
        "proposal one \"One\" of web { by shop; raised 2026-09-10; change \"One\" }
proposal two \"Two\" of one { by host; raised 2026-09-11; change \"Two\"; outcome declined 2026-09-12 \"No\" }
proposal three \"Three\" of one { by host; raised 2026-09-13; change \"Three\" }
proposal four \"Four\" of three { by shop; raised 2026-09-14; change \"Four\" }
",
    );
    let all = model.negotiations(None);
    assert_eq!((all.len(), all[0].standing()), (1, Standing::Open));
    let open = all[0].open().next().unwrap();
    let chain: Vec<&str> = all[0].chain(open).iter().map(|one| one.head.name.as_str()).collect();
    assert_eq!(chain, ["one", "three", "four"]);
    let before = model.negotiations(Some(day("2026-09-12")));
    assert_eq!(before[0].standing(), Standing::Declined);
}

/// A counter that is taken back does not stand: what it answered is open again, with its own deadline and mover, and every
/// reading says so.
#[test]
fn a_counter_that_is_taken_back_opens_what_it_answered() {
    let first = "proposal one \"One\" of web { by shop; raised 2026-09-10; change \"One\"; within 14 days }\n";
    let counter = "proposal two \"Two\" of one { by host; raised 2026-09-12; change \"Two\"; within 30 days";
    let third = "proposal three \"Three\" of two { by shop; raised 2026-09-13; change \"Three\"";
    let back = "; outcome withdrawn 2026-09-15 }\n";
    let told = |text: &str, as_of: &str| {
        let model = model(text);
        let point = parsed(&status(&model, Some(as_of)))["agreements"][0]["points"][0].clone();
        let moves = point["to_move"].as_array().unwrap().iter().map(|one| one["party"].as_str().unwrap());
        let (until, late) = (point["until"].as_str().unwrap_or("-"), point["overdue"].as_bool());
        let stands = |name: &str| point[name].as_str().unwrap().to_owned();
        let moves = moves.collect::<Vec<_>>().join(" ");
        format!("{} {} {moves} {until} {late:?}", stands("proposal"), stands("standing"))
    };
    let taken_back = format!("{first}{counter}{back}");
    assert_eq!(told(&taken_back, "2026-09-14"), "two open shop 2026-10-12 Some(false)");
    assert_eq!(told(&taken_back, "2026-09-15"), "one open host 2026-09-24 Some(false)");
    assert_eq!(told(&taken_back, "2026-10-01"), "one open host 2026-09-24 Some(true)");
    // A round deeper, and two of them.
    let deeper = format!("{first}{counter} }}\n{third}{back}");
    assert_eq!(told(&deeper, "2026-10-01"), "two open shop 2026-10-12 Some(false)");
    let both = format!("{first}{counter}{back}{third}; outcome withdrawn 2026-09-20 }}\n");
    assert_eq!(told(&both, "2026-09-18"), "three open host - Some(false)");
    assert_eq!(told(&both, "2026-10-01"), "one open host 2026-09-24 Some(true)");
    // What was declined beside it is the last word.
    let other = "proposal other \"Other\" of one { by host; raised 2026-09-11; change \"Other\"; outcome declined 2026-09-11 }\n";
    assert_eq!(told(&format!("{taken_back}{other}"), "2026-10-01"), "other declined  - None");
    // It can still be accepted.
    let accepted = taken_back.replacen("14 days }", "14 days; outcome accepted 2026-09-20 }", 1);
    assert_eq!(told(&accepted, "2026-10-01"), "one accepted  - None");
    let mut sources = SourceMap::new();
    let agreed = sources.add("a.sla", (frame() + &taken_back).replace("status    proposed", "status    agreed"));
    let checked = sla::check(agreed, &sources);
    assert!(checked.findings.iter().any(|one| one.code.id == "SLA702"), "{:?}", checked.findings);
    let model = checked.model;
    assert!(model.is_draft());
    let contract = file(&model, ".contract.md");
    assert!(
        contract.contains(
            "**Not yet decided** is the proposal of clause [A.3.2](#proposal.one). The next move is with Host GmbH."
        ),
        "{contract}"
    );
    assert!(contract.contains("An answer is due within 14 days of that day, by the end of 24 September 2026."));
    assert!(!contract.contains("Record of negotiation"), "{contract}");
    let bundle: Value = serde_json::from_str(&file(&model, ".json")).unwrap();
    assert_eq!((&bundle["draft"], &bundle["proposals"][0]["standing"]), (&json!(true), &json!("open")));
    let open = &bundle["open_points"][0];
    assert_eq!((&open["proposal"], &open["until"]), (&json!("one"), &json!("2026-09-24")));
}

/// Whose move it is stands last, as in the status, after answers that were taken back.
#[test]
fn the_next_move_is_the_last_clause_of_a_negotiation() {
    let model = model(
        "proposal first \"First\" of web { by shop to host; raised 2026-09-10; change \"A\" }\n\
         proposal second \"Second\" of first { by host to shop; raised 2026-09-12; change \"B\"; outcome withdrawn 2026-09-14 }\n",
    );
    let contract = file(&model, ".contract.md");
    let place = |text: &str| contract.find(text).unwrap_or_else(|| panic!("{text}: {contract}"));
    assert!(
        place("took back the proposal of clause [A.3.3](#proposal.second) on 14 September 2026")
            < place("**Not yet decided** is the proposal of clause [")
    );
    assert!(contract.contains("](#proposal.first). The next move is with"), "{contract}");
}

/// However they stand in the file.
#[test]
fn answers_to_one_proposal_are_told_by_their_dates() {
    let model = model(
        "proposal one \"One\" of web { by shop; raised 2026-09-10; change \"One\" }
proposal three \"Three\" of one { by host; raised 2026-09-13; change \"Three\" }
proposal two \"Two\" of one { by host; raised 2026-09-11; change \"Two\"; outcome declined 2026-09-12 \"No\" }
",
    );
    let rounds = &parsed(&status(&model, None))["agreements"][0]["points"][0]["rounds"];
    let told: Vec<&str> = rounds.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(told, ["proposal.one", "proposal.two", "proposal.three"]);
}

#[test]
fn a_text_without_open_points_is_no_draft_once_it_is_agreed() {
    let decided =
        "proposal one \"One\" of web { by shop; raised 2026-09-10; change \"One\"; outcome accepted 2026-09-11 }\n";
    let model = model(decided);
    assert!(model.is_draft(), "its status is `proposed`");
    assert_eq!(model.open_points(), 0);
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", (frame() + decided).replace("status    proposed", "status    agreed"));
    let model = sla::check(file, &sources).model;
    assert!(!model.is_draft());
    assert!(
        text(&status(&model, None), 80, false)
            .contains("\n  agreed, version 0.3, a.sla\n  no point is open, 1 agreed\n")
    );
}

/// A point that was open on a day made a draft of the agreement on that day, whatever became of it.
#[test]
fn an_agreement_was_a_draft_while_a_point_was_open() {
    let talks =
        "proposal one \"One\" of web { by shop; raised 2026-09-10; change \"One\"; outcome accepted 2026-09-30 }
";
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", (frame() + talks).replace("status    proposed", "status    in_force"));
    let model = sla::check(file, &sources).model;
    let draft = |as_of: Option<&str>| {
        let status = status(&model, as_of);
        let said = text(&status, 80, false).contains("\n  in force, a draft, version 0.3, a.sla\n");
        let draft = parsed(&status)["agreements"][0]["draft"].as_bool().unwrap();
        assert_eq!(draft, said, "{as_of:?}");
        draft
    };
    assert_eq!([Some("2026-09-29"), Some("2026-09-30"), None].map(draft), [true, false, false]);
}

/// Nothing is said of the points of what is not read.
#[test]
fn agreements_with_errors_are_not_counted() {
    let talks = |raised: &str| {
        format!(
            "{}\nproposal one \"One\" of availability {{ by customer; raised {raised}; change \"One\"; outcome accepted 2026-09-11 }}\n",
            crate::cli::new("web")
        )
    };
    let (right, wrong) = (talks("2026-09-10"), talks("2026-09-12"));
    let folder = crate::cli::folder(&[("right.sla", &right), ("wrong.sla", &wrong), ("too.sla", &wrong)]);
    let last = |files: &[&str]| {
        let ran = crate::cli::sla(folder.path(), &[&["status"], files].concat());
        assert_eq!(ran.code, i32::from(files.len() != 1 || files[0] != "right.sla"), "{}", ran.err);
        let sum = ran.out.rsplit("\n\n").next().unwrap();
        sum.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(last(&["right.sla"]), "1 agreement: no point is open, 1 agreed");
    assert_eq!(last(&["wrong.sla"]), "1 agreement has errors, and is not counted");
    let all = "1 agreement: no point is open, 1 agreed; 2 agreements have errors, and are not counted";
    assert_eq!(last(&["right.sla", "wrong.sla", "too.sla"]), all);
}

/// The files that are made of a model, each with its name.
fn files(model: &Model, drafts: bool) -> Vec<(String, String)> {
    let mut sources = SourceMap::new();
    sources.add("a.sla", "");
    let options = Options { drafts, ..Options::default() };
    let made = all().iter().flat_map(|target| target.emit(model, &sources, &options).0);
    made.map(|artifact| (artifact.name, artifact.text)).collect()
}

fn file(model: &Model, end: &str) -> String {
    files(model, true).into_iter().find(|(name, _)| name.ends_with(end)).unwrap().1
}

#[test]
fn every_file_and_every_section_of_a_draft_says_so() {
    let proposed = model(TALKS);
    let contract = file(&proposed, ".contract.md");
    let sections: Vec<&str> = contract.split("\n## ").skip(1).flat_map(|one| one.split("\n### ")).collect();
    assert!(sections.len() > 12);
    for section in &sections {
        let mark = section.lines().nth(2);
        assert_eq!(mark, Some("> **DRAFT FOR DISCUSSION.** It binds nobody. 1 point is open."), "{section}");
    }
    assert!(
        contract.contains("1 point is open: see [Schedule A](#section.open-points) (“Open points”)."),
        "{contract}"
    );
    for drafts in [true, false] {
        let rules = files(&proposed, drafts).into_iter().find(|(name, _)| name.ends_with(".yml")).unwrap().1;
        assert!(rules.starts_with("# DRAFT FOR DISCUSSION. It binds nobody. 1 point is open.\n"), "{rules}");
    }
    let bundle: Value = serde_json::from_str(&file(&proposed, ".json")).unwrap();
    assert_eq!(bundle["draft"], json!(true));
    // The mark of a draft without an open point has nothing to count.
    let settled = model("");
    assert!(file(&settled, ".md").contains("\n> **DRAFT FOR DISCUSSION.** It binds nobody.\n"));
    assert!(file(&settled, ".yml").starts_with("# DRAFT FOR DISCUSSION. It binds nobody.\n# Rules of "));
    let bundle: Value = serde_json::from_str(&file(&settled, ".json")).unwrap();
    assert_eq!((&bundle["draft"], &bundle["open_points"]), (&json!(true), &json!([])));
}

#[test]
fn the_contract_tells_the_history_of_a_negotiation() {
    let contract = file(&model(TALKS), ".contract.md");
    let schedules =
        contract.split("Schedule A: Open points").nth(1).unwrap().split("Clause identifiers").next().unwrap();
    insta::assert_snapshot!(schedules);
}

/// A chain as long as somebody cares to write, told from its last answer to its first.
#[test]
fn long_chains_and_many_answers_take_no_time() {
    const MANY: usize = 5_000;
    let mut chain = String::new();
    for number in (0..MANY).rev() {
        let (of, by) = match number {
            0 => ("web".to_owned(), "shop"),
            _ => (format!("p{}", number - 1), if number % 2 == 0 { "shop" } else { "host" }),
        };
        chain.push_str(&format!("proposal p{number} \"P\" of {of} {{ by {by}; raised 2026-09-10; change \"C\" }}\n"));
    }
    let long = model(&chain);
    let all = long.negotiations(None);
    assert_eq!((all.len(), all[0].rounds.len(), long.open_points()), (1, MANY, 1));
    assert_eq!(all[0].chain(all[0].open().next().unwrap()).len(), MANY);
    assert_eq!(text(&status(&long, None), 80, false).lines().count(), 2 * MANY + 10);
    let mut wide = "proposal p \"P\" of web { by shop; raised 2026-09-10; change \"C\" }\n".to_owned();
    for number in 0..MANY {
        wide.push_str(&format!(
            "proposal q{number} \"Q\" of p {{ by host; raised 2026-09-10; change \"C\"; outcome declined 2026-09-10 }}\n"
        ));
    }
    assert_eq!(model(&wide).open_points(), 0);
}

/// Whatever goes round in a circle, or contradicts itself, is told and loses nobody.
#[test]
fn circles_end() {
    let mut ring = String::new();
    for number in 0..1000 {
        let (next, by) = ((number + 1) % 1000, if number % 2 == 0 { "shop" } else { "host" });
        ring.push_str(&format!("proposal p{number} \"P\" of p{next} {{ by {by}; raised 2026-09-10; change \"C\" }}\n"));
    }
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", frame() + &ring);
    let checked = sla::check(file, &sources);
    let errors = checked.findings.iter().filter(|one| one.severity == Severity::Error);
    assert_eq!(errors.map(|one| one.code.id).collect::<Vec<_>>(), ["SLA206"]);
    assert_eq!(checked.model.negotiations(None).iter().map(|one| one.rounds.len()).sum::<usize>(), 1000);
}

#[test]
fn hostile_texts_stay_on_their_lines() {
    // A file with such characters has an error. What is made of it all the same cannot write on the terminal.
    let nasty = "\u{1B}[31mRed\\n\\nAGREED\u{202E}\\t\u{7F} ".to_owned() + &"x".repeat(300);
    let text_of = format!(
        "proposal one \"{nasty}\" of web {{ by shop; raised 2026-09-10; change \"{nasty}\"; option a \"{nasty}\"; option b \"{nasty}\"; within 14 days }}
proposal two \"{nasty}\" of requests {{ by shop; raised 2026-09-10; change \"{nasty}\"; outcome declined 2026-09-12 \"{nasty}\" }}
"
    );
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", frame() + &text_of);
    let model = sla::check(file, &sources).model;
    assert_eq!(model.negotiations(None).len(), 2);
    for columns in [0, 20, 80, 1000] {
        let shown = text(&status(&model, Some("2027-01-01")), columns, false);
        assert!(!shown.contains('\u{1B}') && !shown.contains('\u{202E}') && !shown.contains('\t'), "{shown}");
        assert!(!shown.lines().any(|line| line.trim() == "AGREED"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= columns.clamp(40, 100)), "{shown}");
    }
    assert!(text(&status(&model, Some("2027-01-01")), 80, true).contains("\u{1B}[1;31moverdue: "));
}

/// A signal that is read for one option alone is one signal all the same, and so are its parts.
#[test]
fn a_signal_with_options_is_negotiated_as_one() {
    let plans = "dimension plan \"Plan\" { option basic \"Basic\"; option pro \"Pro\" }
signal reads \"Reads\" as events of web { measured by shop; count total, failed; field plan plan; missing bad }
metric wrong \"Wrong\" = reads.failed / reads.total when empty 0%
commitment fast \"Speed\" of web per plan { target wrong <= 1% per calendar month }
";
    for of in ["reads", "reads.count.failed", "reads.field.plan"] {
        let change = format!("proposal more \"More\" of {of} {{ by shop; raised 2026-09-10; change \"More\" }}\n");
        let contract = file(&model(&(plans.to_owned() + &change)), ".contract.md");
        let clause = contract.split("This concerns clause [").nth(1).expect("a link");
        assert!(clause.contains(&format!("](#signal.{of}).\n")), "{clause}");
    }
}

/// A clause that has variants is negotiated as one, and is named without the options of any of them.
#[test]
fn a_clause_with_variants_is_negotiated_as_one() {
    let plans = "dimension plan \"Plan\" { option basic \"Basic\"; option pro \"Pro\" }
constant goal \"Goal\" per plan { basic gives 1%; pro gives 0.1% }
commitment fast \"Speed\" of web per plan { target error_rate <= goal per calendar month }
";
    let change =
        |of: &str| format!("proposal more \"More\" of {of} {{ by shop; raised 2026-09-10; change \"More\" }}\n");
    let model = model(&(plans.to_owned() + &change("fast")));
    let clause = json!({ "id": "commitment.fast", "title": "Speed" });
    assert_eq!(parsed(&status(&model, None))["agreements"][0]["points"][0]["clause"], clause);
    let shown = text(&status(&model, None), 80, false);
    assert!(shown.contains("    Speed (commitment.fast, in all its variants)\n"), "{shown}");
    let one = plans.replace("; option pro \"Pro\"", "").replace("; pro gives 0.1%", "");
    let shown = text(&status(&self::model(&(one + &change("fast"))), None), 80, false);
    assert!(shown.contains("    Speed (commitment.fast)\n"), "{shown}");
    let contract = file(&model, ".contract.md");
    assert!(contract.contains("### A.3 Speed\n"), "{contract}");
    let link = contract.split("This concerns clause [").nth(1).unwrap().split(['(', ')']).nth(1).unwrap();
    assert!(contract.contains(&format!("<a id=\"{}\">", &link[1..])), "{contract}");
    let bundle: Value = serde_json::from_str(&file(&model, ".json")).unwrap();
    // No variant has this id: what is read as one of them alone would not be found.
    assert_eq!((&bundle["open_points"][0]["of"], &bundle["proposals"][0]["of"]), (&clause["id"], &clause["id"]));
    let part = self::model(&(plans.to_owned() + &change("fast.target.error_rate.at_most")));
    let bundle: Value = serde_json::from_str(&self::file(&part, ".json")).unwrap();
    assert_eq!(bundle["open_points"][0]["of"], "commitment.fast.target.error_rate.at_most");
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", frame() + plans + &change("fast.pro"));
    let told = sla::check(file, &sources).findings;
    let told: Vec<_> = told.iter().filter(|one| one.severity == Severity::Error).collect();
    let help = "write `of fast`, and say in `change` which of its variants or parts it is about";
    assert_eq!((told.len(), told[0].help.as_deref()), (1, Some(help)), "{told:?}");
}

/// What is not negotiated takes a line.
#[test]
fn an_agreement_without_negotiation_takes_one_line() {
    let (one, other) = (model(""), model(TALKS));
    let files = ["a.sla", "b.sla", "c.sla"].map(str::to_owned);
    let shown = text(&Status::new(files.into_iter().zip([&one, &other, &one]), Vec::new(), None), 100, false);
    let line = |file: &str| {
        format!("Web hosting: Service Level Agreement: proposed, a draft, version 0.3, {file}, nothing negotiated\n")
    };
    assert!(shown.contains(&format!("\n\n{}{}\n3 agreements: ", line("a.sla"), line("c.sla"))), "{shown}");
}

/// A proposal in a library would be shown nowhere.
#[test]
fn a_library_holds_no_proposal() {
    let terms = "constant goal \"Goal\" = 99.9%
proposal higher \"A higher goal\" of goal { by customer; raised 2026-09-01; change \"99.99%\" }
";
    let web = "import goal from \"terms.sla\"\n".to_owned() + &crate::cli::new("web").replace("99.9%", "goal");
    let folder = crate::cli::folder(&[("web.sla", &web), ("terms.sla", terms)]);
    for paths in [["web.sla"].as_slice(), &["."]] {
        let ran = crate::cli::sla(folder.path(), &[&["check", "--message-format", "short"], paths].concat());
        let told = "terms.sla:2:10: error[SLA306]: the proposal `higher` is in a file without an agreement";
        assert_eq!(ran.out.matches(told).count(), 1, "{}", ran.out);
        let ran = crate::cli::sla(folder.path(), &[&["status"], paths].concat());
        assert!(ran.out.contains("web.sla: not shown, since it has 1 error"), "{}", ran.out);
    }
}

#[test]
fn two_open_points_of_one_clause_are_told_beside_the_status() {
    let change = |name: &str| {
        format!("proposal {name} \"{name}\" of availability {{ by customer; raised 2026-09-10; change \"{name}\" }}\n")
    };
    let text = format!("{}\n{}{}", crate::cli::new("web"), change("one"), change("two"));
    let folder = crate::cli::folder(&[("web.sla", &text)]);
    let ran = crate::cli::sla(folder.path(), &["status", "web.sla"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("SLA711") && ran.err.contains("`one` and `two` are both open"), "{}", ran.err);
    assert!(ran.out.contains("2 points are open"), "{}", ran.out);
}

/// The result is on standard output, whoever reads the findings.
#[test]
fn findings_for_programs_stand_beside_the_status() {
    let change = |name: &str| {
        format!("proposal {name} \"{name}\" of availability {{ by customer; raised 2026-09-10; change \"{name}\" }}\n")
    };
    let text = format!("{}\n{}{}", crate::cli::new("web"), change("one"), change("two"));
    let slip = crate::cli::new("slip").replace("version", "verison");
    let folder = crate::cli::folder(&[("web.sla", &text), ("slip.sla", &slip)]);
    let status = |format: &[&str]| crate::cli::sla(folder.path(), &[&["status", "--format", "json"], format].concat());
    let usual = status(&[]);
    for format in ["short", "json"] {
        let ran = status(&["--message-format", format]);
        assert_eq!((ran.code, &ran.out), (1, &usual.out), "{}", ran.err);
        assert!(ran.err.contains("SLA711") && !ran.err.contains(" in 2 files"), "{}", ran.err);
        let is_object = |line: &str| serde_json::from_str::<Value>(line).is_ok_and(|it| it.is_object());
        assert_eq!(ran.err.lines().all(is_object), format == "json", "{}", ran.err);
    }
    let help = crate::cli::sla(folder.path(), &["status", "--help"]).out;
    assert!(help.contains("to standard error"), "{help}");
}

/// A project may take warnings for errors: what is negotiated can be read all the same.
#[test]
fn raised_levels_hide_no_open_point() {
    let change = "proposal one \"One\" of availability { by customer; raised 2026-09-10; change \"One\" }
calendar idle \"Never used\" { open mon to fri 09:00 to 17:00 }
";
    let text = format!("{}\n{change}", crate::cli::new("web"));
    let toml = "[check]\nSLA203 = \"error\"\n";
    for (toml, arguments) in [("", &["status", "."][..]), ("", &["status", "--deny", "warnings"]), (toml, &["status"])]
    {
        let folder = crate::cli::folder(&[("web.sla", &text), ("sla.toml", toml)]);
        let ran = crate::cli::sla(folder.path(), arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{toml}{arguments:?}");
        assert!(ran.out.contains("1 point is open") && !ran.out.contains("not shown"), "{}", ran.out);
        let check = crate::cli::sla(folder.path(), &["check"]);
        assert_eq!(check.code, i32::from(!toml.is_empty()), "{}", check.err);
    }
    // The one warning that is told here weighs as the project says.
    let twice =
        format!("{text}proposal two \"Two\" of availability {{ by customer; raised 2026-09-11; change \"Two\" }}\n");
    for (level, code) in [("error", 1), ("off", 0)] {
        let toml = format!("[check]\nSLA711 = \"{level}\"\n");
        let folder = crate::cli::folder(&[("web.sla", &twice), ("sla.toml", &toml)]);
        let ran = crate::cli::sla(folder.path(), &["status"]);
        assert_eq!((ran.code, ran.err.contains("SLA711")), (code, code == 1), "{}", ran.err);
        assert!(ran.out.contains("2 points are open"), "{}", ran.out);
    }
}

/// What a clause says for one option alone has no variants.
#[test]
fn what_one_option_has_alone_is_not_in_several_variants() {
    let plans = "dimension plan \"Plan\" { option basic \"Basic\"; option pro \"Pro\" }
commitment fast \"Speed\" of web per plan {
  target error_rate <= 1% per calendar month
  for pro { terminate by shop when error_rate > 2% within 60 days of window end }
}
signal calls \"Calls\" as cases of web { measured by host; milestone opened, resolved; field plan plan }
support desk \"Desk\" of web per plan {
  by host to shop; cases calls; on always; channel mail \"m@host.example\"
  priority p1 \"Down\" { when \"Nothing works\"; resolve within 8h }
  for pro { priority p0 \"Fire\" { when \"Something burns\"; resolve within 2h } }
}
";
    for (of, id, several) in [
        ("desk.p0", "support.desk.priority.p0", false),
        ("desk.p1", "support.desk.priority.p1", true),
        ("fast.terminate", "commitment.fast.terminate.shop.error_rate_above_2", false),
    ] {
        let change = format!("proposal more \"More\" of {id} {{ by shop; raised 2026-09-10; change \"More\" }}\n");
        let model = model(&(plans.to_owned() + &change));
        let shown = text(&status(&model, None), 200, false);
        assert_eq!(shown.contains("in all its variants"), several, "{of}: {shown}");
        assert!(shown.contains(id), "{of}: {shown}");
        let contract = file(&model, ".contract.md");
        let clause = contract.split("This concerns clause [").nth(1).and_then(|rest| rest.lines().next());
        assert_eq!(clause.is_some_and(|line| line.contains("in all its variants")), several, "{of}: {clause:?}");
    }
}

/// A record tells what happened day by day, which proposal each decision is about, and what was agreed in the end.
#[test]
fn a_record_is_in_the_order_of_dates_and_ends_with_what_was_agreed() {
    let model = model(
        &(TWO.to_owned()
            + "proposal first \"First\" of web { by host; raised 2026-09-01; change \"A\"; outcome accepted 2026-09-03 by insurer; outcome accepted 2026-09-20 by shop }
proposal second \"Second\" of first { by shop; raised 2026-09-05; change \"B\"; outcome accepted 2026-09-07 by insurer; outcome withdrawn 2026-09-12 }
proposal alone \"Alone\" of visit { by host; raised 2026-09-01; change \"C\"; outcome declined 2026-09-03 }
dispute talks \"Disputes\" { step one \"Talks\" within 3 days; final two \"Court\" }
"),
    );
    let contract = file(&model, ".contract.md");
    let record = contract.split("Record of negotiation\n").nth(1).unwrap();
    let told = [
        "“First” to Shop Ltd and Insurer on 1 September 2026",
        "Insurer accepted the proposal of clause [A.2.2](#proposal.first) on 3 September 2026.",
        "Shop Ltd answered the proposal of clause [A.2.2](#proposal.first) on 5 September 2026",
        "Insurer accepted the proposal of clause [A.2.4](#proposal.second) on 7 September 2026.",
        "Shop Ltd took back the proposal of clause [A.2.4](#proposal.second) on 12 September 2026.",
        "Shop Ltd accepted the proposal of clause [A.2.2](#proposal.first) on 20 September 2026.",
        "**Agreed** is the proposal of clause [A.2.2](#proposal.first).",
        "declined the proposal on 3 September 2026.",
    ];
    let places: Vec<usize> =
        told.iter().map(|text| record.find(text).unwrap_or_else(|| panic!("{text}: {record}"))).collect();
    assert!(places.is_sorted(), "{record}");
    // Of three parties none has just one other.
    assert!(contract.contains("proposed to the other parties.") && contract.contains("any party may take it"));
    // Before the last of them accepted, the first proposal was open again.
    let then = text(&status(&model, Some("2026-09-13")), 80, false);
    assert!(then.contains("      open again  First (first)\n      next move   Shop Ltd\n"), "{then}");
}

/// What is negotiated is named by its own place: a part by that of the part, and rows of several options by their clause.
#[test]
fn a_contract_says_where_stands_what_is_negotiated() {
    let model = model(
        "dimension plan \"Plan\" { option basic \"Basic\"; option gold \"Gold\" }
signal visits \"Visits\" as events of web { measured by shop; count total, bad; field plan plan; missing excluded }
metric good \"Good visits\" = 100% - visits.bad / visits.total when empty 0%
constant goal \"Promised share\" per plan { gold gives 99.5%; basic gives 99% }
fee rent \"Rent\" of web = 100.00 EUR per calendar month
commitment kept \"Visits that go well\" of web per plan {
  target good >= goal per calendar month
  credit of rent { below target gives 5%; below 95% gives 10% }
  claim automatic
}
commitment fast \"Few errors\" of web {
  target error_rate <= 1% per calendar month
  credit of rent { above target gives 5%; above 2% gives 10% }
  claim automatic
}
proposal a \"A\" of hosting { by shop; raised 2026-09-01; change \"A\" }
proposal b \"B\" of host { by shop; raised 2026-09-01; change \"B\" }
proposal c \"C\" of goal { by shop; raised 2026-09-01; change \"C\" }
proposal d \"D\" of kept.credit { by shop; raised 2026-09-01; change \"D\" }
proposal e \"E\" of kept.target { by shop; raised 2026-09-01; change \"E\" }
proposal f \"F\" of fast.target { by shop; raised 2026-09-01; change \"F\" }
proposal g \"G\" of fast.credit { by shop; raised 2026-09-01; change \"G\" }
proposal h \"H\" of fast.credit.above_2 { by host; raised 2026-09-01; change \"H\" }
",
    );
    let contract = file(&model, ".contract.md");
    let told: Vec<&str> = contract.lines().filter_map(|line| Some(line.split_once("This concerns ")?.1)).collect();
    insta::assert_snapshot!(told.join("\n"));
}

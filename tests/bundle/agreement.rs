//! Two readings of one agreement, held against each other: what a program computes from the bundle alone, and what the
//! evaluator computes from the model, on generated terms and values on and beside every bound.

use super::execution::machine;
use super::interpreter::decimal;
use super::{schema, try_text};
use num_traits::ToPrimitive;
use proptest::prelude::*;
use sla::calculus::Value;
use sla::evaluate::{Budget, Facts, Interval, derive, judge};
use sla::source::SourceMap;
use sla::values::{Exact, Ratio, Zone, parse_date};

/// Terms of one commitment.
#[derive(Clone, Debug)]
struct Terms {
    /// The metric, and how it compares with its target.
    floor: bool,
    /// In thousandths of a percent.
    target: u32,
    credit: String,
    limits: String,
    agreement: String,
    /// Whether the agreement begins in the middle of the month.
    partial: bool,
    /// The bounds that occur, in thousandths of a percent.
    bounds: Vec<u32>,
}

impl Terms {
    fn text(&self) -> String {
        let (metric, op) = if self.floor { ("uptime", ">=") } else { ("failures", "<=") };
        let start = if self.partial { "2027-04-16" } else { "2027-01-01" };
        format!(
            r#"agreement terms "Terms" {{ version "1.0"; status draft; effective {start} to 2028-12-31; timezone "Europe/Berlin"; currency EUR
{agreement} }}
party acme "Acme GmbH" as provider {{ contact noc "Operations" {{ email "noc@acme.example" }} }}
party globex "Globex Corporation" as customer {{ contact it "Service desk" {{ email "it@globex.example" }} }}
service api "The interface" {{ by acme to globex }}
fee monthly "Monthly fee" of api = 1234.56 EUR per calendar month
fee extra "Extra" of api = 7% of monthly + 3.33 EUR per calendar month
fee both "Both" of api = monthly + extra
constant part "Part" = 11% of monthly
constant flat "Flat" = 17.005 EUR
signal requests "Requests" as events of api {{ measured by acme; count total; count failed; missing bad }}
metric failures "Failures" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - failures
commitment kept "Kept" of api {{
  target {metric} {op} {target} per calendar month
  {credit}
  {limits}
  claim automatic
}}
"#,
            agreement = self.agreement,
            target = percent(self.target),
            credit = self.credit,
            limits = self.limits,
        )
    }
}

fn percent(thousandths: u32) -> String {
    format!("{}.{:03}%", thousandths / 1000, thousandths % 1000)
}

fn amount() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0u32..=100).prop_map(|part| format!("{part}%")),
        1 => (0u32..40_000).prop_map(|cents| format!("{}.{:03} EUR", cents / 1000, cents % 1000)),
        1 => (1u32..30).prop_map(|part| format!("{part}% of both")),
        1 => Just("part".to_owned()),
        1 => Just("min(flat, 2% of extra)".to_owned()),
        1 => Just("if uptime < 95% then 25% else 12.5%".to_owned()),
    ]
}

/// A bound and what it gives.
fn row() -> impl Strategy<Value = (u32, bool, String)> {
    // Some bounds are the same, inclusive and not.
    let bound = prop_oneof![88_000u32..100_000, (96u32..100).prop_map(|whole| whole * 1_000)];
    (bound, any::<bool>(), amount())
}

fn ladder(floor: bool) -> impl Strategy<Value = (String, Vec<u32>)> {
    let fee = prop::sample::select(vec!["monthly", "both", "extra"]);
    (prop::collection::vec(row(), 1..5), prop::option::of(amount()), any::<bool>(), fee).prop_map(
        move |(rows, rest, at_target, fee)| {
            let (strict, wide) = if floor { ("below", "at most") } else { ("above", "at least") };
            let of = |bound: u32| if floor { bound } else { 100_000 - bound };
            let bounds: Vec<u32> = rows.iter().map(|(bound, ..)| of(*bound)).collect();
            let mut text: Vec<String> = rows
                .into_iter()
                .map(|(bound, inclusive, gives)| {
                    let side = if inclusive { wide } else { strict };
                    format!("{side} {} gives {gives}", percent(of(bound)))
                })
                .collect();
            if at_target {
                text.push(format!("{strict} target gives 3%"));
            }
            text.extend(rest.map(|gives| format!("otherwise gives {gives}")));
            (format!("credit of {fee} {{ {} }}", text.join("; ")), bounds)
        },
    )
}

fn bands() -> impl Strategy<Value = (String, Vec<u32>)> {
    (prop::collection::vec((row(), 0u32..3_000, 0u8..3), 1..5), prop::option::of(amount())).prop_map(|(rows, rest)| {
        let mut bounds = Vec::new();
        let mut text = Vec::new();
        for ((bound, inclusive, gives), width, shape) in rows {
            bounds.extend([bound, bound + width]);
            let (low, high) = (percent(bound), percent(bound + width));
            let (least, most) = if inclusive { ("at least", "at most") } else { ("above", "below") };
            text.push(match shape {
                0 => format!("{most} {low} gives {gives}"),
                1 => format!("{least} {high} gives {gives}"),
                _ => format!("{least} {low} and {most} {high} gives {gives}"),
            });
        }
        text.extend(rest.map(|gives| format!("otherwise gives {gives}")));
        (format!("credit of monthly using uptime as bands {{ {} }}", text.join("; ")), bounds)
    })
}

fn formula() -> impl Strategy<Value = (String, Vec<u32>)> {
    prop::sample::select(vec![
        "3.337 EUR * completed(target - attained, 1pp)",
        "1% of both * started(target - attained, 0.5pp)",
        "monthly * (100% - attained) * 0.1",
        "max(flat, 40% of extra) - 20 EUR",
        "if attained < 97% then flat else part",
    ])
    .prop_map(|amount| (format!("credit = {amount}"), Vec::new()))
}

fn limits() -> impl Strategy<Value = String> {
    let cap = prop_oneof![
        (1u32..60).prop_map(|part| format!("cap {part}% of both")),
        (1u32..200_000).prop_map(|cents| format!("cap {}.{:03} EUR per calendar month", cents / 1000, cents % 1000)),
        Just("cap part + flat per calendar month".to_owned()),
    ];
    let skip = prop_oneof![Just("skip below 5 EUR"), Just("skip at most 4.5 EUR"), Just("skip below 1% of monthly")];
    let times = prop_oneof![
        3 => Just(""),
        1 => Just("times 2 when uptime < 96%\n  times 1.5 when failures > 2%"),
        1 => Just("times 11/10 when failures > 1%\n  times 3 when uptime < 94.5%"),
    ];
    (prop::option::of(cap), prop::option::of(skip), times).prop_map(|(cap, skip, times)| {
        [cap.unwrap_or_default(), skip.unwrap_or_default().to_owned(), times.to_owned()].join("\n")
    })
}

fn terms() -> impl Strategy<Value = Terms> {
    let credit = any::<bool>().prop_flat_map(|floor| {
        let credit = prop_oneof![4 => ladder(floor).boxed(), 3 => bands().boxed(), 1 => formula().boxed()];
        (Just(floor), credit)
    });
    let agreement = prop::sample::select(vec!["", "cap 20% of both per calendar month", "skip below 2 EUR"]);
    (credit, 88_000u32..100_000, limits(), agreement, any::<bool>()).prop_map(
        |((floor, (credit, bounds)), target, limits, agreement, partial)| Terms {
            floor,
            target: if floor { target } else { 100_000 - target },
            credit,
            limits,
            agreement: agreement.to_owned(),
            partial,
            bounds,
        },
    )
}

/// Uptimes on and a millionth beside every bound, and somewhere else.
fn uptimes(terms: &Terms) -> Vec<Exact> {
    let beside = Exact::ratio(1, 1_000_000).unwrap();
    let share = |thousandths: u32| Exact::ratio(i64::from(thousandths), 100_000).unwrap();
    let mut all = vec![Exact::one(), Exact::zero(), Exact::ratio(931_234_567, 1_000_000_000).unwrap()];
    for bound in terms.bounds.iter().copied().chain([terms.target, 95_000, 97_000]) {
        let at =
            if terms.floor || terms.credit.contains("as bands") { share(bound) } else { Exact::one() - share(bound) };
        all.extend([&at - &beside, at.clone(), &at + &beside]);
    }
    all.retain(|value| value.signum() >= 0 && *value <= Exact::one());
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn bundle_and_evaluator_owe_the_same(terms in terms()) {
        let text = terms.text();
        // What the compiler refuses has no meaning.
        let Some(bundle) = try_text("terms.sla", &text) else { return Ok(()) };
        let bundle = serde_json::from_str(&bundle).unwrap();
        schema::validate("terms.sla", &bundle);
        let mut sources = SourceMap::new();
        let file = sources.add("terms.sla", text.clone());
        let (model, _) = sla::model::build(&sla::syntax::parse(file, &text).0);
        let commitment = model.commitments.get("kept").unwrap();
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let day = |text: &str| zone.start_of_day(parse_date(text).unwrap()).unwrap();
        let first = if terms.partial { "2027-04-16" } else { "2027-04-01" };
        let window = Interval::between(day(first), day("2027-05-01"));
        let names: Vec<String> = bundle["inputs"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
        for uptime in uptimes(&terms) {
            let mut facts = Facts::default();
            facts.state("uptime", None, Value::Ratio(Ratio(uptime.clone())));
            facts.state("failures", None, Value::Ratio(Ratio(Exact::one() - uptime.clone())));
            let judged = judge(&model, commitment, &facts, window, &Budget::default());
            let evaluated = judged.credit.unwrap().unwrap().amount.unwrap();
            let evaluated = (evaluated.amount * Exact::from_int(100)).to_i64().unwrap();
            let shown = |value: &Exact| value.to_fixed(9);
            let failures = Exact::one() - uptime.clone();
            let measured: Vec<(&str, String)> = names.iter().map(|name| {
                (name.as_str(), shown(if name.contains("[uptime") { &uptime } else { &failures }))
            }).collect();
            let measured: Vec<(&str, &str)> = measured.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut machine = machine(&bundle, &measured);
            if terms.partial {
                machine.part = decimal("15") / decimal("30");
            }
            let executed = machine.credits().get("kept").copied().unwrap_or(0).to_i64().unwrap();
            prop_assert_eq!(executed, evaluated, "at {}\n{}\n{:#?}", shown(&uptime), text, derive(&model, commitment, &facts, window, &Budget::default()));
        }
    }
}

/// Most of the generated terms are agreements that compile: otherwise nothing would be compared.
#[test]
fn generated_terms_mostly_compile() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let compiled = (0..60).filter(|_| {
        let terms = terms().new_tree(&mut runner).unwrap().current();
        try_text("terms.sla", &terms.text()).is_some()
    });
    assert!(compiled.count() > 30);
}

/// What a template says in the head of the agreement is said there.
#[test]
fn limits_of_a_template_are_those_of_the_agreement() {
    let agreement = "template head(base as fee) of agreement { cap 20% of base per calendar month; skip at most 1 EUR }\n\
        agreement a \"A\" { version \"1\"; status draft; effective 2027-01-01; timezone \"UTC\"; currency EUR; LIMITS }\n\
        party n \"N\" as provider\nparty c \"C\" as customer\nservice s \"S\" { by n to c; scope \"S\" }\n\
        fee f \"F\" of s = 100.00 EUR per calendar month\n\
        signal r \"R\" as events of s { measured by c; count total, failed; missing bad }\n\
        metric up \"Up\" = 100% - r.failed / r.total when empty 100%\n\
        commitment k \"K\" of s { target up >= 99% per calendar month; credit of f { below target gives 10% }; claim automatic }\n";
    let limits = |written: &str| {
        let bundle = super::compile("a.sla", &agreement.replace("LIMITS", written));
        let rules: Vec<serde_json::Value> = bundle["rules"].as_array().unwrap().clone();
        rules.into_iter().filter(|rule| ["cap", "skip"].contains(&rule["kind"].as_str().unwrap())).collect::<Vec<_>>()
    };
    let by_hand = limits("cap 20% of f per calendar month; skip at most 1 EUR");
    assert_eq!(by_hand.len(), 2);
    assert_eq!(limits("use head(f)"), by_hand);
}

//! The words of the language as data: each keyword's form, an example, and the blocks it belongs in. Errors quote it, and
//! the checks of placement read it.

use crate::diagnostics::did_you_mean;

/// One keyword of a declaration or statement.
#[derive(Debug)]
pub struct Form {
    /// The keyword, with single blanks.
    pub keyword: &'static str,
    /// How it is written, with its parts in capitals.
    pub form: &'static str,
    /// A line that a user could write.
    pub example: &'static str,
    /// The declarations whose block it belongs in; empty for a declaration.
    pub blocks: &'static [&'static str],
}

impl Form {
    /// How it is used, as help beside an error.
    pub fn usage(&self) -> String {
        format!("it is written `{}`, for example `{}`", self.form, self.example)
    }
}

macro_rules! forms {
    ($name:ident, $about:literal; $($keyword:literal [$($block:literal)*] $form:literal, $example:literal;)*) => {
        #[doc = $about]
        pub const $name: &[Form] = &[$(Form { keyword: $keyword, form: $form, example: $example, blocks: &[$($block),*] }),*];
    };
}

forms! { DECLARATIONS, "The declarations, in the order in which a file usually has them.";
    "agreement" [] "agreement ID \"Title\" { … }", "agreement web \"Web hosting\" { version \"1.0\" }";
    "party" [] "party ID \"Name\" as provider|customer|supplier { … }", "party acme \"Acme GmbH\" as provider";
    "dimension" [] "dimension ID \"Title\" [{ option ID \"Title\" … }]", "dimension plan \"Plan\" { option basic \"Basic\" }";
    "calendar" [] "calendar ID \"Title\" { open DAYS TIME to TIME … } or = CALENDAR except CALENDAR", "calendar office \"Office hours\" { open mon to fri 09:00 to 17:00 }";
    "holidays" [] "holidays ID \"Title\" { closed DATE \"Name\", … } or = SET except SET", "holidays public \"Public holidays\" { closed 12-25 \"Christmas Day\" }";
    "service" [] "service ID \"Title\" { by PARTY to PARTY … }", "service api \"Public API\" { by acme to globex }";
    "fee" [] "fee ID \"Title\" of SERVICE = MONEY per WINDOW", "fee api_fee \"Monthly fee\" of api = 4200.00 EUR per calendar month";
    "constant" [] "constant ID \"Title\" = VALUE", "constant goal \"Promised uptime\" = 99.9%";
    "signal" [] "signal ID \"Title\" as events|samples|state|cases|scores of SERVICE { … }", "signal requests \"Requests\" as events of api { count total; count failed }";
    "metric" [] "metric ID \"Title\" = EXPRESSION [when empty VALUE]", "metric errors \"Error rate\" = requests.failed / requests.total when empty 0%";
    "commitment" [] "commitment ID \"Title\" of SERVICE { target … }", "commitment uptime_kept \"Availability\" of api { target uptime >= 99.9% per calendar month }";
    "support" [] "support ID \"Title\" of SERVICE { cases SIGNAL; on CALENDAR; priority … }", "support desk \"Service desk\" of api { by acme to globex }";
    "escalation" [] "escalation ID \"Title\" { when CONDITION; after DURATION notify CONTACT … }", "escalation outage \"Outage\" { when uptime_kept.failing; after 0min notify acme.noc }";
    "duty" [] "duty ID \"Title\" { by PARTY to PARTY; do \"What\"; within DURATION of EVENT }", "duty access \"Access\" { by globex to acme; do \"Open the door\"; within 30min of request }";
    "risk" [] "risk ID \"Title\" { owner CONTACT; likelihood WORD; impact WORD; mitigate \"How\" }", "risk flood \"Flood\" { owner acme; likelihood low; impact high; mitigate \"Pumps\" }";
    "recovery" [] "recovery ID \"Title\" of SERVICE { rto DURATION; rpo DURATION; test every PERIOD }", "recovery standby \"Standby\" of api { by acme to globex; rto 4h; rpo 15min; test every 12 months }";
    "maintenance" [] "maintenance ID \"Title\" of SERVICE { announce PERIOD before start; budget DURATION per WINDOW; counts excluded }", "maintenance planned \"Planned work\" of api { announce 3 days before start; counts excluded }";
    "exclusion" [] "exclusion ID \"Title\" { when \"Condition\"; counts excluded|met }", "exclusion force_majeure \"Force majeure\" { when \"An event beyond control\"; counts excluded }";
    "report" [] "report ID \"Title\" { by PARTY to CONTACT; every WINDOW; within PERIOD of window end; shows … }", "report monthly \"Monthly report\" { by acme to globex; every calendar month; shows uptime_kept }";
    "meeting" [] "meeting ID \"Title\" { by PARTY to PARTY; every WINDOW; agenda \"…\" }", "meeting review_call \"Service review\" { by acme to globex; every calendar quarter }";
    "notice" [] "notice ID \"Title\" { by PARTY to CONTACT; when CONDITION; within DURATION of incident start }", "notice incident \"Incident\" { by acme to globex; when uptime_kept.failing; within 30min of incident start }";
    "objective" [] "objective ID \"Title\" { kpi COMMITMENT, … }", "objective sell \"Orders at any hour\" { kpi uptime_kept }";
    "proposal" [] "proposal ID \"Title\" of CLAUSE or PROPOSAL { by PARTY to PARTY; raised DATE; change \"…\" }", "proposal nines \"99.99%\" of uptime_kept { by globex to acme; raised 2027-01-18; change \"A higher target\" }";
    "review" [] "review ID \"Title\" { by PARTY; every PERIOD }", "review yearly \"Review\" { by acme to globex; every 12 months }";
    "amendment" [] "amendment ID \"Title\" { do \"How\"; announce PERIOD before \"what\" }", "amendment changes \"Changes\" { announce 90 days before \"a change\" }";
    "dispute" [] "dispute ID \"Title\" { step ID \"Who\" within PERIOD; final ID \"Who\" }", "dispute ladder \"Disputes\" { step managers \"Managers\" within 10 days; final court \"Court\" }";
    "records" [] "records ID \"Title\" { by PARTY; keep SIGNAL, … for PERIOD }", "records logs \"Logs\" { by acme; keep requests for 12 months }";
    "audit" [] "audit ID \"Title\" { by PARTY to PARTY; every PERIOD; announce PERIOD before start }", "audit visit \"Audit\" { by globex to acme; every 12 months; announce 10 days before start }";
    "example" [] "example ID \"Title\" of COMMITMENT during PERIOD { given …; expect … }", "example hour \"One hour down\" of uptime_kept during 2027-06 { expect credit = 0 EUR }";
    "term" [] "term ID \"Term\" { means \"…\" }", "term business_hours \"Business hours\" { means \"The hours of the calendar\" }";
    "import" [] "import NAME [as NAME], … [for OPTION, …] from \"PATH\" or LIBRARY", "import goal, month_credits from \"terms.sla\"";
    "template" [] "template ID(PARAMETER as KIND, …) [of KEYWORD] { … }", "template credits(goal as ratio, base as fee) of commitment { credit of base { below goal gives 10% } }";
}

forms! { STATEMENTS, "The statements, and the blocks they belong in.";
    "address" ["party" "contact"] "address \"Text\"", "address \"1 Main Street, Berlin\"";
    "email" ["party" "contact"] "email \"Address\"", "email \"noc@acme.example\"";
    "phone" ["party" "contact"] "phone \"Number\"", "phone \"+49 30 5550100\"";
    "law" ["agreement"] "law \"Jurisdiction\"", "law \"Germany\"";
    "language" ["agreement"] "language \"Tag\"", "language \"en\"";
    "timezone" ["agreement" "calendar"] "timezone \"Area/City\"", "timezone \"Europe/Berlin\"";
    "version" ["agreement"] "version \"Number\"", "version \"2.1\"";
    "scope" ["service" "audit"] "scope \"What is covered\"", "scope \"All endpoints\"";
    "out of scope" ["service"] "out of scope \"What is not covered\"", "out of scope \"Beta features\"";
    "do" ["duty" "amendment"] "do \"What is to be done\"", "do \"Revoke a leaked key\"";
    "agenda" ["meeting" "review"] "agenda \"Topics\"", "agenda \"Attainment, risks\"";
    "mitigate" ["risk"] "mitigate \"How\"", "mitigate \"Warm standby\"";
    "evidence" ["exclusion" "maintenance" "records" "duty"] "evidence \"Proof\"", "evidence \"Request log\"";
    "standard" ["records"] "standard \"Name\", …", "standard \"ISO/IEC 20000-1:2018\"";
    "form" ["report" "notice"] "form \"Layout\"", "form \"PDF\"";
    "change" ["proposal"] "change \"What would change\"", "change \"A target of 99.99%\"";
    "meanwhile" ["dispute"] "meanwhile \"What holds until it is settled\"", "meanwhile \"Both parties keep performing\"";
    "means" ["term"] "means \"Definition\"", "means \"A calendar day\"";
    "status" ["agreement"] "status draft|proposed|agreed|in_force|retired", "status in_force";
    "remedy" ["agreement" "commitment"] "remedy sole [\"Words\"]", "remedy sole";
    "waive" ["agreement"] "waive PART \"Reason\"", "waive risk \"Covered by the master agreement\"";
    "likelihood" ["risk"] "likelihood low|medium|high", "likelihood low";
    "impact" ["risk"] "impact low|medium|high", "impact high";
    "counts" ["maintenance" "exclusion"] "counts excluded|met", "counts excluded";
    "reclassify" ["support"] "reclassify keep_clock|restart_clock", "reclassify keep_clock";
    "pay" ["commitment" "agreement"] "pay next_invoice|within_30_days", "pay next_invoice";
    "takes effect" ["amendment"] "takes effect next_term", "takes effect next_term";
    "unused" ["agreement"] "unused paid_out|lapses", "unused paid_out";
    "missing" ["signal"] "missing good|bad|excluded [after DURATION]", "missing bad after 15min";
    "currency" ["agreement"] "currency CODE", "currency EUR";
    "depends on" ["service"] "depends on SERVICE, … or any of SERVICE, … or NUMBER of SERVICE, …", "depends on database";
    "promised" ["service"] "promised PERCENT per WINDOW", "promised 99.99% per calendar month";
    "exclude" ["commitment"] "exclude EXCLUSION, …", "exclude planned, force_majeure";
    "excuses" ["duty"] "excuses COMMITMENT, …", "excuses uptime_kept";
    "shows" ["report"] "shows COMMITMENT, …", "shows uptime_kept";
    "kpi" ["objective"] "kpi COMMITMENT, …", "kpi uptime_kept";
    "via" ["report" "notice"] "via CHANNEL, …", "via email";
    "cases" ["support"] "cases SIGNAL", "cases tickets";
    "combine largest with" ["commitment"] "combine largest with COMMITMENT, …", "combine largest with uptime_kept";
    "owner" ["risk"] "owner PARTY or CONTACT", "owner acme.manager";
    "keep" ["records"] "keep SIGNAL, … for PERIOD", "keep requests for 24 months";
    "window of" ["metric"] "window of SIGNAL.MILESTONE", "window of tickets.opened";
    "count" ["signal"] "count ID \"Title\"", "count failed \"Failed requests\"";
    "value" ["signal"] "value ID UNIT \"Title\"", "value latency s \"Time to the last byte\"";
    "field" ["signal"] "field ID TYPE", "field region text";
    "milestone" ["signal"] "milestone ID, …", "milestone opened, responded, resolved";
    "span" ["signal"] "span ID \"Title\"", "span waiting \"Waiting for the customer\"";
    "option" ["dimension" "proposal"] "option ID \"Title\"", "option basic \"Basic\"";
    "channel" ["support"] "channel ID \"Address\" [on CALENDAR]", "channel phone \"+49 30 5550199\" on always";
    "step" ["dispute"] "step ID \"Who\" within PERIOD", "step managers \"Service managers\" within 10 days";
    "final" ["dispute"] "final ID \"Who decides\"", "final arbitration \"Arbitration in Berlin\"";
    "every" ["signal" "duty" "report" "meeting" "review" "audit"] "every WINDOW or PERIOD", "every calendar month";
    "update every" ["priority" "notice"] "update every DURATION", "update every 30min";
    "test every" ["recovery"] "test every PERIOD [\"How\"]", "test every 12 months \"Full failover\"";
    "within" ["duty" "report" "notice" "proposal"] "within PERIOD of EVENT", "within 5 days of window end";
    "respond within" ["priority"] "respond within DURATION [on CALENDAR]", "respond within 15min on always";
    "resolve within" ["priority"] "resolve within DURATION [on CALENDAR]", "resolve within 4h";
    "work around within" ["priority"] "work around within DURATION [on CALENDAR]", "work around within 2h";
    "cure within" ["terminate"] "cure within PERIOD", "cure within 30 days";
    "announce" ["duty" "maintenance" "amendment" "audit" "terminate"] "announce PERIOD before EVENT [to CONTACT]", "announce 3 days before start";
    "renews every" ["agreement"] "renews every PERIOD [unless cancelled PERIOD before end]", "renews every 12 months unless cancelled 90 days before end";
    "budget" ["maintenance"] "budget DURATION per WINDOW", "budget 4h per calendar year";
    "rto" ["recovery"] "rto DURATION", "rto 4h";
    "rpo" ["recovery"] "rpo DURATION", "rpo 15min";
    "scale" ["signal"] "scale NUMBER to NUMBER", "scale 1 to 5";
    "unit" ["signal"] "unit UNIT", "unit °C";
    "raised" ["proposal"] "raised DATE", "raised 2027-01-18";
    "outcome" ["proposal"] "outcome accepted|declined|withdrawn DATE [option ID] [by PARTY, …] [\"Reason\"]", "outcome declined 2027-02-01 \"Too dear\"";
    "open" ["calendar"] "open DAYS or DATES TIME to TIME", "open mon to fri 09:00 to 17:00";
    "closed" ["calendar" "holidays"] "closed DATE \"Name\", …", "closed 12-25 \"Christmas Day\"";
    "covers" ["holidays"] "covers YEAR [to YEAR]", "covers 2026 to 2031";
    "effective" ["agreement"] "effective DATE [to DATE]", "effective 2027-01-01 to 2028-12-31";
    "fiscal year starts" ["agreement"] "fiscal year starts MONTH-DAY", "fiscal year starts 04-01";
    "billing month starts" ["agreement"] "billing month starts DAY", "billing month starts 15";
    "history" ["agreement"] "history \"Version\" DATE [\"What changed\"]", "history \"1.0\" 2026-01-01 \"First edition\"";
    "source" ["signal" "maintenance"] "source TARGET { NAME TYPE 'SELECTOR' }", "source prometheus { total counter 'http_requests_total' }";
    "target" ["commitment"] "target METRIC >= VALUE per WINDOW", "target uptime >= 99.9% per calendar month";
    "cap" ["commitment" "agreement"] "cap AMOUNT per WINDOW", "cap 20% of api_fee per calendar month";
    "applies when" ["commitment"] "applies when CONDITION", "applies when requests.total >= 10_000";
    "when" ["escalation" "exclusion" "notice" "priority" "maintenance"] "when CONDITION or \"Words\"", "when uptime_kept.failing";
    "after" ["escalation"] "after DURATION notify CONTACT, …", "after 30min notify acme.manager";
    "credit" ["commitment"] "credit of FEE { below target gives PERCENT … } or credit = MONEY", "credit of api_fee { below target gives 10% }";
    "times" ["commitment"] "times NUMBER when CONDITION", "times 2 when streak(uptime < 99.9%) >= 2";
    "warn" ["commitment"] "warn below VALUE", "warn below 99.97%";
    "skip" ["commitment" "agreement"] "skip at most MONEY", "skip at most 1 USD";
    "below" ["credit"] "below VALUE gives PERCENT", "below 99.0% gives 25%";
    "above" ["credit"] "above VALUE gives PERCENT", "above 10% gives 2%";
    "at most" ["credit"] "at most VALUE gives PERCENT", "at most 99.0% gives 25%";
    "at least" ["credit"] "at least VALUE gives PERCENT", "at least 10% gives 2%";
    "otherwise" ["credit" "constant"] "otherwise gives VALUE", "otherwise gives 99.9%";
    "claim" ["commitment"] "claim by PARTY within PERIOD of window end [to CONTACT] or claim automatic", "claim by globex within 30 days of window end";
    "decide" ["commitment"] "decide by PARTY within PERIOD of claim", "decide by acme within 10 days of claim";
    "terminate" ["commitment"] "terminate by PARTY when CONDITION within PERIOD of window end", "terminate by globex when streak(uptime < 99.0%) >= 3 within 60 days of window end";
    "measured by" ["signal"] "measured by PARTY [from \"Where\"]", "measured by acme from \"Load balancer\"";
    "by" ["service" "support" "duty" "recovery" "report" "meeting" "notice" "proposal" "review" "amendment" "records" "audit" "maintenance"] "by PARTY [to PARTY]", "by acme to globex";
    "on" ["support" "maintenance" "duty"] "on CALENDAR", "on office";
    "pause" ["support"] "pause while SIGNAL.SPAN or \"Words\" [when CONDITION]", "pause while tickets.waiting";
    "round" ["metric"] "round MODE to STEP", "round half_even to 0.01";
    "given" ["example"] "given METRIC = VALUE [from TIME to TIME]", "given error_rate = 100% from 2027-06-03 10:00 to 2027-06-03 11:00";
    "given case" ["example"] "given case PRIORITY { MILESTONE TIME … }", "given case p2 { opened 2027-06-04 17:30 }";
    "expect" ["example"] "expect NAME = VALUE, …", "expect credit = 420.00 EUR";
    "for" ["metric" "commitment" "constant"] "for OPTION = EXPRESSION | for OPTION { … }", "for basic = 99.9%";
    "use" ["commitment"] "use TEMPLATE(VALUE, …) [as PREFIX \"Title\"]", "use month_credits(99.9%, api_fee)";
    "contact" ["party"] "contact ID \"Title\" { email \"…\"; phone \"…\" }", "contact noc \"Operations\" { email \"noc@acme.example\" }";
    "priority" ["support"] "priority ID \"Title\" { when \"…\"; respond within …; resolve within … }", "priority p1 \"Critical\" { respond within 15min; resolve within 4h }";
}

/// Words that people begin a line with for a keyword: the rest of the line is the same.
const SYNONYMS: &[(&str, &str)] = &[
    ("response within", "respond within"),
    ("response time", "respond within"),
    ("response", "respond within"),
    ("reaction time", "respond within"),
    ("reaction", "respond within"),
    ("react within", "respond within"),
    ("solve within", "resolve within"),
    ("fix within", "resolve within"),
    ("resolution within", "resolve within"),
    ("resolution time", "resolve within"),
    ("resolution", "resolve within"),
    ("workaround within", "work around within"),
    ("workaround", "work around within"),
    ("warning", "warn"),
    ("alert", "warn"),
    ("time zone", "timezone"),
    ("tz", "timezone"),
    ("promise", "target"),
    ("goal", "target"),
    ("fiscal year begins", "fiscal year starts"),
    ("financial year starts", "fiscal year starts"),
    ("financial year begins", "fiscal year starts"),
    ("billing month begins", "billing month starts"),
    ("billing period starts", "billing month starts"),
    ("billing day", "billing month starts"),
    ("sla_target", "target"),
    ("exception", "exclude"),
    ("exception", "exclusion"),
    ("penalty", "credit"),
    ("description", "scope"),
    ("jurisdiction", "law"),
    ("mail", "email"),
    ("telephone", "phone"),
    ("partner", "party"),
    ("contract", "agreement"),
    ("sla", "agreement"),
    ("slo", "commitment"),
    ("sli", "metric"),
    ("price", "fee"),
    ("glossary", "term"),
    ("definition", "term"),
    ("else", "otherwise"),
    ("escalate", "escalation"),
];

/// Words that people begin a line with, and the keyword that says it here in another way.
const INSTEAD: &[(&str, &str)] = &[
    ("to", "by"),
    ("from", "measured by"),
    ("from", "by"),
    ("notify", "after"),
    ("gives", "below"),
    ("start", "effective"),
    ("starts", "effective"),
    ("begins", "effective"),
    ("valid", "effective"),
    ("ends", "effective"),
    ("hours", "open"),
    ("deadline", "within"),
    ("provider", "party"),
    ("customer", "party"),
    ("supplier", "party"),
    ("vendor", "party"),
    ("client", "party"),
];

/// Words within statements and heads that are no keywords of their own.
const INNER: &[&str] = &[
    "to",
    "before",
    "during",
    "empty",
    "notify",
    "unless",
    "cancelled",
    "using",
    "with",
    "automatic",
    "bands",
    "rounds",
    "rolling",
    "last",
    "windows",
    "calendar",
    "billing",
    "fiscal",
    "contract",
    "always",
];

/// Words that cannot be the name of a declaration where its head is looked for: they are operators of expressions.
const RESERVED: &[&str] = &[
    "and", "or", "not", "in", "of", "except", "per", "where", "over", "if", "then", "else", "when", "gives", "from",
    "until", "while", "as",
];

/// The form of a keyword, if it is one.
pub fn form(keyword: &str) -> Option<&'static Form> {
    DECLARATIONS.iter().chain(STATEMENTS).find(|form| form.keyword == keyword)
}

/// The declaration that a head stands for: the one with its keyword, or the one that a misspelt keyword is like.
pub fn declaration_form(keyword: &str) -> Option<&'static Form> {
    let known = || DECLARATIONS.iter().map(|form| form.keyword);
    let near = if known().any(|word| word == keyword) { Some(keyword) } else { did_you_mean(keyword, known()) };
    DECLARATIONS.iter().find(|form| Some(form.keyword) == near)
}

/// The form of the longest keyword that a line begins with.
pub fn form_at(line: &str) -> Option<&'static Form> {
    let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).take(3).collect();
    (1..=words.len()).rev().find_map(|count| form(&words.get(..count)?.join(" ")))
}

/// The word that a line begins with; empty where it begins with anything else.
pub fn first_word(line: &str) -> &str {
    word(line).0
}

/// The keywords that a line may begin with: at the top of a file, in a block, or in any block where it is not known.
pub fn keywords_in(block: Option<&Form>, top: bool) -> Vec<&'static Form> {
    let statements = || STATEMENTS.iter();
    match block {
        _ if top => DECLARATIONS.iter().collect(),
        Some(block) => statements().filter(|form| form.blocks.contains(&block.keyword)).collect(),
        None => statements().collect(),
    }
}

/// The keyword of several words that begins with a word.
pub fn half_keyword(word: &str, known: &[&'static Form]) -> Option<&'static Form> {
    known.iter().copied().find(|form| form.keyword.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')))
}

/// The keyword that the first words of a line stand for, and the length of these words.
pub fn synonym(line: &str, known: &[&'static Form]) -> Option<(usize, &'static Form)> {
    SYNONYMS.iter().find_map(|(words, keyword)| {
        let head = line.get(..words.len()).filter(|head| head.eq_ignore_ascii_case(words))?;
        let whole = !line.get(head.len()..)?.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
        let form = known.iter().copied().find(|form| form.keyword == *keyword)?;
        whole.then_some((head.len(), form))
    })
}

/// The keyword that says in another way what people say with a word.
pub fn instead_of(word: &str, known: &[&'static Form]) -> Option<&'static Form> {
    let word = word.to_ascii_lowercase();
    let keywords = INSTEAD.iter().filter(|(known, _)| *known == word).map(|(_, keyword)| *keyword);
    keywords.flat_map(|keyword| known.iter().copied().filter(move |form| form.keyword == keyword)).next()
}

/// The keyword that is like a word: misspelt, with the blanks of its first words left out, or of the same stem.
pub fn meant(word: &str, known: &[&'static Form]) -> Option<&'static Form> {
    let joined = |form: &Form| {
        let blanks = form.keyword.match_indices(' ').map(|(at, _)| at).chain([form.keyword.len()]);
        blanks.skip(1).any(|end| form.keyword.get(..end).is_some_and(|head| head.replace(' ', "") == word))
    };
    let stem = |form: &Form| {
        let first = form.keyword.split(' ').next().unwrap_or("");
        let same = first.bytes().zip(word.bytes()).take_while(|(one, two)| one.eq_ignore_ascii_case(two)).count();
        same >= STEM && 2 * same > first.len().max(word.len())
    };
    let near = || {
        let near = did_you_mean(word, known.iter().map(|form| form.keyword))?;
        known.iter().copied().find(|form| form.keyword == near)
    };
    let first = |fits: &dyn Fn(&Form) -> bool| known.iter().copied().find(|form| fits(form));
    first(&joined).or_else(near).or_else(|| first(&stem))
}

/// How many letters two words of one stem have in common at least.
const STEM: usize = 4;

/// Whether a line without a keyword has the shape of a statement or declaration, or begins with a word like one.
pub fn is_like_statement(line: &str, known: &[&'static Form]) -> bool {
    let (first, rest) = word(line);
    let rest = rest.trim_start_matches([' ', '\t']);
    let (name, after) = word(rest);
    let after = after.trim_start_matches([' ', '\t']);
    let shaped =
        rest.starts_with('"') || !name.is_empty() && after.starts_with(['"', '=', '{']) && !after.starts_with("==");
    let near = || {
        let near = did_you_mean(first, known.iter().map(|form| form.keyword));
        near.is_some_and(|near| near.len().abs_diff(first.len()) <= 1)
    };
    !first.is_empty()
        && !line.contains('\'')
        && (shaped || synonym(line, known).is_some() || instead_of(first, known).is_some() || near())
}

/// Whether a word has a meaning of its own in the language, so that it was hardly meant as a name.
pub fn is_word(word: &str) -> bool {
    let keyword = |form: &Form| form.keyword.split(' ').any(|part| part == word);
    RESERVED.contains(&word) || INNER.contains(&word) || DECLARATIONS.iter().chain(STATEMENTS).any(keyword)
}

/// Whether a line is the head of a declaration: the place where the grammar's recovery starts anew.
pub fn starts_declaration(line: &str) -> bool {
    let (keyword, rest) = word(line.trim_start_matches([' ', '\t']));
    let (name, rest) = word(rest.trim_start_matches([' ', '\t']));
    let rest = rest.trim_start_matches([' ', '\t']);
    let (next, _) = word(rest);
    keyword != "import"
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !RESERVED.contains(&name)
        && (rest.starts_with(['"', '{', '=', '(']) || ["as", "of", "per"].contains(&next))
        && DECLARATIONS.iter().any(|form| form.keyword == keyword)
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_a_declaration_or_a_statement_with_a_block() {
        for form in STATEMENTS {
            for block in form.blocks {
                assert!(super::form(block).is_some(), "`{}` names the block `{block}`", form.keyword);
            }
        }
    }

    #[test]
    fn heads_are_told_from_expressions() {
        assert!(starts_declaration("  metric uptime = 1"));
        assert!(starts_declaration("commitment a of b {"));
        assert!(!starts_declaration("metric of \"x\""));
        assert!(!starts_declaration("target uptime >= 1"));
        assert!(!starts_declaration("metric(metric("));
    }

    #[test]
    fn the_longest_keyword_wins() {
        assert_eq!(form_at("update every 30min").map(|form| form.keyword), Some("update every"));
        assert_eq!(form_at("every 30min").map(|form| form.keyword), Some("every"));
        assert_eq!(form_at("combine largest with x").map(|form| form.keyword), Some("combine largest with"));
    }
}

//! Parts that the grammar reads since keywords of one shape share a rule, and that a keyword does not have: told, so
//! that nothing that is written is left out of what is signed.

use super::Builder;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::{Element, Kind, Node, NodeExt, form, keyword};
use Kind::{
    as_kind, assign, automatic, block, during, keep_for, key_options, of_ref, path, s_by, s_on, s_within, tail_when,
    tail_with, text, to_refs, unit_name, when_empty,
};

/// The parts that keywords share, of which each has some.
const SHARED: &[Kind] = &[
    as_kind,
    assign,
    automatic,
    block,
    during,
    keep_for,
    key_options,
    of_ref,
    path,
    s_by,
    s_on,
    s_within,
    tail_when,
    tail_with,
    text,
    to_refs,
    unit_name,
    when_empty,
];

/// As many as there are.
const MANY: usize = usize::MAX;

/// Which of the parts in [`SHARED`] a keyword has, and how many of each. A keyword that is not here has a rule of its
/// own in the grammar, which reads nothing that it does not have.
const HAS: &[(&str, &[(Kind, usize)])] = &[
    // Heads.
    ("agreement", &[(text, 1), (block, 1)]),
    ("party", &[(text, 1), (as_kind, 1), (block, 1)]),
    ("calendar", &[(text, 1), (assign, 1), (block, 1)]),
    ("holidays", &[(text, 1), (assign, 1), (block, 1)]),
    ("service", &[(text, 1), (block, 1)]),
    ("fee", &[(text, 1), (of_ref, 1), (assign, 1), (block, 1)]),
    ("constant", &[(text, 1), (assign, 1), (block, 1)]),
    ("signal", &[(text, 1), (as_kind, 1), (of_ref, 1), (block, 1)]),
    ("metric", &[(text, 1), (assign, 1), (when_empty, 1), (block, 1)]),
    ("commitment", &[(text, 1), (of_ref, 1), (block, 1)]),
    ("support", &[(text, 1), (of_ref, 1), (block, 1)]),
    ("recovery", &[(text, 1), (of_ref, 1), (block, 1)]),
    ("maintenance", &[(text, 1), (of_ref, 1), (block, 1)]),
    ("proposal", &[(text, 1), (of_ref, 1), (block, 1)]),
    ("example", &[(text, 1), (of_ref, 1), (during, 1), (block, 1)]),
    ("escalation", PLAIN_HEAD),
    ("duty", PLAIN_HEAD),
    ("risk", PLAIN_HEAD),
    ("exclusion", PLAIN_HEAD),
    ("report", PLAIN_HEAD),
    ("meeting", PLAIN_HEAD),
    ("notice", PLAIN_HEAD),
    ("objective", PLAIN_HEAD),
    ("review", PLAIN_HEAD),
    ("amendment", PLAIN_HEAD),
    ("dispute", PLAIN_HEAD),
    ("records", PLAIN_HEAD),
    ("audit", PLAIN_HEAD),
    ("term", PLAIN_HEAD),
    // Texts.
    ("address", &[(text, 1)]),
    ("email", &[(text, 1)]),
    ("phone", &[(text, 1)]),
    ("law", &[(text, 1)]),
    ("language", &[(text, 1)]),
    ("timezone", &[(text, 1)]),
    ("version", &[(text, 1)]),
    ("do", &[(text, 1)]),
    ("evidence", &[(text, 1)]),
    ("form", &[(text, 1)]),
    ("change", &[(text, 1)]),
    ("meanwhile", &[(text, 1)]),
    ("means", &[(text, 1)]),
    // Words of a closed list.
    ("status", &[]),
    ("remedy", &[(text, 1)]),
    ("waive", &[(text, 1)]),
    ("likelihood", &[]),
    ("impact", &[]),
    ("counts", &[]),
    ("reclassify", &[]),
    ("pay", &[]),
    ("takes effect", &[]),
    // References.
    ("depends on", &[(path, MANY)]),
    ("exclude", &[(path, MANY)]),
    ("excuses", &[(path, MANY)]),
    ("shows", &[(path, MANY)]),
    ("kpi", &[(path, MANY)]),
    ("via", &[(path, MANY)]),
    ("cases", &[(path, 1)]),
    ("combine largest with", &[(path, MANY)]),
    ("owner", &[(path, 1)]),
    ("keep", &[(path, MANY), (keep_for, 1)]),
    ("window of", &[(path, 1)]),
    // Names with what belongs to each.
    ("count", &[(text, 1)]),
    ("value", &[(text, 1), (unit_name, 1)]),
    ("field", &[(text, 1), (unit_name, 1), (key_options, 1)]),
    ("milestone", &[(text, 1)]),
    ("span", &[(text, 1)]),
    ("option", &[(text, 1)]),
    ("channel", &[(text, 1), (s_on, 1)]),
    ("step", &[(text, 1), (s_within, 1)]),
    ("final", &[(text, 1)]),
    // What a breach leads to.
    ("claim", &[(automatic, 1), (s_by, 1), (s_within, 1), (to_refs, 1), (tail_with, 1)]),
    ("claim automatic", &[(automatic, 1)]),
    ("decide", &[(s_by, 1), (s_within, 1)]),
    ("terminate", &[(s_by, 1), (tail_when, 1), (s_within, 1), (block, 1)]),
];

/// The head of a clause: a title and what it says.
const PLAIN_HEAD: &[(Kind, usize)] = &[(text, 1), (block, 1)];

impl Builder<'_> {
    /// Tells the first part of a statement, or of the head of a declaration, that its keyword does not have.
    pub(super) fn reject_extras(&mut self, node: &Node) {
        let word = keyword(node);
        let claimed = word == "claim" && node.leaf(automatic).is_some();
        let known_as = if claimed { "claim automatic" } else { &word };
        let Some((_, has)) = HAS.iter().find(|(known, _)| *known == known_as) else { return };
        let named: Vec<Node> = node.children().filter(|child| child.kind() == Kind::named).collect();
        let extra = match named.is_empty() {
            true => beyond(node, has),
            false => named.iter().find_map(|named| beyond(named, has)),
        };
        let Some(extra) = extra else { return };
        let said = extra.to_string();
        let first = said.split_whitespace().next().unwrap_or_default();
        let first = if said.starts_with('"') { said.lines().next().unwrap_or_default() } else { first };
        let span = crate::syntax::range_span(self.scope.file_of(node), extra.text_range());
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("unexpected `{first}` in `{known_as}`"));
        let finding = match (extra.kind(), extra.kind() == text && has.contains(&(text, 1))) {
            (_, true) => finding.primary(format!("one text is all that `{known_as}` has")),
            (unit_name, _) if !has.contains(&(s_on, 1)) => finding.primary("is a comma missing before it?"),
            _ => finding.primary(format!("`{known_as}` has no such part")),
        };
        self.tell(match form(&word) {
            Some(form) => finding.help(form.usage()),
            None => finding,
        });
    }
}

/// The first part of a node that is not among those that it may have. What `by` and `=` hold counts as the node's own.
fn beyond(node: &Node, has: &[(Kind, usize)]) -> Option<Element> {
    let inner = |part: &Element| {
        let node = part.as_node().filter(|node| matches!(node.kind(), s_by | assign)).cloned();
        node.into_iter().flat_map(|node| node.children_with_tokens().collect::<Vec<_>>())
    };
    let own = node.children_with_tokens();
    let parts = own.flat_map(|part| {
        let within: Vec<Element> = inner(&part).filter(|part| matches!(part.kind(), to_refs | when_empty)).collect();
        std::iter::once(part).chain(within)
    });
    let mut seen: Vec<Kind> = Vec::new();
    for part in parts.filter(|part| SHARED.contains(&part.kind())) {
        let most = has.iter().find(|(kind, _)| *kind == part.kind()).map_or(0, |(_, most)| *most);
        seen.push(part.kind());
        if seen.iter().filter(|kind| **kind == part.kind()).count() > most {
            return Some(part);
        }
    }
    None
}

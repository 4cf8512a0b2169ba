//! Braces that are missing, or too many.

use super::Reporter;
use super::lines::shorten;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::syntax::forms;
use crate::syntax::grammar::Kind;
use crate::syntax::tree::Trouble;

impl Reporter<'_> {
    pub(super) fn stray_close(&self, trouble: &Trouble) -> Diagnostic {
        let here = self.span(trouble.start, trouble.end);
        Diagnostic::new(codes::STRAY_BRACE, here, "this `}` closes nothing")
            .primary("no block is open here")
            .help("take it away, or look for the `{` that is missing above")
    }

    pub(super) fn doubled_open(&self, trouble: &Trouble) -> Diagnostic {
        let here = self.span(trouble.start, trouble.end);
        Diagnostic::new(codes::UNEXPECTED_TEXT, here, "a block is opened twice")
            .primary("one `{` is enough")
            .fix(Fix::replace("take away the second `{`", here, ""))
    }

    pub(super) fn late_open(&self, trouble: &Trouble) -> Diagnostic {
        let brace = self.span(trouble.end, trouble.end + 1);
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, brace, "a head ends with its line, and its `{` with it")
            .primary("put this at the end of the line before");
        match self.said(trouble).trim().is_empty() {
            true => finding.fix(Fix::replace(
                "put it at the end of the line before",
                self.span(trouble.start, trouble.end),
                " ",
            )),
            false => finding,
        }
    }

    pub(super) fn missing_close(&self, trouble: &Trouble) -> Diagnostic {
        let content = without_comments(self.text.get(..trouble.start).unwrap_or("")).len();
        let opened = self.inner_block(trouble.parent.1, content).unwrap_or(trouble.parent.1);
        // The line after the last one of the block is where its brace is missed.
        let after =
            self.text.get(content..trouble.start).unwrap_or("").find('\n').map_or(content, |line| content + line + 1);
        let head = self.text.get(..opened).unwrap_or("").lines().next_back().unwrap_or("").trim();
        let message = match head {
            "" => "a `}` is missing".to_owned(),
            head => format!("the block of `{}` is not closed", shorten(head)),
        };
        if opened == trouble.parent.1 {
            return Diagnostic::new(codes::MISSING_BRACE, self.span(after, after), message)
                .primary("a `}` is missing before here")
                .label(self.span(opened, opened + 1), "the block begins here")
                .help("close the block with `}`");
        }
        let missed = self.missed(opened, content);
        Diagnostic::new(codes::MISSING_BRACE, self.span(missed, missed), message)
            .primary("a `}` is missing before here")
            .label(self.span(opened, opened + 1), "this block has no `}` of its own")
            .label(self.span(content - 1, content), "by where it stands, this `}` closes the outer block")
            .help("close the inner block with `}`")
    }

    /// Whether what closes no brace is a template in which another one begins, further in than its own head.
    pub(super) fn is_template_within(&self, trouble: &Trouble) -> bool {
        let begin = self.next_word(trouble.end);
        trouble.kind == Kind::missing_close
            && trouble.parent.0 == Kind::template_block
            && forms::first_word(self.text.get(begin..).unwrap_or("")) == "template"
            && self.margin(begin) > self.margin(trouble.parent.1)
    }

    /// Whether a trouble at the top of a file follows a declaration that is written as if it stood within another one.
    pub(super) fn is_further_in(&self, trouble: &Trouble) -> bool {
        trouble.parent.0 == Kind::file && trouble.declaration.is_some_and(|start| self.margin(start) > 0)
    }

    /// Where the first word after a place begins.
    pub(super) fn next_word(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        at + rest.len() - rest.trim_start().len()
    }

    /// How far in the line of a place begins.
    fn margin(&self, at: usize) -> usize {
        let begin = self.text.get(..at).unwrap_or("").rfind('\n').map_or(0, |line| line + 1);
        let line = self.line(begin);
        line.len() - line.trim_start().len()
    }

    /// Where the `}` of a block within is missed: at the first line that stands no deeper than its head.
    fn missed(&self, opened: usize, content: usize) -> usize {
        let margin = |line: &str| line.len() - line.trim_start().len();
        let head = self.text.get(..opened).unwrap_or("").lines().next_back().unwrap_or("");
        let mut at =
            opened + self.text.get(opened..content).and_then(|rest| rest.find('\n')).map_or(0, |line| line + 1);
        for line in self.text.get(at..content).unwrap_or("").split_inclusive('\n') {
            if !line.trim().is_empty() && margin(line) <= margin(head) {
                return at + margin(line);
            }
            at += line.len();
        }
        content
    }

    /// Where the last brace of an unclosed block stands below its head, it was meant for that block, and a block within
    /// is the one that is not closed: the last one whose line opens more than it closes.
    fn inner_block(&self, opened: usize, content: usize) -> Option<usize> {
        let before = self.text.get(..opened)?;
        let head = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
        let body = self.text.get(opened + 1..content)?;
        let margin = |line: &str| line.len() - line.trim_start().len();
        let last = body.lines().next_back()?;
        if last.trim() != "}" || margin(last) != margin(head) {
            return None;
        }
        let (mut brace, mut at) = (None, opened + 1);
        for line in body.split_inclusive('\n') {
            if line.matches('{').count() > line.matches('}').count() {
                brace = line.find('{').map(|column| at + column);
            }
            at += line.len();
        }
        brace
    }
}

/// A text without the blank lines and comment lines at its end: they belong to what follows.
fn without_comments(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some((before, line)) = rest.rsplit_once('\n') {
        if !line.trim_start().starts_with("//") {
            break;
        }
        rest = before.trim_end();
    }
    rest
}

//! Windows that begin on other days in a supplier's own agreement than in this one: of fiscal years, of billing months, of
//! contracts.

use super::{Counted, Days};
use crate::calculus::{ExprKind, Slice};
use crate::model::{Agreement, Model};
use crate::values::{Date, Window};

/// A window that begins on other days here than in the supplier's own agreement.
#[derive(Clone, Debug)]
pub struct Apart<'a> {
    /// The supplier's own agreement.
    pub there: &'a Agreement,
    /// Which window it is.
    pub per: &'a Window,
    /// A day in both terms, if there is one: the first one of the later term.
    pub day: Date,
    /// The window around that day under this agreement.
    pub here: Days,
    /// The window around it under the supplier's own.
    pub elsewhere: Days,
    /// What is counted over such windows, each once.
    pub of: Vec<Counted<'a>>,
}

impl Agreement {
    /// Whether a window begins on the same days here and in another agreement, as far as heads say on which.
    pub fn begins_like(&self, other: &Agreement, per: &Window) -> bool {
        self.around_in_both(other, per).is_none()
    }

    /// The windows around the first day of the later one of two terms, here and in another agreement, where they are not the
    /// same.
    fn around_in_both(&self, other: &Agreement, per: &Window) -> Option<(Date, Days, Days)> {
        let from = |one: &Agreement| one.effective.as_ref().map(|term| term.from);
        let (here, there) = (from(self)?, from(other)?);
        // Billing quarters and years are counted from the first month of a term, those of a contract from its first day.
        let day = here.max(there);
        let around = |one: &Agreement, from: Date| per.dates_around(one.anchors(from), day);
        let (here, there) = (around(self, here)?, around(other, there)?);
        (here != there).then_some((day, here, there))
    }
}

impl Model {
    /// Each window of a supplier's promise, of what it owes for it, of the maintenance that it excludes and of what it looks at
    /// that begins on other days here than in the supplier's own agreement.
    pub fn apart_elsewhere(&self) -> Vec<Apart<'_>> {
        let mut found: Vec<Apart<'_>> = Vec::new();
        for (there, per, counted) in self.counted_elsewhere() {
            for per in std::iter::once(per).chain(self.windows_in(counted)) {
                let same = |one: &&mut Apart<'_>| std::ptr::eq(one.there, there) && one.per == per;
                match found.iter_mut().find(same) {
                    Some(known) if known.of.iter().any(|one| one.key() == counted.key()) => {}
                    Some(known) => known.of.push(counted),
                    None => {
                        found.extend(self.agreement.around_in_both(there, per).map(|(day, here, elsewhere)| Apart {
                            there,
                            per,
                            day,
                            here,
                            elsewhere,
                            of: vec![counted],
                        }))
                    }
                }
            }
        }
        found
    }

    /// The windows that something looks at besides its own.
    fn windows_in<'a>(&'a self, counted: Counted<'a>) -> Vec<&'a Window> {
        let mut found = Vec::new();
        for expr in self.looked_at(counted) {
            self.through(expr, &mut |part| {
                let ExprKind::Apply { over, slice, .. } = &part.kind else { return };
                let sliced = slice.as_ref().and_then(|slice| match slice {
                    Slice::Window(window) => Some(window),
                    Slice::Elapsed(_) | Slice::Key(_) => None,
                });
                for window in over.iter().chain(sliced) {
                    found.push(match window {
                        Window::Last { of: Some(of), .. } => of.as_ref(),
                        other => other,
                    });
                }
            });
        }
        found
    }
}

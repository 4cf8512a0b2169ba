//! What is judged for a period: the windows of every commitment, and the instants between which signals are added up.

use super::budget::Budget;
use super::facts::Facts;
use super::gap::Gap;
use super::history;
use super::interval::{Interval, nanos};
use super::over::over;
use super::reader::{BEYOND, Reader};
use super::records::Cuts;
use crate::calculus::{ExprKind, Function, Slice};
use crate::model::{Commitment, Model};
use crate::values::{Amount, Date, Timestamp, Window, Zone};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A signal is not added up between more instants.
const MOST_CUTS: usize = 50_000_000;
/// Windows of one commitment that are looked at.
const MOST_WINDOWS: usize = 100_000;

/// A commitment in one window.
#[derive(Clone, Debug)]
pub struct Due<'a> {
    /// The commitment.
    pub commitment: &'a Commitment,
    /// Its window, as far as it lies within the term; of one that has not ended, as far as things are known.
    pub window: Interval,
    /// Whether it has not ended.
    pub open: bool,
    /// Whether it is asked for. Others are judged since what was owed or missed before counts.
    pub asked: bool,
    /// The windows of the commitment, in order, and the place of this one among them.
    all: Arc<[Interval]>,
    place: usize,
}

impl Due<'_> {
    /// The windows of the commitment before it, the first one first.
    #[must_use]
    pub fn before(&self) -> &[Interval] {
        self.all.get(..self.place).unwrap_or_default()
    }
}

/// What is judged for a period.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The agreement.
    pub model: &'a Model,
    /// The windows that end in the period, and those before them that count, in the order in which they end.
    pub due: Vec<Due<'a>>,
    /// Commitments of which no window is asked for, with the reason.
    pub without: Vec<(&'a Commitment, &'static str)>,
    /// The time that is looked at.
    pub span: Interval,
    /// Up to when things are known, where that is said.
    pub as_of: Option<i128>,
}

impl<'a> Plan<'a> {
    /// The windows that end within a period. With an instant up to which things are known, those that have begun by then
    /// and not ended are judged so far.
    #[must_use]
    pub fn new(model: &'a Model, period: Interval, as_of: Option<i128>) -> Plan<'a> {
        let zone = model.agreement.clock();
        let until = as_of.unwrap_or(period.end);
        let mut plan = Plan { model, due: Vec::new(), without: Vec::new(), span: period, as_of };
        let owing = model.commitments.iter().filter(|one| !one.head.poisoned && settled_together(model, one));
        let together = owing.map(|one| reach(model, one, period, &zone)).min().unwrap_or(period.start);
        for commitment in model.commitments.iter().filter(|one| !one.head.poisoned) {
            let Some(window) = commitment.targets.first().map(|target| &target.window) else { continue };
            // Credits that limit each other are settled from the same time on.
            let from =
                if settled_together(model, commitment) { together } else { reach(model, commitment, period, &zone) };
            let (all, why) = windows(model, window, Interval { start: from, end: period.end.min(until) }, as_of, &zone);
            // What holds for an option of an open dimension holds while there is that option.
            let present = model.present.get(&commitment.head.name);
            let (all, why) = match present {
                Some(present) if !all.is_empty() => (
                    all.into_iter().filter(|window| window.overlaps(*present)).collect(),
                    "no row of the period names it",
                ),
                _ => (all, why),
            };
            let asked = |window: &Interval| window.end > period.start;
            if !all.iter().any(asked) {
                plan.without.push((commitment, outside(model, period, &zone).unwrap_or(why)));
                // What it owed before uses up the caps that it shares with others.
                if !model.is_carried(commitment) && !settled_together(model, commitment) {
                    continue;
                }
            }
            let all: Arc<[Interval]> = all.into();
            for (place, window) in all.iter().enumerate() {
                let open = window.end > until;
                let end = window.end.min(until);
                let cut = Interval { end, ..*window };
                plan.due.push(Due {
                    commitment,
                    window: cut,
                    open,
                    asked: asked(window),
                    all: Arc::clone(&all),
                    place,
                });
            }
        }
        plan.due.sort_by_key(|due| due.window.end);
        let starts = plan.due.iter().flat_map(|due| {
            let reads = reads_within(model, due.commitment).into_iter();
            let over: Vec<i128> = reads.map(|read| read.at(model, due, &zone).start).collect();
            over.into_iter().chain([due.window.start])
        });
        plan.span.start = starts.min().unwrap_or(period.start);
        plan.span.end = plan.due.iter().map(|due| due.window.end).max().unwrap_or(period.end.min(until));
        plan
    }

    /// One commitment in one window by itself.
    pub(super) fn of_one(model: &'a Model, commitment: &'a Commitment, window: Interval) -> Plan<'a> {
        let due = Due { commitment, window, open: false, asked: true, all: Arc::new([window]), place: 0 };
        Plan { model, due: vec![due], without: Vec::new(), span: window, as_of: None }
    }

    /// The signals that are read, each with the instants between which it is added up; `facts` say what is excluded.
    ///
    /// # Errors
    /// [`TooFine`] where there would be too many.
    pub fn cuts(&self, facts: &Facts) -> Result<BTreeMap<String, Cuts>, TooFine<'a>> {
        let zone = self.model.agreement.clock();
        let budget = Budget::new(u64::MAX);
        let mut instants: BTreeMap<&str, Vec<i128>> = BTreeMap::new();
        let mut reads: HashMap<&str, Vec<Read<'_>>> = HashMap::new();
        for due in &self.due {
            let name = due.commitment.head.name.as_str();
            let reads = reads.entry(name).or_insert_with(|| reads_within(self.model, due.commitment));
            for read in reads.iter() {
                let window = read.at(self.model, due, &zone);
                let reader = Reader::new(self.model, facts, window, &budget).for_commitment(due.commitment);
                let beyond = Interval { start: window.start - BEYOND, end: window.end + BEYOND };
                let found = instants.entry(read.signal).or_default();
                let scope = if read.within.in_runs { beyond } else { window };
                found.extend(reader.edges.iter().filter(|edge| scope.start < **edge && **edge < scope.end));
                let from = found.len();
                let too_fine = || TooFine { commitment: due.commitment, signal: read.signal.to_owned() };
                edges(self.model, window, &read.within.slices, &zone, found).map_err(|_| too_fine())?;
                if let (true, Some(Slice::Elapsed(length))) = (read.within.in_runs, read.within.slices.first()) {
                    let step = nanos(length).filter(|step| *step > 0).ok_or_else(too_fine)?;
                    let count = BEYOND / step;
                    if found.len().saturating_add(usize::try_from(2 * count).unwrap_or(usize::MAX)) > MOST_CUTS {
                        return Err(too_fine());
                    }
                    found.extend((1..=count).map(|index| window.start - index * step));
                    found.extend((1..=count).map(|index| window.end + index * step));
                }
                if !read.within.slices.is_empty() {
                    split_starts(found, from, &reader.edges);
                }
            }
        }
        let mut same: HashMap<Vec<i128>, Cuts> = HashMap::new();
        let mut all = BTreeMap::new();
        for (signal, mut found) in instants {
            // They are mostly in order, run after run, of which a stable sort makes use.
            found.sort();
            found.dedup();
            let cuts = same.entry(found.clone()).or_insert_with(|| Cuts::new(found));
            all.insert(signal.to_owned(), cuts.clone());
        }
        Ok(all)
    }
}

/// That a commitment reads a signal in so many slices that they cannot be added up one by one.
#[derive(Clone, Debug)]
pub struct TooFine<'a> {
    /// The commitment.
    pub commitment: &'a Commitment,
    /// The signal.
    pub signal: String,
}

/// How a commitment reads a signal.
#[derive(Clone, Debug, PartialEq)]
struct Read<'a> {
    signal: &'a str,
    within: Within<'a>,
}

/// What stands around a part of an expression that is read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Within<'a> {
    /// The slices in which it does, the outermost first.
    slices: Vec<&'a Slice>,
    /// Whether it looks for runs, which may go on beyond the window.
    in_runs: bool,
    /// The window over which it does, where that is not the one of the promise.
    over: Option<&'a Window>,
}

impl Within<'_> {
    /// What tells it from others: where its parts stand in memory, as long as the model does.
    fn key(&self) -> (Vec<*const Slice>, bool, Option<*const Window>) {
        (
            self.slices.iter().map(|slice| std::ptr::from_ref(*slice)).collect(),
            self.in_runs,
            self.over.map(std::ptr::from_ref),
        )
    }
}

impl Read<'_> {
    /// The time over which it reads for a window.
    fn at(&self, model: &Model, due: &Due<'_>, zone: &Zone) -> Interval {
        self.within.over.and_then(|window| over(model, window, due.window, due.before(), zone)).unwrap_or(due.window)
    }
}

/// The signals that a commitment reads, by name.
#[must_use]
pub fn reads_of<'a>(model: &'a Model, commitment: &'a Commitment) -> Vec<&'a str> {
    let mut all: Vec<&str> = reads_within(model, commitment).iter().map(|read| read.signal).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// In how many slices of one length a commitment reads its signals in a window at most; nothing where slices have no end.
pub(super) fn most_slices(model: &Model, commitment: &Commitment, window: Interval) -> Option<i128> {
    let mut most = 1;
    for read in reads_within(model, commitment) {
        for slice in read.within.slices {
            if let Slice::Elapsed(length) = slice {
                let step = nanos(length).filter(|step| *step > 0)?;
                most = most.max((window.end - window.start) / step);
            }
        }
    }
    Some(most)
}

fn reads_within<'a>(model: &'a Model, commitment: &'a Commitment) -> Vec<Read<'a>> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for expr in commitment.measured() {
        let mut waiting = vec![(expr, Within::default())];
        while let Some((expr, within)) = waiting.pop() {
            let inner = match &expr.kind {
                ExprKind::Reading(reading) => {
                    let read = Read { signal: reading.signal.as_str(), within };
                    if !found.contains(&read) {
                        found.push(read);
                    }
                    continue;
                }
                ExprKind::Metric(name) if !seen.insert((name.as_str(), within.key())) => continue,
                ExprKind::Apply { function, slice, over, .. } => Within {
                    slices: within.slices.iter().copied().chain(slice).collect(),
                    in_runs: within.in_runs || *function == Function::Runs,
                    // Windows that are counted are read one by one.
                    over: over.as_ref().filter(|_| expr.windows_counted().is_none()).or(within.over),
                },
                _ => within,
            };
            let parts = match &expr.kind {
                ExprKind::Metric(name) => {
                    let metric = model.metrics.get(name);
                    metric
                        .map_or_else(Vec::new, |metric| [&metric.value].into_iter().chain(&metric.when_empty).collect())
                }
                _ => expr.parts(),
            };
            waiting.extend(parts.into_iter().rev().map(|part| (part, inner.clone())));
        }
    }
    found
}

/// Cuts off the first instant of each slice in which an exclusion begins or ends: rows of it may stand for the whole slice.
/// The slices begin and end at the instants after the first so many.
fn split_starts(found: &mut Vec<i128>, after: usize, edges: &[i128]) {
    let bounds = found.get_mut(after..).unwrap_or_default();
    bounds.sort();
    let before = |edge: &i128| bounds.partition_point(|bound| bound < edge).checked_sub(1);
    let starts: Vec<i128> = edges.iter().filter_map(|edge| Some(bounds.get(before(edge)?)? + 1)).collect();
    found.extend(starts);
}

/// Where an interval and the slices in it begin and end.
fn edges(model: &Model, at: Interval, slices: &[&Slice], zone: &Zone, found: &mut Vec<i128>) -> Result<(), Gap> {
    found.extend([at.start, at.end]);
    let Some((slice, inner)) = slices.split_first() else { return Ok(()) };
    let mut starts = match slice {
        Slice::Elapsed(length) => {
            let step = nanos(length).filter(|step| *step > 0).ok_or(Gap::TooLong)?;
            let count = usize::try_from((at.end - at.start) / step).map_err(|_| Gap::TooLong)?;
            if found.len().saturating_add(count) > MOST_CUTS {
                return Err(Gap::TooLong);
            }
            (0..).map(|index| at.start + index * step).take_while(|start| *start < at.end).collect()
        }
        Slice::Window(window) => {
            let dates = |instant: i128| Timestamp::from_nanosecond(instant).ok().map(|it| zone.date(it));
            let (from, to) = dates(at.start).zip(dates(at.end)).ok_or(Gap::TooLong)?;
            let anchors = model.agreement.anchors(from);
            let starts = window.boundaries(zone, anchors, from, to).into_iter().map(Timestamp::as_nanosecond);
            starts.filter(|start| at.start <= *start && *start < at.end).collect::<Vec<i128>>()
        }
        Slice::Key(_) => return edges(model, at, inner, zone, found),
    };
    if inner.is_empty() {
        found.append(&mut starts);
        return Ok(());
    }
    starts.push(at.end);
    for (start, end) in starts.iter().zip(starts.iter().skip(1)) {
        edges(model, Interval { start: *start, end: *end }, inner, zone, found)?;
    }
    Ok(())
}

/// From where on windows count: what was owed before counts for a cap, what was missed before for a streak and for a breach
/// that goes on.
fn reach(model: &Model, commitment: &Commitment, period: Interval, zone: &Zone) -> i128 {
    let window = commitment.targets.first().map(|target| &target.window);
    let Some(term) = &model.agreement.effective else { return period.start };
    let start = |date: Date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
    let first = Timestamp::from_nanosecond(period.start).map(|at| zone.date(at)).unwrap_or(term.from);
    let shared = model.agreement.caps.iter().filter(|_| model.shares_caps(commitment));
    let caps = commitment.caps.iter().chain(shared).filter_map(|cap| match &cap.per {
        Some(Window::Rolling(_)) => Some(term.from),
        Some(per) if Some(per) != window => {
            per.dates_around(model.agreement.anchors(first), first).map(|(from, _)| from)
        }
        _ => None,
    });
    let mut from = caps.map(|date| date.max(term.from)).filter_map(start).min().unwrap_or(period.start);
    let limited = commitment.credit.is_some() && from < period.start && caps_reach_back(model);
    let back = looks_back(model, commitment) || model.is_carried(commitment);
    if limited || back || commitment.rolls().is_some() {
        from = start(term.from).unwrap_or(from);
    }
    from.min(period.start)
}

/// Whether what a commitment owes may be limited together with what others owe.
fn settled_together(model: &Model, commitment: &Commitment) -> bool {
    let shares = !model.agreement.caps.is_empty() && model.shares_caps(commitment);
    let combined = || {
        let groups = model.combinations();
        groups.iter().any(|group| group.iter().any(|one| one.head.name == commitment.head.name))
    };
    commitment.credit.is_some() && (shares || combined())
}

/// Whether what a cap left in a window depends on windows before its own: what was owed there was limited as well, by a cap
/// that rolls, or by one whose window begins at another time.
fn caps_reach_back(model: &Model) -> bool {
    let caps = model.commitments.iter().flat_map(|one| &one.caps).chain(&model.agreement.caps);
    let all: Vec<&Window> = caps.filter_map(|cap| cap.per.as_ref()).collect();
    all.iter().any(|per| matches!(per, Window::Rolling(_)) || all.first().is_some_and(|first| first != per))
}

/// Whether a commitment looks at windows before the one that is judged.
#[must_use]
pub fn looks_back(model: &Model, commitment: &Commitment) -> bool {
    commitment.measured().into_iter().any(|expr| history::looks_back(model, expr))
}

/// The windows of a commitment before one, the first one first, where it looks back. Of one that rolls every day would be
/// one: there an example stands by itself.
pub(super) fn windows_before(model: &Model, commitment: &Commitment, at: Interval) -> Vec<Interval> {
    let window = commitment.targets.first().map(|target| &target.window);
    let Some(window) = window.filter(|_| commitment.rolls().is_none() && looks_back(model, commitment)) else {
        return Vec::new();
    };
    let zone = model.agreement.clock();
    let first = model.agreement.effective.as_ref().and_then(|term| zone.start_of_day(term.from));
    let Some(first) = first.map(Timestamp::as_nanosecond) else { return Vec::new() };
    windows(model, window, Interval { start: first, end: at.start }, None, &zone).0
}

/// The windows that end after the first instant of an interval and by its last, in order, as far as they lie within the
/// term; and the one that has begun and not ended by `as_of`. The words say why there is none.
fn windows(
    model: &Model,
    window: &Window,
    at: Interval,
    as_of: Option<i128>,
    zone: &Zone,
) -> (Vec<Interval>, &'static str) {
    let date = |instant: i128| Timestamp::from_nanosecond(instant).ok().map(|it| zone.date(it));
    let start = |date: Date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
    let (Some(first), Some(last)) = (date(at.start), date(at.end)) else { return (Vec::new(), "it lies too far off") };
    let term = model.agreement.effective.as_ref();
    let anchors = model.agreement.anchors(first);
    let effective = anchors.effective;
    let end = term.and_then(|term| term.to).filter(|_| model.agreement.renews.is_none());
    let end = end.and_then(|last| last.tomorrow().ok());
    let within = |from: Date, to: Date| {
        let (from, to) = (from.max(if term.is_some() { effective } else { from }), end.map_or(to, |end| to.min(end)));
        let window = Interval { start: start(from)?, end: start(to)? };
        (!window.is_empty() && window.start < as_of.unwrap_or(window.end)).then_some(window)
    };
    let days = |from: Date| std::iter::successors(Some(from), |date| date.tomorrow().ok()).take(MOST_WINDOWS);
    let (mut all, why) = match window {
        Window::Periodic { .. } => {
            let next = |from: Date| window.dates_around(anchors, from);
            let dates = std::iter::successors(next(first), |(_, end)| next(*end)).take(MOST_WINDOWS);
            let all = dates.take_while(|(from, _)| *from <= last).filter_map(|(from, to)| within(from, to));
            (all.collect::<Vec<_>>(), "none of its windows ends in the period")
        }
        Window::Rolling(length) => {
            let full = |end: Date| {
                let to = start(end)?;
                let from = match length {
                    Amount::Elapsed(length) => to - nanos(length)?,
                    Amount::Period(period) => start(period.subtract_from(end)?)?,
                    Amount::Windows { .. } => return None,
                };
                let began = start(effective).filter(|_| term.is_some()).unwrap_or(from);
                let ended = start(end).zip(self::end(model, zone)).is_some_and(|(end, last)| end > last);
                (from >= began && !ended).then_some(Interval { start: from, end: to })
            };
            let all = days(first).take_while(|date| *date <= last).filter_map(full);
            (all.collect(), "no window of it is full in the period")
        }
        Window::Term => match (term, end) {
            (Some(term), Some(end)) => {
                (within(term.from, end).into_iter().collect(), "its term ends outside the period")
            }
            _ => (Vec::new(), "its term has no end"),
        },
        Window::Last { .. } | Window::EachCase | Window::EachEvent => {
            (Vec::new(), "its window is not one that can be evaluated yet")
        }
    };
    let is_open = |window: &Interval| as_of.is_some_and(|until| window.end > until && at.end >= until);
    let rolls = matches!(window, Window::Rolling(_));
    all.retain(|one| one.end > at.start && (one.end <= at.end || (!rolls && is_open(one))));
    (all, why)
}

/// That a period lies outside the term, if it does.
fn outside(model: &Model, period: Interval, zone: &Zone) -> Option<&'static str> {
    let start = zone.start_of_day(model.agreement.effective.as_ref()?.from)?.as_nanosecond();
    if period.end <= start {
        return Some("the period ends before the agreement takes effect");
    }
    (end(model, zone)? <= period.start).then_some("the period begins after the agreement has ended")
}

/// The end of the term, where it has one.
fn end(model: &Model, zone: &Zone) -> Option<i128> {
    let last = model.agreement.effective.as_ref()?.to.filter(|_| model.agreement.renews.is_none())?;
    Some(zone.start_of_day(last.tomorrow().ok()?)?.as_nanosecond())
}

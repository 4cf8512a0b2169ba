"""The value of an expression of the bundle in one window of a commitment.

Expressions are trees; `Scope.value` follows them down. What is not known is raised as `Unknown`: functions over slices or
occurrences ask the signal what missing data counts as, and whatever else needs it is not decided.
"""

import itertools
from fractions import Fraction

import counts
import occurrences
import runs
import wishes
from agreement import Place, children
from values import (
    COMPARE,
    FOREVER,
    SECOND,
    Cut,
    Kept,
    LeftOut,
    Missing,
    NotBegun,
    Nothing,
    Unknown,
    added,
    arithmetic,
    nanoseconds,
    rounded,
    value,
)
from windows import common, merged, near, without

# What means the same with its sides exchanged.
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
PERCENTILES = {"p50": 50, "p90": 90, "p95": 95, "p99": 99}


class Scope:
    """One window of a commitment. `before` are the windows before it, the first one first."""

    def __init__(self, agreement, commitment, window, before=(), lifted=None):
        self.agreement, self.measured, self.commitment = agreement, agreement.measured, commitment
        self.window, self.before, self.lifted = window, before, lifted
        self.calendar, self.calendars = agreement.calendar, agreement.calendars
        self.wishes = agreement.wishes[commitment["name"]]
        self.cut, self.kept = agreement.masks[commitment["name"]]
        self.masks = merged([*self.cut, *self.kept])
        # What expressions come to in the whole window.
        self.known = {}

    @staticmethod
    def seconds(time):
        """An amount of time as a value."""
        return Fraction(time, SECOND)

    def opening(self, signal):
        """The milestone that opens a case."""
        return self.agreement.signals[signal]["milestones"][0]["name"]

    # ---- time

    def open(self, at):
        """What of a stretch is not cut out."""
        return without([at], near(self.cut, at)) if near(self.masks, at) else [at]

    def pieces(self, at):
        """The same, each with whether it counts as kept."""
        if not near(self.masks, at):
            return [(*at, False)]
        kept = near(self.kept, at)
        found = [(*one, True) for one in common([at], kept)]
        found += [(*one, False) for one in without(self.open(at), kept)]
        return sorted(found)

    def measuring(self, signal, place):
        """The pieces whose rows measure a place.

        Rows that stand for a slice as a whole carry its start: where an exclusion takes a part of the slice, they measure what is
        left, if all rows of the slice are of its start.
        """
        (start, end), pieces, events = place.at, self.pieces(place.at), self.measured.events.get(signal)
        first, left = (start, start + 1), [(begin, stop) for begin, stop, is_kept in pieces if not is_kept]
        if events is None or not place.sliced or not left or not near(self.masks, place.at):
            return pieces
        return [(*first, False)] if events.has(first) and not events.has((start + 1, end)) else pieces

    def by_start(self, of, place):
        """Whether counts that an expression reads in a slice are those of the whole slice, though a part is left of it."""
        if is_count(of):
            return is_start(self.measuring(of["signal"], place), place)
        # What is read in slices of the slice is so in each of them.
        below = () if of.get("per") else children(of)
        metric = [self.agreement.metrics[of["name"]]["value"]] if of["op"] == "metric" else ()
        return any(self.by_start(one, place) for one in (*below, *metric))

    def slices(self, of, at, per):
        """The slices of a stretch, as `(from, to), length, number`: those that nothing tells apart are taken together."""
        if per["type"] == "window":
            start = at[0]
            while start < at[1]:
                whole = self.calendar.instants(per["window"], start)
                yield (start, min(whole[1], at[1])), whole[1] - whole[0], 1
                start = whole[1]
            return
        step, start = nanoseconds(per["amount"]), at[0]
        if any(reading["part"]["type"] != "state" for reading in self.agreement.reads(of)):
            for start in range(at[0], at[1], step):
                yield (start, min(start + step, at[1])), step, 1
            return
        for edge in [*self.edges(of, at)[1:], at[1]]:
            many = max(edge - start, 0) // step
            if many:
                yield (start, start + many * step), step, many
                start += many * step
            if start < edge:
                yield (start, min(start + step, at[1])), step, 1
                start += step

    def edges(self, of, at):
        """The instants in a stretch from which on something changes that an expression reads."""
        found = {at[0], *(edge for stretch in near(self.cut, at) + near(self.kept, at) for edge in stretch)}
        for reading in self.agreement.reads(of):
            for states in self.measured.states.get(reading["signal"], {}).values():
                found.update(piece[0] for piece in states.within(at))
        return sorted(edge for edge in found if at[0] <= edge < at[1])

    # ---- expressions

    def value(self, node, place):
        """The value of an expression at a place: a number in base units, a condition, or a text."""
        op = node["op"]
        if place.direct and is_measured(node):
            return self.value_or_assumed(node, place.but(direct=False))
        if op in ("and", "or"):
            return self.logic(node, place)
        if op in COMPARE or op in ("+", "-", "*", "/", "of", "in"):
            return self.binary(node, place)
        if "arguments" in node:
            return self.function(node, place)
        read = getattr(self, "op_" + op, None)
        if read is None:
            raise Unknown(f"`{op}` is not measured in a window")
        return read(node, place)

    def op_literal(self, node, place):
        return value(node["value"])

    def op_constant(self, node, place):
        return self.value(self.agreement.constants[node["name"]]["value"], place)

    def op_negate(self, node, place):
        return -self.value(node["operand"], place.but(wish=-place.wish))

    def op_window_length(self, node, place):
        return self.seconds(sum(end - start for start, end in self.open(self.window)))

    def op_whole_window(self, node, place):
        start, end = self.window
        return self.seconds(end - start)

    def op_run_length(self, node, place):
        return self.seconds(place.run)

    def op_case_priority(self, node, place):
        return place.case.priority(self.measured.until)["name"]

    def op_metric(self, node, place):
        """A metric: with its value where there is nothing to look at, and with its own rounding."""
        metric = self.agreement.metrics[node["name"]]
        wish = self.wishes.get(node["name"], place.wish)
        belongs = metric["window_of"]["milestone"] if metric["window_of"] else place.belongs
        place = place.but(wish=wish, run=None, belongs=belongs, direct=False)
        try:
            found = self.value(metric["value"], place)
        except Nothing:
            if metric["when_empty"] is None:
                raise
            found = self.value(metric["when_empty"], place)
        except (Missing, Kept) as gap:
            # Where nothing was measured in the whole window, what that counts as is the value wherever it is read.
            if place.at != self.window or place.row is not None or place.case is not None:
                raise
            found = self.assumed(gap, metric["value"], place)
        if metric["round"]:
            found = rounded(found, value(metric["round"]["to"]), metric["round"]["mode"])
        return found

    def logic(self, node, place):
        """One side that decides does so whatever is unknown beside it."""
        decisive, unknown = node["op"] == "or", None
        for side, wish in zip(("left", "right"), wishes.of_sides(node["op"], place.wish)):
            try:
                if self.value(node[side], place.but(wish=wish)) == decisive:
                    return decisive
            except Unknown as gap:
                unknown = unknown or gap
        if unknown:
            raise unknown
        return not decisive

    def binary(self, node, place):
        op, left, right = node["op"], node["left"], node["right"]
        if op == "/" and is_count(left) and is_count(right) and left["signal"] == right["signal"] and near(self.masks, place.at):
            return self.kept_part(left, right, place)
        if place.case is not None and op in COMPARE:
            decided = self.by_now(op, left, right, place)
            if decided is not None:
                return decided
        of_left, of_right = wishes.of_sides(op, place.wish)
        first = self.value(left, place.but(wish=of_left))
        if op == "in":
            return first in [self.value(item, place) for item in right["items"]]
        second = self.value(right, place.but(wish=of_right))
        return COMPARE[op](first, second) if op in COMPARE else arithmetic(op, [first, second])

    def by_now(self, op, left, right, place):
        """A comparison of the time to a milestone that a case has not reached, where more time has passed already."""
        if is_time(right):
            op, left, right = TURNED.get(op, op), right, left
        if not is_time(left) or is_time(right):
            return None
        return place.case.by_now(left["part"]["name"], op, self.value(right, place))

    def op_not(self, node, place):
        return not self.value(node["operand"], place.but(wish=-place.wish))

    def op_if(self, node, place):
        holds = self.value(node["condition"], place.but(wish=wishes.of_choice(node, place.wish)))
        return self.value(node["then" if holds else "otherwise"], place)

    # ---- readings

    def op_reading(self, node, place):
        """What a signal measured at a place."""
        part, signal = node["part"], node["signal"]
        name = part.get("name", {"sample": "value", "score": "score"}.get(part["type"]))
        if place.case is not None and part["type"] == "milestone":
            return place.case.reading(name, part["reading"])
        values = place.row if place.row is not None else place.case.case.fields if place.case is not None else None
        if values is not None and name:
            if name not in values:
                raise Unknown(f"`{signal}.{name}` is not given")
            return values[name]
        if part["type"] == "count":
            plain, kept = self.counted(signal, name, place)
            return plain + kept if place.wish > 0 else plain
        if part["type"] == "state":
            return self.state(signal, place)
        if signal in self.measured.occurrences:
            return self.same(signal, name, place)
        raise Unknown(f"`{signal}` has no value for a whole window")

    def same(self, signal, name, place):
        """The reading of a stretch in which there is one, or all are the same."""
        pieces, found = self.pieces(place.at), set()
        for start, end, _ in pieces:
            for _, row, _ in self.measured.occurrences[signal].within((start, end)):
                if row is not None and name in row:
                    found.add(row[name])
        if not pieces:
            raise Cut()
        if len(found) > 1:
            raise Unknown(f"`{signal}.{name}` has several values in a stretch")
        if not found:
            raise Missing(signal)
        return found.pop()

    def counted(self, signal, name, place):
        """A count in time that counts as any other, and in time that counts as kept."""
        if signal not in self.measured.events:
            raise Unknown(f"there is no table of `{signal}`")
        events, pieces = self.measured.events[signal], self.measuring(signal, place)
        sums, plain, kept, seen = events.sums[name], 0, 0, 0
        if is_start(pieces, place):
            # What was counted in the whole slice is spread evenly over what is left of it.
            first, last = events.rows((place.at[0], place.at[0] + 1))
            left = sum(end - start for start, end in self.open(place.at))
            met = Fraction(sum(end - start for start, end, is_kept in self.pieces(place.at) if is_kept), left)
            return (sums[last] - sums[first]) * (1 - met), (sums[last] - sums[first]) * met
        for start, end, is_kept in pieces:
            first, last = events.rows((start, end))
            if is_kept:
                kept += sums[last] - sums[first]
            else:
                plain += sums[last] - sums[first]
                seen += last - first
        if not pieces:
            raise Cut("all of the time is cut out")
        if not seen:
            raise Kept() if any(is_kept for *_, is_kept in pieces) else Missing(signal)
        return plain, kept

    def kept_part(self, left, right, place):
        """A part of a whole: of the time that counts as kept, all is as it should be."""
        part, kept = self.counted(left["signal"], left["part"]["name"], place)
        all_of_it, all_kept = self.counted(right["signal"], right["part"]["name"], place)
        part += all_kept if place.wish > 0 else 0 if place.wish < 0 else kept
        return arithmetic("/", [part, all_of_it + all_kept])

    def state(self, signal, place):
        """A state holds in a slice if it holds throughout it."""
        if signal not in self.measured.states:
            raise Unknown(f"there is no table of `{signal}`")
        places = self.measured.states[signal]
        if place.key is None and len(places) > 1:
            raise Unknown(f"`{signal}` has several values of a field")
        states = places.get(place.key) if place.key is not None else next(iter(places.values()), None)
        seen, was_kept = set(), False
        for start, end, is_kept in self.pieces(place.at):
            was_kept |= is_kept
            if not is_kept:
                seen |= {up for *_, up in states.within((start, end))} if states else {None}
        if False in seen:
            return False
        if None in seen:
            raise Missing(signal)
        if not seen:
            raise Kept() if was_kept else Cut()
        return True

    # ---- functions

    def function(self, node, place):
        op, arguments = node["op"], node["arguments"]
        if node["over"] and counts_windows(node):
            return self.windows_counted(arguments[0], node["over"])
        if node["over"] and node is not self.lifted:
            return self.over(node, place)
        if op == "streak":
            return self.streak(arguments[0])
        if op == "previous":
            return self.previous(*arguments, place)
        if op in ("started", "completed") or (op in ("min", "max") and len(arguments) > 1):
            sides = enumerate(arguments)
            return arithmetic(op, [self.value(one, place.but(wish=wishes.of_argument(op, at, place.wish))) for at, one in sides])
        if op in ("all", "any", "none"):
            return self.over_keys(op, arguments[0], place)
        if arguments[0]["type"]["kind"] == "runs":
            found = runs.filtered(self, runs.of(self, arguments[0], place), node["where"], place)
            if op == "count":
                return Fraction(sum(place.at[0] <= run[0][0] < place.at[1] for run in found))
            return self.seconds(sum(end - start for run in found for start, end in common(run, [place.at])))
        return self.tally(op, arguments[0], node, place)

    def tally(self, op, of, node, place):
        """A function over slices, over moments, or over occurrences."""
        found = self.spread(of, node["per"], node["where"], place)
        if op == "count":
            return Fraction(sum(count for one, _, count, _ in found if one is True))
        if not found:
            raise Nothing("there is nothing to look at")
        weights = sum(weight for _, weight, _, _ in found)
        if op == "share":
            return Fraction(sum(weight for one, weight, _, _ in found if one)) / weights
        if op in ("min", "max"):
            return (min if op == "min" else max)(one for one, *_ in found)
        if op in PERCENTILES:
            return ranked(found, weights * PERCENTILES[op] / Fraction(100))
        # Of counts a slice that is cut has less already, unless they are of all of it; anything else is added up by what is
        # left of the slice.
        totals = op == "sum" and any(is_count(part) for part in self.agreement.parts(of))
        less = lambda at: totals and not (node["per"] and near(self.masks, at) and self.by_start(of, place.but(at=at, sliced=True)))
        total = added([one * (count if less(at) else weight) for one, weight, count, at in found])
        return total if op == "sum" else total / weights

    def spread(self, of, per, where, place):
        """What is read in each slice, moment or occurrence: its value, its weight, how often it stands, and when."""
        if per is None and of["grain"] != "moment":
            return occurrences.each(self, of, where, place)
        if per:
            slices = self.slices(of, place.at, per)
        else:
            edges = [*self.edges(of, place.at), place.at[1]]
            slices = [((start, end), 1, 1) for start, end in zip(edges, edges[1:])]
        found, missing, any_open, idle = [], None, False, False
        for at, whole, many in slices:
            left = sum(end - start for start, end in self.open(at))
            if not left:
                continue
            any_open = True
            try:
                one = self.value_or_assumed(of, place.but(at=at if many == 1 else (at[0], at[0] + whole), sliced=bool(per)))
            except LeftOut as gap:
                missing = gap.args[0]
                continue
            except Nothing:
                if not per:
                    raise
                idle = True
                continue
            weight = left // whole if left % whole == 0 else Fraction(left, whole)
            found.append((one, weight, many, at))
        if not any_open:
            raise Cut("all of the time is cut out")
        if idle:
            # What the whole is worth where there is nothing in it is for where there is nothing in any slice.
            raise Unknown("in a slice there is nothing to look at") if found else Nothing("there is nothing to look at")
        if missing and not found:
            raise missing
        return found

    def value_or_assumed(self, of, place):
        """The value of an expression, or what counts in its place where it is missing."""
        try:
            return self.value(of, place)
        except (Missing, Kept) as gap:
            return self.assumed(gap, of, place)

    def assumed(self, gap, of, place):
        """What counts in place of what is missing, by the signal; the best where time counts as kept."""
        good = True
        if isinstance(gap, Missing):
            missing = self.agreement.signals[gap.signal]["missing"]
            if missing is None:
                raise gap
            grace = nanoseconds(missing["after"]) if missing["after"] else 0
            if missing["policy"] == "excluded" or not self.is_long(gap.signal, place.at, grace):
                raise LeftOut(gap)
            good = missing["policy"] == "good"
        wish = place.wish if good else -place.wish
        found = wishes.best(of["type"]["kind"], wish)
        if found is None and isinstance(gap, Missing) and wish < 0 and counts.is_of(gap.signal, of, self.agreement.metrics):
            found = 0
        if found is None:
            raise gap
        return found

    def is_long(self, signal, at, grace):
        """Whether a signal is missing for long enough to count."""
        if not grace:
            return True
        if signal in self.measured.events:
            return any(self.measured.events[signal].gap(start) >= grace for start, _ in self.open(at))
        if signal in self.measured.occurrences:
            # Of readings, those that are missing for long enough have been noted, each in its place.
            every = self.agreement.signals[signal]["every"]
            if not every or at[1] - at[0] < nanoseconds(every):
                return True
            noted = lambda part: any(row is None for _, row, _ in self.measured.occurrences[signal].within(part))
            return any(noted(part) for part in self.open(at))
        places = self.measured.states.get(signal, {}).values()
        gaps = [one.gap(start) for one in places for start, _, up in one.within(at) if up is None]
        return not gaps or max(gaps) >= grace

    def over_keys(self, op, of, place):
        """Whether a state holds for all values of a field, for any, or for none."""
        signal = self.agreement.reads(of)[0]["signal"]
        if signal not in self.measured.states:
            raise Unknown(f"there is no table of `{signal}`")
        # What is measured later at another place changes nothing.
        begun = [key for key, one in self.measured.states[signal].items() if one.pieces and one.pieces[0][0] < place.at[1]]
        if not begun:
            return self.state(signal, place.but(key=()))
        decisive, missing, holds = op != "all", None, True
        # In an interval one of several states holds if at every moment one of them does, be it not the same one.
        moments = decisive and of["grain"] == "moment"
        for at in self.steady(signal, begun, place.at) if moments else [place.at]:
            found, unknown = False, None
            for key in begun:
                try:
                    found |= self.value(of, place.but(key=key, at=at, wish=wishes.of_argument(op, 0, place.wish))) == decisive
                except Unknown as gap:
                    unknown = unknown or gap
            if unknown and not found:
                missing = missing or unknown
            else:
                holds &= found == decisive
        if missing and holds:
            raise missing
        return holds != (op == "none")

    def steady(self, signal, keys, at):
        """The parts of a stretch of time in which none of several states changes."""
        parts = []
        for start, end in self.open(at):
            pieces = [piece[0] for key in keys for piece in self.measured.states[signal][key].within((start, end))]
            ends = sorted({start, end, *pieces})
            parts += zip(ends, ends[1:])
        return parts or [at]

    # ---- other windows

    def over(self, node, place):
        """A function over a window of its own that ends with this one."""
        window = self.own_window(node["over"])
        scope = Scope(self.agreement, self.commitment, window, lifted=node)
        return scope.value(node, Place(window, place.wish))

    def own_window(self, per):
        """The time of a window that ends with this one, as far as it lies within the term."""
        end = self.window[1]
        if per["type"] == "last":
            start = ([*self.before, self.window][-per["count"] :])[0][0]
        elif per["type"] == "rolling":
            start = self.calendar.back(per, end)
        else:
            start = self.calendar.around(per, end - 1, self.window)[0]
        return max(start, self.calendar.term[0]), end

    def looked_back(self, node, places, wish=0):
        """What an expression comes to in windows by their places: those before this one, and then itself.

        What was not measured, or to which the commitment does not apply, is passed over; but this one has to be known.
        """
        windows = [*self.before, self.window]
        for place in places:
            then = Scope(self.agreement, self.commitment, windows[place], windows[:place])
            try:
                then.begun()
                if not then.applies():
                    continue
            except Unknown:
                continue
            try:
                found = then.value(node, Place(then.window, wish))
            except Unknown:
                if place == len(self.before):
                    raise
                continue
            yield found

    def streak(self, condition):
        """How many windows in a row a condition held in, up to this one."""
        held = self.looked_back(condition, reversed(range(len(self.before) + 1)))
        return Fraction(sum(1 for _ in itertools.takewhile(bool, held)))

    def windows_counted(self, condition, per):
        """In how many windows a condition held: of the last so many, or of those that end within a window of its own."""
        if per["type"] == "last":
            first = max(len(self.before) + 1 - per["count"], 0)
        else:
            start = self.own_window(per)[0]
            first = sum(window[1] <= start for window in self.before)
        return Fraction(sum(self.looked_back(condition, range(first, len(self.before) + 1))))

    def previous(self, of, initial, place):
        """The value in the last window before this one that was measured; the initial one where there is none."""
        found = []
        # From the first one on, so that a metric that names itself finds what it was before.
        for before in range(len(self.before)):
            key = self.commitment["name"], id(of), before
            if key not in self.agreement.past:
                self.agreement.past[key] = list(self.looked_back(of, [before], place.wish))
            found = self.agreement.past[key] or found
        return found[0] if found else self.value(initial, place)

    # ---- the commitment

    def has_begun(self, end):
        """Whether anything that the commitment reads was recorded by then."""
        signals = {one["signal"] for node in self.expressions() for one in self.agreement.reads(node)}
        began = [self.measured.began[signal] for signal in signals if signal in self.measured.began]
        return not began or min(began) < end

    def begun(self):
        """Of a time before the first row of what the commitment reads nothing is missing."""
        if not self.has_begun(self.window[1]):
            raise NotBegun("nothing was recorded by then")

    def expressions(self):
        """All expressions of the commitment in which something may be measured."""
        commitment = self.commitment
        for target in commitment["targets"]:
            yield from (target["measure"], target["bound"])
        for judged in [commitment["applies_when"], *(one["when"] for one in commitment["terminate"])]:
            if judged and judged["type"] == "measured":
                yield judged["condition"]
        credit = commitment["credit"]
        if credit and credit["type"] == "formula":
            yield credit["amount"]
        elif credit and credit["using"]:
            yield credit["using"]

    def applies(self):
        """Whether the commitment applies in the window."""
        judged = self.commitment["applies_when"]
        if judged is None or judged["type"] == "judged":
            return True
        return self.value(judged["condition"], Place(self.window, 1, direct=True))

    def of_target(self, target):
        """What a target attained: where nothing was measured at all, what missing data counts as."""
        place = Place(self.window, wishes.of_target(target["comparison"]))
        return self.whole(target["measure"], place)

    def whole(self, node, place):
        """The value of an expression in the whole window, which is worked out once."""
        name = wishes.name(node), place.wish
        if name not in self.known:
            try:
                self.known[name] = self.value_or_assumed(node, place)
            except Unknown as gap:
                self.known[name] = gap
        if isinstance(self.known[name], Unknown):
            raise self.known[name]
        return self.known[name]

    def ended(self, node):
        """How many runs ended since the evaluation before."""
        return runs.ended(self, node, Place(self.window, 0))

    def input(self, node):
        """The value of an input of the rules."""
        return self.whole(node, Place(self.window, self.wishes.get(wishes.name(node), 0)))


def counts_windows(node):
    """Whether a count is one of windows of the promise: of those in which a condition on the window holds."""
    of = node["arguments"][0]
    return node["op"] == "count" and not node["per"] and (of["type"]["kind"], of["grain"]) == ("boolean", "interval")


def is_time(node):
    """Whether an expression is the time of a case to a milestone."""
    return node["op"] == "reading" and node["part"].get("reading") == "after"


def is_start(pieces, place):
    """Whether a slice is measured by its first instant."""
    return place.sliced and pieces == [(place.at[0], place.at[0] + 1, False)]


def is_measured(node):
    """Whether a part of a rule is measured: a reading, or what a function makes of readings, besides the arithmetic of rules."""
    if node["op"] in ("min", "max"):
        return len(node["arguments"]) == 1 or bool(node["per"] or node["over"])
    return node["op"] == "reading" or "arguments" in node and node["op"] not in ("started", "completed")


def is_count(node):
    """Whether an expression is a count of events."""
    return node["op"] == "reading" and node["part"]["type"] == "count"


def ranked(found, rank):
    """The percentile by nearest rank: the smallest value that at least so many do not exceed."""
    below = 0
    for one, weight, *_ in sorted(found, key=lambda one: one[0]):
        below += weight
        if below >= rank:
            return one
    raise Nothing("there is nothing to look at")

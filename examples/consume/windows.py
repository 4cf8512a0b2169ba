"""Windows of time, and what exclusions do to them. A stretch is a pair of instants; the second is the first one after it."""

import bisect
import json

from values import DAY, EPOCH, FOREVER, SECOND, date, instant, nanoseconds, shift


class Calendar:
    """The windows and hours of a bundle as instants. All local time comes from here: no zone is asked."""

    def __init__(self, bundle):
        resolved = bundle["resolved"]
        self.windows = {key(kind["per"]): starts(kind) for kind in resolved["windows"]}
        # The first date that is not worked out.
        self.beyond = date(resolved["to"]) + DAY
        self.changes = [instant(one["from"]) if one["from"] else -FOREVER for one in resolved["offsets"]]
        self.ahead = [one["seconds"] * SECOND for one in resolved["offsets"]]
        term = bundle["agreement"]["effective"]
        self.first = date(term["from"])
        # The term of an agreement that renews itself goes on.
        ends = term["until"] if bundle["agreement"]["renews"] is None else None
        self.until = date(ends) if ends else None
        self.term = (self.midnight(self.first), self.midnight(self.until) if ends else FOREVER)
        self.hours = {
            one["calendar"]: [(instant(start), instant(end)) for start, end in one["open"]] for one in resolved["openings"]
        }
        self.dates = {}

    def midnight(self, day):
        """When a local date begins: with its midnight, or with the change of the clocks that skips it."""
        if day > self.beyond:
            raise SystemExit(f"the bundle is worked out until {self.beyond - DAY}: build it again for {day}")
        local = (day - EPOCH).days * 86_400 * SECOND
        ends = [*self.changes[1:], FOREVER]
        spans = zip(self.changes, ends, self.ahead)
        return next(max(local - ahead, start) for start, end, ahead in spans if local - ahead < end)

    def local_date(self, at):
        """The local date of an instant."""
        ahead = self.ahead[bisect.bisect_right(self.changes, at) - 1]
        return EPOCH + DAY * ((at + ahead) // (86_400 * SECOND))

    def open_dates(self, name):
        """The local dates on which a calendar is open at any time."""
        if name not in self.dates:
            self.dates[name] = set()
            for start, end in self.hours[name]:
                first, last = self.local_date(start), self.local_date(end - 1)
                self.dates[name] |= {first + DAY * count for count in range((last - first).days + 1)}
        return self.dates[name]

    def whole(self, per, day):
        """The dates of the window around a date: its first, and the first after it."""
        dates, _ = self.windows[key(per)]
        place = bisect.bisect_right(dates, day)
        if not 0 < place < len(dates):
            raise SystemExit(f"the bundle does not work out the window around {day}: build it again")
        return dates[place - 1], dates[place]

    def instants(self, per, at):
        """From when to when the window lasts that contains an instant, also outside the term."""
        _, instants = self.windows[key(per)]
        place = bisect.bisect_right(instants, at)
        return instants[place - 1], instants[place]

    def within_term(self, dates):
        """Dates cut where the term begins and ends."""
        return max(dates[0], self.first), min(dates[1], self.until) if self.until else dates[1]

    def around(self, per, last, otherwise):
        """The window that contains an instant, as far as it lies within the term; one that rolls ends with `otherwise`."""
        if per is None:
            return otherwise
        if per["type"] == "periodic":
            first, next_one = self.within_term(self.whole(per, self.local_date(last)))
            return self.midnight(first), self.midnight(next_one)
        if per["type"] == "term":
            return self.term if self.until else (self.term[0], otherwise[1])
        return self.back(per, otherwise[1]), otherwise[1]

    def back(self, per, end):
        """Where a rolling window begins that ends at an instant."""
        amount = per["amount"]
        if amount["type"] == "duration":
            return end - nanoseconds(amount)
        return self.midnight(shift(self.local_date(end), -amount["count"], amount["unit"]))

    def part(self, per, last):
        """The part of the days of a period that lies within the term, for money that is agreed for a whole one."""
        if per is None or per["type"] != "periodic":
            return 1, 1
        whole = self.whole(per, self.local_date(last))
        first, next_one = self.within_term(whole)
        return (next_one - first).days, (whole[1] - whole[0]).days

    def ending(self, per, until):
        """The windows of a promise from the first one on, in order, whose last day is before `until`."""
        if until > self.beyond and (self.until is None or self.beyond < self.until):
            raise SystemExit(f"the bundle is worked out until {self.beyond - DAY}: build it again with a later horizon")
        found = []
        if per["type"] == "periodic":
            dates, _ = self.windows[key(per)]
            for whole in zip(dates, dates[1:]):
                first, next_one = self.within_term(whole)
                if first < next_one and next_one <= until:
                    found.append((self.midnight(first), self.midnight(next_one)))
        elif per["type"] == "rolling":
            last = min(until, self.until or until, self.beyond)
            for day in (self.first + DAY * count for count in range(1, (last - self.first).days + 1)):
                end = self.midnight(day)
                start = self.back(per, end)
                # It is judged for the first time once it is full.
                if start >= self.term[0]:
                    found.append((start, end))
        elif per["type"] == "term" and self.until and self.until <= until:
            found.append(self.term)
        return found


def key(per):
    """What tells kinds of windows apart."""
    return json.dumps(per, sort_keys=True)


def starts(kind):
    """The dates and the instants at which windows of a kind begin."""
    return [date(one["date"]) for one in kind["starts"]], [instant(one["at"]) for one in kind["starts"]]


def merged(stretches):
    """Stretches in order, apart from each other."""
    found = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def common(some, others):
    """The time in both of two lists."""
    found, place = [], 0
    for start, end in some:
        while place < len(others) and others[place][1] <= start:
            place += 1
        here = place
        while here < len(others) and others[here][0] < end:
            found.append((max(start, others[here][0]), min(end, others[here][1])))
            here += 1
    return found


def without(some, others):
    """The time in one list and not in another."""
    edges = [(-FOREVER, -FOREVER), *others, (FOREVER, FOREVER)]
    return common(some, [(one[1], other[0]) for one, other in zip(edges, edges[1:]) if one[1] < other[0]])


def near(stretches, at):
    """Those of a long list that touch a stretch."""
    first = bisect.bisect_right(stretches, at[0], key=lambda one: one[1])
    last = bisect.bisect_left(stretches, at[1], key=lambda one: one[0])
    return stretches[first:last]


def exclusions(bundle, commitment, times, calendar):
    """The time that is cut out of a commitment's windows, and the time that counts as kept."""
    cut, kept = [], []
    maintenances = {one["name"]: one for one in bundle["maintenances"]}
    counts = {one["name"]: one["counts"] for one in bundle["exclusions"] + bundle["maintenances"]}
    duties = [one["name"] for one in bundle["duties"] if commitment["name"] in one["excuses"]]
    for name in commitment["exclude"] + duties:
        occurred = merged(times.get((name, commitment["name"]), []))
        if name in maintenances:
            occurred = allowed(maintenances[name], occurred, calendar)
        # While a duty is not performed time is cut out, too.
        (kept if counts.get(name) == "met" else cut).extend(occurred)
    cut = merged(cut)
    return cut, without(merged(kept), cut)


def allowed(maintenance, occurred, calendar):
    """Maintenance counts in its hours and as long as its budget lasts, which is used in the order of time."""
    if maintenance["on"] and maintenance["on"]["type"] == "calendar":
        occurred = common(occurred, calendar.hours[maintenance["on"]["name"]])
    budget = maintenance["budget"]
    if budget is None:
        return occurred
    if budget["per"]["type"] == "rolling":
        return merged(rolled(occurred, budget, calendar))
    found = []
    for window in budget_windows(budget["per"], calendar):
        left = nanoseconds(budget["amount"])
        for start, end in common(occurred, [window]):
            used = min(left, end - start)
            left -= used
            if used:
                found.append((start, start + used))
    return merged(found)


def rolled(occurred, budget, calendar):
    """What a budget covers of which no more is used in any period of a length: of local dates, or of elapsed time."""
    whole, in_days = nanoseconds(budget["amount"]), budget["per"]["amount"]["type"] != "duration"
    found = []
    for start, end in occurred:
        while start < end:
            # The first instant that is looked at no more, and the next one at which this may be another one.
            if in_days:
                until = calendar.midnight(calendar.local_date(start) + DAY)
                gone, until = calendar.back(budget["per"], until), min(until, end)
            else:
                gone = calendar.back(budget["per"], start)
                edges = [edge - gone for one in found for edge in one if edge > gone]
                until = min([end, *(start + edge for edge in edges)])
            left = whole - sum(max(min(one[1], start) - max(one[0], gone), 0) for one in found)
            leaving = not in_days and any(one[0] <= gone < one[1] for one in found)
            used = until - start if leaving else min(left, until - start)
            if used > 0:
                found.append((start, start + used))
            start = until if leaving or in_days or left <= 0 else start + used
    return found


def budget_windows(per, calendar):
    """The windows of a budget, from the beginning of the agreement."""
    if per["type"] != "periodic":
        return [calendar.term]
    _, instants = calendar.windows[key(per)]
    return common(list(zip(instants, instants[1:])), [calendar.term])

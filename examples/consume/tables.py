"""Rows in: the tables of a folder as what signals measured, as exclusions that occurred, and as fees that were invoiced."""

import bisect
import collections
import csv
import itertools
import json
import pathlib
from dataclasses import dataclass, field
from fractions import Fraction

from values import DAY, FOREVER, date, instant, nanoseconds, shift
from windows import common, near

UNITS = {
    "%": Fraction(1, 100),
    "us": Fraction(1, 1_000_000),
    "ms": Fraction(1, 1_000),
    "s": Fraction(1),
    "min": Fraction(60),
    "h": Fraction(3_600),
}


@dataclass
class Measured:
    """What is known. Of a signal without a file nothing is, whatever it says of missing data."""

    events: dict = field(default_factory=dict)
    occurrences: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    cases: dict = field(default_factory=dict)
    # When the first row of a signal was recorded.
    began: dict = field(default_factory=dict)
    times: dict = field(default_factory=dict)
    fees: dict = field(default_factory=dict)
    # Up to when things are known of cases.
    until: int = 0


class Events:
    """Counts, added up so that those of any time are one difference."""

    def __init__(self, rows, names):
        rows.sort(key=lambda row: row["time"])
        self.times = [row["time"] for row in rows]
        self.sums = {
            name: [0, *itertools.accumulate(int(row.get(name) or 0) for row in rows)] for name in names
        }

    def rows(self, at):
        """The positions of the rows in a stretch of time."""
        return bisect.bisect_left(self.times, at[0]), bisect.bisect_left(self.times, at[1])

    def has(self, at):
        """Whether there is a row in a stretch of time."""
        first, end = self.rows(at)
        return first < end

    def gap(self, at):
        """How long it was from the row before an instant to the one after; before the first and after the last, for ever."""
        place = bisect.bisect_right(self.times, at)
        return self.times[place] - self.times[place - 1] if 0 < place < len(self.times) else FOREVER


class Occurrences:
    """Samples, events with values, or scores: each with its values and fields, and how often it stands."""

    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda row: row[0])
        self.times = [row[0] for row in self.rows]

    def within(self, at):
        """Those of a stretch of time: when, the values (nothing where a reading is missing), and how often."""
        return self.rows[bisect.bisect_left(self.times, at[0]) : bisect.bisect_left(self.times, at[1])]


class States:
    """A state from when to when; where nothing is said, it is missing."""

    def __init__(self, readings, every):
        self.pieces = []
        readings = sorted(readings)
        for place, (at, up) in enumerate(readings):
            end = readings[place + 1][0] if place + 1 < len(readings) else FOREVER
            # A reading holds until the next one if that comes within one and a half times the distance.
            if every and 2 * (end - at) > 3 * every:
                end = at + every
            if self.pieces and self.pieces[-1][1:] == (at, up):
                self.pieces[-1] = (self.pieces[-1][0], end, up)
            elif at < end:
                self.pieces.append((at, end, up))

    def within(self, at):
        """What it was in a stretch of time, one after another; None where it is missing."""
        found, start = [], at[0]
        for piece in near(self.pieces, at):
            if start < piece[0]:
                found.append((start, piece[0], None))
            found.append((max(piece[0], at[0]), min(piece[1], at[1]), piece[2]))
            start = found[-1][1]
        if start < at[1]:
            found.append((start, at[1], None))
        return found

    def gap(self, at):
        """How long it is missing around an instant; before the first reading and after the last, for ever."""
        place = bisect.bisect_right(self.pieces, at, key=lambda piece: piece[1])
        if 0 < place < len(self.pieces):
            return self.pieces[place][0] - self.pieces[place - 1][1]
        return FOREVER


@dataclass
class Case:
    """What is on record of a case."""

    milestones: list = field(default_factory=list)
    spans: list = field(default_factory=list)
    priorities: list = field(default_factory=list)
    fields: dict = field(default_factory=dict)

    def all(self, milestone):
        """Every time at which a milestone was reached."""
        return sorted(at for name, at in self.milestones if name == milestone)

    def reached(self, milestone):
        """When a milestone was reached: for the first time, but after a reopening the last resolution counts."""
        times = self.all(milestone)
        if milestone == "resolved":
            times = times[-1:]
            again = self.all("reopened")
            if times and again and again[-1] > times[0]:
                return None
        return times[0] if times else None

    def priority(self, at):
        """The priority at an instant; the first one holds from the beginning."""
        place = bisect.bisect_right(self.priorities, at, key=lambda one: one[0])
        return self.priorities[max(place - 1, 0)][1] if self.priorities else None


def read(bundle, folder, calendar, span):
    """All that a folder tells; the span is from the first to the last window that is evaluated."""
    measured = Measured(until=span[1])
    tables = collections.defaultdict(list)
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.suffix in (".csv", ".jsonl"):
            tables[path.name.split(".")[0]].extend(rows(path))
            measured.began.setdefault(path.name.split(".")[0], FOREVER)
    chosen = choices(bundle)
    for signal in bundle["signals"]:
        if file_of(signal, chosen) in tables:
            of_signal(signal, own_rows(signal, tables, chosen), measured, span)
    for one in bundle["maintenances"] + bundle["exclusions"] + bundle["duties"]:
        announce = one["announce"] if one in bundle["maintenances"] else None
        own = own_rows(one, tables, chosen)
        for commitment in bundle["commitments"]:
            rows_for = [row for row in own if is_for(row, one, commitment, bundle, chosen)]
            measured.times[one["name"], commitment["name"]] = stretches(announce, rows_for, calendar)
    for fee in bundle["fees"]:
        if fee["per"]:
            measured.fees[fee["name"]] = {
                calendar.whole(fee["per"], date(row["date"]))[0]: Fraction(row["amount"])
                for row in own_rows(fee, tables, chosen)
            }
    return measured


def choices(bundle):
    """Of each clause that differs by options its family, which names its file, and its option of each dimension."""
    return {
        one["name"]: (family["name"], dict(zip(family["per"], one["options"])))
        for family in bundle["families"]
        for one in family["variants"]
    }


def file_of(clause, chosen):
    """The name of the file in which the rows of a clause stand."""
    return chosen.get(clause["name"], (clause["name"], {}))[0]


def own_rows(clause, tables, chosen):
    """The rows of a clause: those with its options, in the fields that have them, or in columns called as the dimensions."""
    _, options = chosen.get(clause["name"], (None, {}))
    fields = {one["dimension"]: one["name"] for one in clause.get("fields", []) if one["dimension"]}
    wanted = {fields.get(dimension, dimension): option for dimension, option in options.items()}
    rows_of_file = tables[file_of(clause, chosen)]
    return [dict(row) for row in rows_of_file if all(row[column] == option for column, option in wanted.items())]


def is_for(row, clause, commitment, bundle, chosen):
    """Whether a row about a time is for a commitment: it is for those that have the options that it names, or for all."""
    own = chosen.get(clause["name"], (None, {}))[1]
    options = chosen.get(commitment["name"], (None, {}))[1]
    named = {one["name"]: row.get(one["name"]) for one in bundle["dimensions"] if one["name"] not in own}
    return all(options.get(dimension) == option for dimension, option in named.items() if option)


def rows(path):
    """The rows of a file: texts by the names of their columns, and nothing where a cell is empty."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".jsonl":
            found = [json.loads(line, parse_float=str, parse_int=str) for line in file if line.strip()]
        else:
            header = file.readline()
            separator = ";" if header.count(";") > header.count(",") else ","
            names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
            found = [dict(zip(names, cells)) for cells in csv.reader(file, delimiter=separator) if cells]
    return [{name: text(cell) for name, cell in row.items()} for row in found]


def text(cell):
    """A cell as it would stand in CSV."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return (cell.strip() or None) if cell else None


def truth(cell):
    """A condition."""
    return cell.lower() in ("true", "1", "yes", "up")


def of_signal(signal, table, measured, span):
    """What one signal measured, by its kind."""
    name, kind = signal["name"], signal["kind"]
    every = nanoseconds(signal["every"]) if signal["every"] else None
    for row in table:
        row["time"] = instant(row["time"])
    measured.began[name] = min((row["time"] for row in table), default=FOREVER)
    if kind == "events":
        measured.events[name] = Events(table, [count["name"] for count in signal["counts"]])
        valued = [row for row in table if any(row.get(value["name"]) for value in signal["values"])]
        happened = [(row["time"], values(signal, row), int(row.get("occurrences") or 1)) for row in valued]
        measured.occurrences[name] = Occurrences([one for one in happened if one[2]])
    elif kind == "state":
        readings = collections.defaultdict(list)
        for row in table:
            readings[fields(signal, row)].append((row["time"], truth(row["state"])))
        measured.states[name] = {place: States(one, every) for place, one in readings.items()}
    elif kind == "cases":
        measured.cases[name] = cases(signal, table)
        # The final record counts: also what became of a case after the period.
        measured.until = max([measured.until, *(row["time"] + 1 for row in table)])
    else:
        happened = [(row["time"], values(signal, row), 1) for row in table]
        if kind == "samples" and every:
            happened += lost(signal, table, every, span)
        measured.occurrences[name] = Occurrences(happened)


def values(signal, row):
    """The values and fields of a row that are there, in base units."""
    units = {one["name"]: one["unit"] or signal["unit"] for one in signal["values"]}
    units |= {"value": signal["unit"], "score": None}
    numbers = {name: Fraction(row[name]) * UNITS.get(unit, 1) for name, unit in units.items() if row.get(name)}
    return numbers | {name: cell for name, cell in zip(names(signal), fields(signal, row)) if cell is not None}


def names(signal):
    """The fields of a signal."""
    return [one["name"] for one in signal["fields"]]


def fields(signal, row):
    """The values of a row's fields, by which occurrences are told apart."""
    found = []
    for one in signal["fields"]:
        cell, kind = row.get(one["name"]), one["type"]["kind"]
        if cell is not None and kind == "boolean":
            cell = truth(cell)
        elif cell is not None and kind == "quantity":
            cell = Fraction(cell) * UNITS.get(one["type"]["unit"], 1)
        found.append(cell)
    return tuple(found)


def lost(signal, table, every, span):
    """The readings that are missing: as many as would have had their place between two, before the first, and after the last."""
    places = collections.defaultdict(list)
    for row in table:
        places[fields(signal, row)].append(row["time"])
    grace = nanoseconds(signal["missing"]["after"]) if signal["missing"] and signal["missing"]["after"] else 0
    found = []
    for times in places.values() or [[span[1]]]:
        times.sort()
        first = times[0] - max(times[0] - span[0], 0) // every * every - every
        for before, after in itertools.pairwise([first, *times, max(span[1], times[-1])]):
            missing = (2 * (after - before) + every) // (2 * every) - 1
            if after - before - every >= grace:
                found.extend((before + place * every, None, 1) for place in range(1, missing + 1))
    return found


def cases(signal, table):
    """The cases of a table, each of its rows."""
    found = collections.defaultdict(Case)
    for row in sorted(table, key=lambda row: row["time"]):
        case, at, event = found[row["case"]], row["time"], row.get("event")
        if row.get("priority"):
            case.priorities.append((at, row["priority"]))
        case.fields |= {name: cell for name, cell in zip(names(signal), fields(signal, row)) if cell is not None}
        span, _, word = (event or "").rpartition(" ")
        if word == "starts":
            case.spans.append((span, at, FOREVER))
        elif word == "ends":
            last = max(place for place, one in enumerate(case.spans) if one[0] == span)
            case.spans[last] = (span, case.spans[last][1], at)
        elif event:
            case.milestones.append((event, at))
    return list(found.values())


def stretches(announce, table, calendar):
    """When an exclusion occurred; maintenance that was not announced in time does not count."""
    found = []
    for row in table:
        start, end = instant(row["from"]), instant(row["to"])
        announced = instant(row["announced"]) if row.get("announced") else None
        if in_time(announce, announced, start, calendar):
            found.append((start, end))
    return found


def in_time(announce, announced, start, calendar):
    """Whether it was announced early enough: days are local dates before that of the start, on a calendar those on which it
    is open; of whole periods, it ends with the last before that of the start; hours are counted back from the start, on a
    calendar while it is open."""
    if announce is None:
        return True
    if announced is None:
        return False
    amount, on = announce["amount"], announce["on"]
    hours = calendar.hours[on["name"]] if on and on["type"] == "calendar" else [(-FOREVER, FOREVER)]
    if amount["type"] == "duration":
        opened = common([(announced, start)], near(hours, (announced, start))) if announced < start else []
        return announced <= start and sum(end - begin for begin, end in opened) >= nanoseconds(amount)
    told, begins = calendar.local_date(announced), calendar.local_date(start)
    if amount["type"] == "windows":
        per = {"type": "periodic", "kind": amount["kind"], "unit": amount["unit"]}
        for _ in range(amount["count"]):
            begins = calendar.whole(per, begins)[0] - DAY
        return told <= begins
    if on is None or on["type"] != "calendar":
        return told <= shift(begins, -amount["count"], amount["unit"])
    return len([day for day in calendar.open_dates(on["name"]) if told <= day < begins]) >= amount["count"]

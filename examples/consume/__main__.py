"""Computes attainment and credits from a bundle and measurements alone: python3 examples/consume BUNDLE --data DIR --period 2027-03"""

import argparse
import decimal
import json
import sys
import traceback
from fractions import Fraction

import measure
import tables
from agreement import Agreement, Place
from settle import Rules, Window
from values import COMPARE, NotBegun, Unknown, date, shift, shown
from windows import Calendar


def period(text):
    """The first day of a period and the first after it."""
    first, _, last = text.partition("..")
    return days(first)[0], days(last or first)[1]


def days(text):
    """The days of a year, a quarter, a month or a day."""
    year, rest = text[:4], text[5:]
    if not rest:
        first, unit = date(f"{year}-01-01"), "year"
    elif rest[0] in "Qq":
        first, unit = date(f"{year}-{int(rest[1]) * 3 - 2:02}-01"), "quarter"
    elif len(rest) == 2:
        first, unit = date(f"{text}-01"), "month"
    else:
        first, unit = date(text), "day"
    return first, shift(first, 1, unit)


def evaluate(bundle, folder, asked):
    """What came out for the windows that end in a period."""
    refuse_open(bundle)
    calendar = Calendar(bundle)
    back = looks_back(bundle)
    spans = {one["name"]: windows(one, calendar, asked, back) for one in bundle["commitments"]}
    ends = [window for due, first in spans.values() for window in due[first:]]
    if not ends:
        raise SystemExit("no window ends in the period")
    measured = tables.read(bundle, folder, calendar, (min(start for start, _ in ends), max(end for _, end in ends)))
    agreement, rules = Agreement(bundle, calendar, measured), Rules(bundle, calendar, measured)
    judged = {}
    for commitment in bundle["commitments"]:
        due, first = spans[commitment["name"]]
        rule = rules.credits.get(commitment["name"])
        judged[commitment["name"]] = [
            Window(rule, measure.Scope(agreement, commitment, due[place], due[:place])) for place in range(first, len(due))
        ]
    owing = [one for due in judged.values() for one in due if one.rule]
    owed = rules.settled(owing, True), rules.settled(owing, False)
    start = calendar.midnight(asked[0])
    judged = {name: [one for one in due if one.span[1] > start] for name, due in judged.items()}
    return {
        "commitments": [
            {"commitment": name, "windows": [told(one, rules, owed) for one in due]} for name, due in judged.items()
        ],
        "owed": totals(rules, [one for due in judged.values() for one in due if one.rule], owed),
    }


def refuse_open(bundle):
    """Ends where something is for each option of an open dimension: which options these are, the measurements say."""
    unknown = {one["name"] for one in bundle["dimensions"] if one["open"] and not one["options"]}
    for family in bundle["families"]:
        for dimension in family["per"]:
            if dimension in unknown:
                name = family["name"]
                raise SystemExit(
                    f"consume: `{name}` differs by `{dimension}`, an open dimension, which this program leaves out: ask `sla evaluate`"
                )


def looks_back(bundle):
    """Whether what was owed before the period counts: where a breach may go on, or credits limit each other over windows."""
    per = {one["name"]: one["targets"][0]["per"] for one in bundle["commitments"] if one["targets"]}
    limits = [one for one in bundle["rules"] if one["kind"] == "cap"]
    longer = any(one["per"] and any(one["per"] != per[name] for name in one["commitments"]) for one in limits)
    return longer or any(one["kind"] == "credit" and one["once"] != "window" for one in bundle["rules"])


def windows(commitment, calendar, asked, back):
    """The windows of a commitment up to the end of the period, and the place of the first one that is judged."""
    if not commitment["targets"]:
        return [], 0
    per = commitment["targets"][0]["per"]
    due = calendar.ending(per, asked[1])
    start = calendar.midnight(asked[0])
    first = next((place for place, window in enumerate(due) if window[1] > start), len(due))
    return due, 0 if back and commitment["credit"] else first


def told(window, rules, owed):
    """What is said of one window."""
    verdict, attained = judged(window.scope)
    amounts = [shown_amount(one[window], rules.units[window.commitment]) for one in owed if window in one]
    return {
        "from": shown(window.span[0]),
        "to": shown(window.span[1]),
        "verdict": verdict,
        "attained": [None if isinstance(one, Unknown) else str(Fraction(one)) for one in attained],
        "credit": dict(zip(("if_claimed", "unclaimed"), amounts)) if window.rule else None,
        "terminations": rules.rights(window),
    }


def judged(scope):
    """Whether a commitment was kept in a window, and what its targets attained."""
    targets = scope.commitment["targets"]
    try:
        scope.begun()
        applies = scope.applies()
    except NotBegun as gap:
        return "not_decided", [gap] * len(targets)
    except Unknown:
        applies = None
    attained, met = [], []
    for target in targets:
        try:
            attained.append(scope.of_target(target))
            bound = scope.value(target["bound"], Place(scope.window, 0))
            met.append(COMPARE[target["comparison"]](attained[-1], bound))
        except Unknown as gap:
            attained.append(gap)
            met.append(None)
    if applies is not True:
        return ("not_decided" if applies is None else "not_applicable"), attained
    return ("missed" if False in met else "not_decided" if None in met else "met"), attained


def shown_amount(amount, unit):
    """An amount of money, in which decimals end since it is rounded to a unit; nothing where it is not known."""
    if isinstance(amount, Unknown):
        return None
    places = len(unit["amount"].partition(".")[2])
    exact = decimal.Decimal(amount.numerator) / amount.denominator
    return f"{exact:.{places}f}" if (amount * 10**places).denominator == 1 else str(exact)


def totals(rules, windows, owed):
    """What each party owes which, in each currency, with every claim and without any."""
    found, units = {}, {}
    for window in windows:
        unit = rules.units[window.commitment]
        units[unit["currency"]] = unit
        parties = window.rule["by"]["party"], ", ".join(one["party"] for one in window.rule["to"])
        sums = found.setdefault((*parties, unit["currency"]), [Fraction(0), Fraction(0)])
        for place, amounts in enumerate(owed):
            unknown = next((one for one in (sums[place], amounts[window]) if isinstance(one, Unknown)), None)
            sums[place] = unknown or sums[place] + amounts[window]
    return [
        {
            "by": by,
            "to": to,
            "currency": currency,
            "if_claimed": shown_amount(sums[0], units[currency]),
            "unclaimed": shown_amount(sums[1], units[currency]),
        }
        for (by, to, currency), sums in found.items()
    ]


def run(path, folder, text):
    """Reads a bundle and evaluates it."""
    with open(path, encoding="utf-8") as file:
        return evaluate(json.load(file), folder, period(text))


def main():
    """Evaluates once, or, with --batch, for each line of standard input that names a bundle, a folder and a period."""
    parser = argparse.ArgumentParser(prog="consume", description=__doc__)
    parser.add_argument("bundle", nargs="?")
    parser.add_argument("--data", default=".")
    parser.add_argument("--period")
    parser.add_argument("--batch", action="store_true", help="lines of JSON on standard input, an answer to each")
    options = parser.parse_args()
    # The mean of a month of ratios may well have thousands of digits.
    sys.set_int_max_str_digits(0)
    if not options.batch:
        if not (options.bundle and options.period):
            parser.error("name the bundle and the period")
        try:
            print(json.dumps(run(options.bundle, options.data, options.period), indent=2))
        except (OSError, ValueError) as error:
            parser.error(str(error))
        return
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = run(job["bundle"], job["data"], job["period"])
        except (Exception, SystemExit) as error:
            answer = {"error": f"{type(error).__name__}: {error}", "where": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

"""Numbers, instants and dates. Everything is exact: fractions, nanoseconds since 1970 in UTC, and dates of the calendar."""

import calendar
import datetime
import math
import re
from fractions import Fraction

SECOND = 10**9
DAY = datetime.timedelta(days=1)
EPOCH = datetime.date(1970, 1, 1)
FOREVER = 10**30

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-]\d\d):?(\d\d)?)")
_midnights = {}


def instant(text):
    """The nanoseconds since 1970 of a moment with its zone or offset."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a moment with its zone, such as 2027-03-01T10:00:00Z")
    day, hour, minute, second, fraction, hours, minutes = match.groups()
    if day not in _midnights:
        _midnights[day] = (datetime.date.fromisoformat(day) - EPOCH).days * 86_400
    seconds = _midnights[day] + int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if hours:
        ahead = int(hours[1:]) * 3600 + int(minutes or 0) * 60
        seconds -= ahead if hours[0] == "+" else -ahead
    return seconds * SECOND + int((fraction or "").ljust(9, "0"))


def shown(at):
    """An instant as text, in UTC."""
    seconds, rest = divmod(at, SECOND)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return moment.isoformat() + (f".{rest:09}" if rest else "") + "Z"


def date(text):
    """A date of the calendar."""
    return datetime.date.fromisoformat(text)


def shift(day, count, unit):
    """A date so many days, weeks, months, quarters or years on: months end on their last day where they must."""
    if unit in ("day", "week"):
        return day + datetime.timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def number(written):
    """A number of the bundle: a decimal, or a fraction where the decimals do not end."""
    if isinstance(written, dict):
        return Fraction(int(written["numerator"]), int(written["denominator"]))
    return Fraction(written)


def value(written):
    """A value of the bundle in its base unit; its type is known from where it stands."""
    if written["type"] in ("boolean", "text"):
        return written["value"]
    return number(written[{"duration": "seconds", "money": "amount"}.get(written["type"], "value")])


def nanoseconds(amount):
    """An amount of elapsed time."""
    return int(number(amount["seconds"]) * SECOND)


def rounded(amount, step, mode):
    """A number as a multiple of a step."""
    units = amount / step
    low = math.floor(units)
    rest = units - low
    if rest == 0:
        return low * step
    away, towards = (low + 1, low) if units > 0 else (low, low + 1)
    half = Fraction(1, 2)
    nearest = low + (rest > half)
    picked = {
        "floor": low,
        "ceiling": low + 1,
        "up": away,
        "down": towards,
        "half_even": nearest if rest != half else low + low % 2,
        "half_up": nearest if rest != half else away,
        "half_down": nearest if rest != half else towards,
    }
    return picked[mode] * step


def added(numbers):
    """The sum. Adding by halves keeps denominators short for as long as possible: a month of ratios has a long one."""
    if len(numbers) < 3:
        return sum(numbers, Fraction(0))
    middle = len(numbers) // 2
    return added(numbers[:middle]) + added(numbers[middle:])


COMPARE = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class Unknown(Exception):
    """Something is not known, so that whatever needs it is not decided. The text says why."""


class Missing(Unknown):
    """A signal was not measured: what that counts as is said by the signal."""

    def __init__(self, signal):
        super().__init__(f"`{signal}` was not measured")
        self.signal = signal


class Kept(Unknown):
    """All of the time counts as kept: whatever is best for the promise holds."""


class LeftOut(Unknown):
    """What is missing is left out, as its signal says."""


class Nothing(Unknown):
    """There is nothing to look at: the metric may say what that is worth."""


class Cut(Unknown):
    """All of the time is cut out."""


class NotBegun(Unknown):
    """Nothing was recorded yet: of that time nothing is missing."""


def arithmetic(op, values):
    """An operation on numbers, the same in metrics and in rules."""
    first, *rest = values
    if op == "max":
        return max(values)
    if op == "min":
        return min(values)
    for other in rest:
        if op == "+":
            first = first + other
        elif op == "-":
            first = first - other
        elif op in ("*", "of"):
            first = first * other
        elif other == 0:
            raise Nothing("a division by nothing")
        else:
            first = Fraction(first, other)
    return {"started": math.ceil, "completed": math.floor}.get(op, lambda same: same)(first)

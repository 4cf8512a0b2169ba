"""What is read of each occurrence: of samples, events, scores or cases."""

import wishes
from cases import Clock
from values import Cut, Kept, LeftOut, Missing, Nothing, Unknown

def each(scope, of, where, place):
    """The value of each occurrence: of samples, events, scores or cases."""
    signal = next(part["signal"] for one in (of, where) if one for part in scope.agreement.reads(one))
    if signal in scope.measured.cases:
        return each_case(scope, signal, of, where, place)
    if signal not in scope.measured.occurrences:
        raise Unknown(f"there is no table of `{signal}`")
    kind, counted = scope.agreement.signals[signal]["kind"], of["type"]["kind"] == "occurrences"
    found, missing = [], False
    if not scope.open(place.at):
        raise Cut("all of the time is cut out")
    pieces = scope.measuring(signal, place)
    for start, end, is_kept in pieces:
        for _, row, times in scope.measured.occurrences[signal].within((start, end)):
            inner = place.but(row=row)
            if where and row is not None and not scope.value(where, inner.but(wish=0)):
                continue
            try:
                found.append((counted or occurrence(scope, of, inner, signal, is_kept), times, times, place.at))
            except NotNoted:
                pass
            except LeftOut:
                missing = True
    # Of scores none is missing. Where there are rows of events, they were measured, though none gives this value.
    absent = kind == "samples" or kind == "events" and not any(scope.measured.events[signal].has(at[:2]) for at in pieces)
    if not found and (missing or absent) and not where and not counted:
        raise Missing(signal)
    return found


class NotNoted(Unknown):
    """A row that does not give the value is none of those that are looked at."""


def occurrence(scope, of, place, signal, is_kept):
    """The value of one occurrence. In time that counts as kept it is as good as can be, where there is a best."""
    try:
        if is_kept and wishes.best(of["type"]["kind"], place.wish) is not None:
            raise Kept()
        if place.row is None:
            raise Missing(signal)
        return scope.value(of, place)
    except (Missing, Kept) as gap:
        return scope.assumed(gap, of, place)
    except (Nothing, Cut):
        raise
    except Unknown as gap:
        # A reading that lacks this value is missing; an event of which it was not noted is not one of those.
        if scope.agreement.signals[signal]["kind"] == "samples":
            return scope.assumed(Missing(signal), of, place)
        raise NotNoted(gap) from gap


def each_case(scope, signal, of, where, place):
    """The value of each case that belongs to the stretch."""
    asked = [part["part"] for part in scope.agreement.reads(of) if part["part"]["type"] == "milestone"]
    in_time = next((part["name"] for part in asked if part["reading"] == "in_time"), None)
    found = []
    for case in scope.measured.cases[signal]:
        clock = Clock(scope, signal, case)
        if in_time and not clock.deadline(in_time, clock.end(in_time)):
            # Without a deadline a case is neither in time nor late.
            continue
        if place.belongs:
            judged = case.reached(place.belongs)
        else:
            judged = clock.judged(asked[0]["name"]) if asked else case.reached(scope.opening(signal))
        inner = place.but(case=clock)
        if judged is None or not place.at[0] <= judged < place.at[1]:
            continue
        if where is None or scope.value(where, inner.but(wish=0)):
            one = of["type"]["kind"] == "occurrences" or scope.value(of, inner)
            found.append((one, 1, 1, place.at))
    return found

"""Runs: uninterrupted stretches of slices, or of time, in which a condition holds. A run is the list of stretches that it is
made of."""

from fractions import Fraction

from values import FOREVER, SECOND, Cut, Unknown, nanoseconds

# Runs are followed so far beyond a window.
BEYOND = 7 * 86_400 * SECOND


def of(scope, node, place):
    """Runs, each as the stretches that it is made of."""
    while node["op"] == "metric":
        node = scope.agreement.metrics[node["name"]]["value"]
    if node["op"] == "joined":
        gap = scope.value(node["arguments"][1], place.but(wish=0)) * SECOND
        found = joined(of(scope, node["arguments"][0], place), gap)
    else:
        found = stretches(scope, node["arguments"][0], node["per"], place)
    return filtered(scope, found, node["where"], place)


def filtered(scope, found, where, place):
    """The runs of which a condition on the length holds."""
    if where is None:
        return found
    lengths = [sum(end - start for start, end in run) for run in found]
    return [run for run, length in zip(found, lengths) if scope.value(where, place.but(run=length, wish=0))]


def stretches(scope, condition, per, place):
    """The longest unbroken stretches in which a condition holds: also what lies beyond the window."""
    found = [one for holds, _, _, at in scope.spread(condition, per, None, place) if holds for one in scope.open(at)]
    if found and place.at == scope.window:
        (start, end), term = scope.window, scope.calendar.term
        # Of a time before anything was recorded nothing is missing.
        first = max(start - BEYOND, term[0]) if scope.has_begun(start) else start
        for part in parts(scope, condition, per, (first, start), back=True):
            if found[0][0] != part[1] or not holds_beyond(scope, condition, place.but(at=part, sliced=per is not None)):
                break
            found = scope.open(part) + found
        for part in parts(scope, condition, per, (end, min(end + BEYOND, term[1]))):
            if found[-1][1] != part[0] or not holds_beyond(scope, condition, place.but(at=part, sliced=per is not None)):
                break
            found += scope.open(part)
    return joined([[one] for one in found], 0)


def parts(scope, condition, per, at, back=False):
    """The slices that lie as a whole in a stretch, or without slices the pieces in which nothing changes."""
    start, end = at
    if per is None:
        edges = [*scope.edges(condition, at), end] if start < end else []
        pieces = list(zip(edges, edges[1:]))
        yield from reversed(pieces) if back else pieces
    elif per["type"] == "elapsed":
        step = nanoseconds(per["amount"])
        for index in range((end - start) // step):
            yield (end - (index + 1) * step, end - index * step) if back else (start + index * step, start + (index + 1) * step)


def holds_beyond(scope, condition, place):
    """Whether a run goes on in a part of the time beyond the window, of which not all is cut out."""
    try:
        return bool(scope.open(place.at)) and scope.value_or_assumed(condition, place) is True
    except Unknown:
        return False


def ended(scope, node, place):
    """How many runs ended since the evaluation before."""
    before = scope.before[-1][1] if scope.before else -FOREVER
    try:
        found = of(scope, node, place)
    except Cut:
        return Fraction(0)
    return Fraction(sum(before < run[-1][1] <= scope.window[1] for run in found))


def joined(runs, gap):
    """Runs with at most so much time between them as one; the gap is no part of its length."""
    found = []
    for run in runs:
        if found and run[0][0] - found[-1][-1][1] <= gap:
            found[-1] = found[-1] + run
        else:
            found.append(list(run))
    return found

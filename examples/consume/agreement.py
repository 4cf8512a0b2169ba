"""What expressions refer to by name, and where they are read."""

import dataclasses

import wishes
from windows import exclusions


@dataclasses.dataclass
class Place:
    """Where an expression is read, and what may be assumed there."""

    at: tuple
    wish: int
    # Whether it is one slice of time, for which a row may stand as a whole.
    sliced: bool = False
    # What it is read for: the values of an occurrence, a case, or the values of a state's fields.
    row: object = None
    case: object = None
    key: object = None
    # The length of the run that a condition is about.
    run: object = None
    # The milestone by which cases belong to the window, where the metric says so.
    belongs: object = None
    # Whether it stands in a rule itself, and not in a metric: what it reads of the whole window is measured like one.
    direct: bool = False

    def but(self, **changes):
        """The same place but for some changes."""
        return Place(**(vars(self) | changes))


class Agreement:
    """What expressions refer to by name."""

    def __init__(self, bundle, calendar, measured):
        self.calendar, self.measured = calendar, measured
        self.signals = {one["name"]: one for one in bundle["signals"]}
        self.metrics = {one["name"]: one for one in bundle["metrics"]}
        self.constants = {one["name"]: one for one in bundle["constants"]}
        self.calendars = {one["name"]: one for one in bundle["calendars"]}
        self.supports = [one for one in bundle["supports"] if one["cases"]]
        # What `previous` found in windows before, which is worked out once.
        self.past = {}
        self.wishes = {one["name"]: wishes.of_commitment(one, self.metrics) for one in bundle["commitments"]}
        self.masks = {one["name"]: exclusions(bundle, one, measured.times, calendar) for one in bundle["commitments"]}

    def support(self, signal, priority):
        """Who handles a case: of several, the first that has its priority; nobody where none handles the signal."""
        handling = [one for one in self.supports if one["cases"] == signal]
        return next((one for one in handling if priority in [it["name"] for it in one["priorities"]]), (handling or [None])[0])

    def parts(self, node, seen=()):
        """An expression and all that it is made of, also of the metrics that it names."""
        yield node
        for child in children(node):
            yield from self.parts(child, seen)
        if node["op"] == "metric" and node["name"] not in seen:
            yield from self.parts(self.metrics[node["name"]]["value"], (*seen, node["name"]))

    def reads(self, node):
        """The readings in an expression."""
        return [part for part in self.parts(node) if part["op"] == "reading"]


def children(node):
    """The expressions right below a node."""
    for name, child in node.items():
        if isinstance(child, dict) and "grain" in child:
            yield child
        elif name in ("arguments", "items"):
            yield from child

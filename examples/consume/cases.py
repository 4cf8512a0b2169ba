"""The clocks of cases: hours, pauses, excluded time, and what a changed priority does."""

from values import FOREVER, SECOND, Unknown, nanoseconds, value
from windows import common, merged, without

DEADLINES = {"responded": "respond", "worked_around": "work_around", "resolved": "resolve"}
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Clock:
    """The clock of one case."""

    def __init__(self, scope, signal, case):
        self.scope, self.signal, self.case = scope, signal, case
        # Of a case that nobody handles, all time counts.
        first = case.priorities[0][1] if case.priorities else None
        self.support = scope.agreement.support(signal, first)

    def deadline(self, milestone, at):
        """The deadline for a milestone by the priority at an instant."""
        return self.priority(at)[DEADLINES[milestone]] if self.support and milestone in DEADLINES else None

    def priority(self, at):
        """The priority that the case has at an instant."""
        name = self.case.priority(at)
        for priority in self.support["priorities"]:
            if priority["name"] == name:
                return priority
        raise Unknown("the case has no priority")

    def end(self, milestone):
        """When a milestone was reached, or up to when it is known that it was not."""
        reached = self.case.reached(milestone)
        return self.scope.measured.until if reached is None else reached

    def reading(self, milestone, what):
        """The time on the clock to a milestone, or whether it came by its deadline."""
        reached, end = self.case.reached(milestone), self.end(milestone)
        time = sum(stop - start for start, stop in self.running(milestone, end))
        if what == "in_time":
            deadline = self.deadline(milestone, end)
            if deadline is None or (reached is None and time <= self.most(deadline)):
                raise Unknown(f"`{milestone}` has neither been reached nor is it late")
            return reached is not None and time <= self.most(deadline)
        if reached is None:
            raise Unknown(f"`{milestone}` has not been reached")
        return self.scope.seconds(time)

    def by_now(self, milestone, op, bound):
        """How the time to a milestone that is not reached compares, where the time that has passed decides it."""
        if self.case.reached(milestone) is not None:
            return None
        end = self.end(milestone)
        passed = self.scope.seconds(sum(stop - start for start, stop in self.running(milestone, end)))
        if op in ("<=", ">"):
            return op == ">" if passed > bound else None
        if op in ("<", ">="):
            return op == ">=" if passed >= bound else None
        return None

    def judged(self, milestone):
        """When it is judged by a milestone: when that is reached or its deadline passes, whichever is earlier."""
        deadline = self.deadline(milestone, self.end(milestone))
        left = self.most(deadline) if deadline else FOREVER
        for start, stop in self.running(milestone, self.end(milestone)):
            if stop - start >= left:
                return start + left
            left -= stop - start
        return self.case.reached(milestone)

    def running(self, milestone, end):
        """When the clock runs for a milestone, up to an instant."""
        opened = self.case.reached(self.scope.opening(self.signal))
        changes = [at for at, _ in self.case.priorities[1:] if opened < at < end]
        start = changes[-1] if changes and self.support and self.support["reclassify"] == "restart_clock" else opened
        edges = [start, *(at for at in changes if at > start), end]
        still = self.still(end)
        found = []
        for part in zip(edges, edges[1:]):
            # Each priority counts on its own hours.
            deadline = self.deadline(milestone, part[0])
            hours = deadline["on"] if deadline else self.support["on"] if self.support else {"type": "always"}
            found += without(self.open(hours, part), still)
        return found

    def open(self, hours, part):
        """The hours of a calendar within a stretch of time."""
        if hours["type"] == "always":
            return merged([part])
        return common(self.scope.calendar.hours[hours["name"]], merged([part]))

    def still(self, end):
        """When the clock stands still: in excluded time, and in the pauses that are for the case's priority."""
        found = list(self.scope.cut)
        if self.support is None:
            return merged(found)
        priority = self.priority(end)["name"]
        for pause in self.support["pauses"]:
            if pause["when"] and not holds(pause["when"], priority):
                continue
            during = pause["during"]
            if during["type"] == "span":
                found += [(start, stop) for name, start, stop in self.case.spans if name == during["span"]]
            elif during["type"] == "between":
                ends = self.case.all(during["until"])
                for start in self.case.all(during["from"]):
                    found.append((start, next((stop for stop in ends if stop > start), FOREVER)))
        return merged(found)

    def most(self, deadline):
        """The open time that a deadline leaves: a day is as long as a working day, and 24 hours around the clock."""
        amount, hours = deadline["amount"], deadline["on"]
        if amount["type"] == "duration":
            return nanoseconds(amount)
        days = amount["count"] * (7 if amount["unit"] == "week" else 1)
        minutes = 1440
        if hours["type"] == "calendar":
            opened = open_minutes({"op": "calendar", "name": hours["name"]}, self.scope.calendars)
            minutes = next(len(day) for day in opened if day)
        return days * minutes * 60 * SECOND


def open_minutes(hours, calendars):
    """The minutes of each day of the week at which hours are open, holidays aside."""
    op = hours["op"]
    if op == "always":
        return [set(range(1440)) for _ in WEEK]
    if op == "calendar":
        return open_minutes(calendars[hours["name"]]["hours"], calendars)
    if op == "weekly":
        found = [set() for _ in WEEK]
        for one in hours["open"]:
            found[WEEK.index(one["day"])] |= set(range(one["from_minute"], one["to_minute"]))
        return found
    first, *rest = [open_minutes(part, calendars) for part in hours["parts"]]
    for other in rest:
        joined = {"or": set.union, "and": set.intersection, "except": set.difference}[op]
        first = [joined(day, more) for day, more in zip(first, other)]
    return first


def holds(when, priority):
    """Whether a condition on the priority holds."""
    op = when["op"]
    if op == "not":
        return not holds(when["operand"], priority)
    if op in ("and", "or"):
        return (all if op == "and" else any)([holds(when["left"], priority), holds(when["right"], priority)])
    if op == "in":
        return priority in [value(item["value"]) for item in when["right"]["items"]]
    return (value(when["right"]["value"]) == priority) == (op == "=")

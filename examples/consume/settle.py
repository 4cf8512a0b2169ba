"""The rules of the bundle that say what is owed, in the order of their stages."""

import collections
from fractions import Fraction

from values import COMPARE, NotBegun, Nothing, Unknown, arithmetic, number, rounded, value


class Window:
    """One window of a commitment: what its inputs come to, and what came out."""

    def __init__(self, rule, scope):
        self.rule, self.scope, self.span = rule, scope, scope.window
        self.commitment = scope.commitment["name"]
        self.inputs = {}
        # Whether a limit reduced the credit, and whether it reduced it together with others.
        self.capped = self.shared = False

    def input(self, source):
        """What an input comes to in this window."""
        if source["type"] not in ("measured", "ended"):
            raise Unknown("it depends on what people judge, or on the moment")
        name = repr(source)
        if name not in self.inputs:
            try:
                self.scope.begun()
                ended = source["type"] == "ended"
                self.inputs[name] = self.scope.ended(source["runs"]) if ended else self.scope.input(source["expression"])
            except Unknown as gap:
                self.inputs[name] = gap
        if isinstance(self.inputs[name], Unknown):
            raise self.inputs[name]
        return self.inputs[name]


class Rules:
    """The rules of a bundle with what they need to be executed."""

    def __init__(self, bundle, calendar, measured):
        self.calendar, self.measured = calendar, measured
        self.sources = {one["name"]: one["source"] for one in bundle["inputs"]}
        self.fees = {one["fee"]: one for one in bundle["rules"] if one["kind"] == "fee"}
        self.of = collections.defaultdict(list)
        for rule in bundle["rules"]:
            self.of[rule["kind"]].append(rule)
        self.credits = {one["commitment"]: one for one in self.of["credit"]}
        # What a commitment has no rule of this kind for need not be claimed.
        self.claims = {one["commitment"] for one in self.of["claim"]}
        # The smallest amount of the currency in which a commitment owes.
        self.units = {name: rule["to"] for rule in self.of["round"] for name in rule["commitments"]}

    # ---- computations and conditions

    def compute(self, node, window, last, per=None):
        """An amount. Fees are those of the period that contains `last`; constant money is for a whole `per`."""
        op = node["op"]
        if op == "value":
            return value(node["value"])
        if op == "input":
            source = self.sources[node["input"]]
            return self.invoiced(source["fee"], last) if source["type"] == "invoiced" else window.input(source)
        if op == "pro_rata":
            days, whole = self.calendar.part(per, last)
            return value(node["value"]) * Fraction(days, whole)
        if op == "fee":
            fee = self.fees[node["fee"]]
            # Another fee in it is that of the end of its period; of a sum, each fee is for its own period.
            end = self.calendar.around(fee["per"], last, (0, last + 1))[1]
            return self.compute(fee["amount"], window, end - 1, fee["per"])
        if op == "previous":
            first, _ = self.calendar.whole(node["per"], self.calendar.local_date(last))
            end = self.calendar.midnight(first)
            if end <= self.calendar.term[0]:
                return self.compute(node["otherwise"], window, last, per)
            return self.compute({"op": "fee", "fee": node["fee"]}, window, end - 1, per)
        if op == "negate":
            return -self.compute(node["operand"], window, last, per)
        if op == "if":
            holds = self.holds(node["condition"], window, last, per)
            if holds is None:
                raise Unknown("the condition is not known")
            return self.compute(node["then" if holds else "otherwise"], window, last, per)
        return arithmetic(op, [self.compute(one, window, last, per) for one in node["operands"]])

    def invoiced(self, fee, last):
        """What was invoiced for the period that contains an instant."""
        first, _ = self.calendar.whole(self.fees[fee]["per"], self.calendar.local_date(last))
        if first not in self.measured.fees.get(fee, {}):
            raise Unknown(f"`{fee}` is not given for the period from {first}")
        return self.measured.fees[fee][first]

    def holds(self, node, window, last=None, per=None):
        """A condition: True, False, or None where it is not known. What is not said holds."""
        if node is None:
            return True
        last = window.span[1] - 1 if last is None else last
        op = node["op"]
        if op in ("and", "or"):
            parts = [self.holds(one, window, last, per) for one in node["conditions"]]
            decisive = op == "or"
            return decisive if decisive in parts else None if None in parts else not decisive
        if op == "not":
            holds = self.holds(node["condition"], window, last, per)
            return None if holds is None else not holds
        try:
            if op == "input":
                return window.input(self.sources[node["input"]])
            left = self.compute(node["left"], window, last, per)
            if op == "in":
                return left in [value(one) for one in node["options"]]
            return COMPARE[op](left, self.compute(node["right"], window, last, per))
        except Unknown:
            return None

    # ---- stage 1: what each window gives by itself

    def credit(self, window):
        """The amount of the row that counts; Unknown where that is not known."""
        rule, last = window.rule, window.span[1] - 1
        try:
            window.scope.begun()
            for condition in (rule["applies"], rule["breach"]):
                holds = self.holds(condition, window)
                if holds is None:
                    raise Unknown("it is not known whether a credit is owed")
                if not holds:
                    return Fraction(0)
            row = self.row(rule, window)
            amount = self.compute(row["then"], window, last, rule["per"]) if row else Fraction(0)
            amount *= self.factor(rule, window) if amount else 1
            times = self.compute(rule["times"], window, last) if rule["times"] else 1
            return amount * times
        except Unknown as gap:
            return gap

    def factor(self, rule, window):
        """The largest factor that applies: one that is smaller than another need not be known."""
        last, largest = window.span[1] - 1, 1
        for factor in rule["multiply"]:
            by = self.compute(factor["by"], window, last)
            if by <= largest:
                continue
            holds = self.holds(factor["when"], window)
            if holds is None:
                raise Unknown("it is not known whether the credit is multiplied")
            largest = by if holds else largest
        return largest

    def row(self, rule, window):
        """Of the rows that apply, the one that counts."""
        last, rows = window.span[1] - 1, []
        for row in rule["rows"]:
            holds = self.holds(row["when"], window)
            if holds is None:
                raise Unknown("it is not known which row applies")
            if holds:
                rows.append(row)
        if len(rows) < 2 or rule["choose"] == "only":
            return rows[0] if rows else None
        if rule["choose"] == "largest_amount":
            return max(rows, key=lambda row: self.compute(row["then"], window, last, rule["per"]))
        sign = -1 if rule["choose"] == "lowest_bound" else 1
        bound = lambda row: sign * self.compute(row["bound"]["value"], window, last)
        # `max` takes the first of several that are alike, and the last one counts.
        return max(reversed(rows), key=lambda row: (bound(row), row["bound"]["strict"]))

    def once(self, windows, amounts):
        """An uninterrupted breach gives one credit: the largest, for the first evaluation that gives it."""
        found, breach = dict(amounts), []
        for window in [*windows, None]:
            if window is not None:
                holds = self.holds(window.rule["applies"], window) and self.holds(window.rule["breach"], window)
                passed = self.holds(window.rule["applies"], window) is not True or holds is None
                if passed or isinstance(amounts[window], Unknown):
                    # It neither continues the breach nor ends it.
                    continue
                if holds:
                    breach.append(window)
                    continue
            largest = max(breach, key=lambda one: amounts[one], default=None)
            found.update({one: Fraction(0) for one in breach if one is not largest})
            breach = []
        return found

    # ---- stages 2 to 7: windows that end together

    def settled(self, windows, claimed):
        """What is owed for each window, with a claim where one is needed, or without."""
        amounts = {one: self.credit(one) for one in windows}
        for name, rule in self.credits.items():
            if rule["once"] == "breach":
                own = [one for one in windows if one.commitment == name]
                amounts |= self.once(own, {one: amounts[one] for one in own})
        paid = {}
        for end in sorted({one.span[1] for one in windows}):
            together = [one for one in windows if one.span[1] == end]
            owed = {one: amounts[one] for one in together}
            for one in together:
                one.capped = one.shared = False
                if not claimed and one.commitment in self.claims and is_owed(owed[one]):
                    owed[one] = Fraction(0)
            for rule in self.of["cap"]:
                if rule["stage"] == 3:
                    self.cap(rule, owed, paid)
            for rule in self.of["combine"]:
                combine(rule, owed)
            for rule in self.of["cap"]:
                if rule["stage"] == 5:
                    self.cap(rule, owed, paid)
            for rule in self.of["skip"]:
                self.skip(rule, owed)
            for rule in self.of["round"]:
                rounding(rule, owed)
            paid |= owed
        return paid

    def cap(self, rule, owed, paid):
        """What a limit leaves is shared in proportion; what was owed before is not cut afterwards."""
        members = [one for one in owed if one.commitment in rule["commitments"] and is_owed(owed[one])]
        if not members:
            return
        first = members[0]
        per = rule["per"] or first.rule["per"]
        span = self.calendar.around(per, first.span[1] - 1, first.span)
        try:
            left = self.compute(rule["at_most"], first, span[1] - 1, per)
            for one, amount in paid.items():
                inside = one.commitment in rule["commitments"] and span[0] < one.span[1] <= span[1]
                # Of a time before the first row nobody claims anything.
                if inside and not isinstance(amount, NotBegun):
                    if isinstance(amount, Unknown):
                        raise Unknown("it depends on a credit that is not decided")
                    left -= amount
        except Unknown as gap:
            owed.update({one: gap for one in members})
            return
        left, total = max(left, Fraction(0)), sum(owed[one] for one in members)
        open_ones = [one for one in owed if one.commitment in rule["commitments"] and isinstance(owed[one], Unknown)]
        if left and any(not isinstance(owed[one], NotBegun) for one in open_ones):
            # How much of a limit is left for one depends on all others, unless nothing is left.
            owed.update({one: Unknown("it depends on a credit that is not decided") for one in members})
            return
        if left < total:
            for one in members:
                owed[one] = owed[one] * left / total
                one.capped, one.shared = True, one.shared or len(members) > 1

    def skip(self, rule, owed):
        """A credit that is too small to pay becomes zero."""
        for one in [one for one in owed if one.commitment in rule["commitments"] and is_owed(owed[one])]:
            try:
                if COMPARE[rule["comparison"]](owed[one], self.compute(rule["amount"], one, one.span[1] - 1)):
                    owed[one] = Fraction(0)
            except Unknown as gap:
                owed[one] = gap

    # ---- rights

    def rights(self, window):
        """Of each right to terminate that can be measured, whether there is a reason for it; None where that is not known."""
        found = []
        for rule in self.of["terminate"]:
            if rule["commitment"] == window.commitment and not self.is_judged(rule["when"]):
                applies = self.holds(rule["applies"], window)
                found.append(False if applies is False else self.holds(rule["when"], window) and applies)
        return found

    def is_judged(self, node):
        """Whether a condition is one that people judge."""
        return node["op"] == "input" and self.sources[node["input"]]["type"] == "judged"


def is_owed(amount):
    """Whether anything is owed, as far as that is known."""
    return not isinstance(amount, Unknown) and amount > 0


def combine(rule, owed):
    """Of several credits for one window, only the largest counts; of equal ones the first."""
    members = [one for name in rule["commitments"] for one in owed if one.commitment == name]
    # Of a time before the first row nobody claims anything: that is no credit beside the others.
    members = [one for one in members if not isinstance(owed[one], NotBegun)]
    unknown = next((owed[one] for one in members if isinstance(owed[one], Unknown)), None)
    largest = None if unknown else max(members, key=lambda one: owed[one], default=None)
    for one in members:
        if one is not largest and is_owed(owed[one]):
            owed[one] = unknown or Fraction(0)


def rounding(rule, owed):
    """The only rounding. Those that one limit reduced together are rounded as one amount."""
    step = number(rule["to"]["amount"])
    members = [one for one in owed if one.commitment in rule["commitments"] and is_owed(owed[one])]
    shared = [one for one in members if one.shared]
    total = rounded(sum((owed[one] for one in shared), Fraction(0)), step, rule["when_capped"])
    exact = {one: owed[one] for one in shared}
    for one in members:
        owed[one] = rounded(owed[one], step, rule["when_capped"] if one.capped else rule["mode"])
    left = (total - sum(owed[one] for one in shared)) / step
    # One unit each to the largest remainders, among equal ones in the order of the ids.
    order = sorted(shared, key=lambda one: (owed[one] - exact[one], one.rule["clause"]))
    for one in order[: int(left)]:
        owed[one] += step

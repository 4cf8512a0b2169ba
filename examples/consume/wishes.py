"""Which values are best: what is missing counts as the best value or the worst, and time that counts as kept as the best.

A wish is 1 where high values (of a condition: that it holds) serve the promise, -1 where low ones do, and 0 where nothing
tells. It follows from the comparison of the target, and goes down into what the target measures.
"""

import json

from values import value

SAME = ("and", "or", "+", "*", "of")
TURNS_RIGHT = ("-", "/", ">", ">=")
TURNS_LEFT = ("<", "<=")


def of_target(comparison):
    """What is wished of a measure that is compared with a bound."""
    return {">=": 1, ">": 1, "<=": -1, "<": -1}.get(comparison, 0)


def of_sides(op, wish):
    """What is wished of the two sides of an operator."""
    if op in SAME:
        return wish, wish
    if op in TURNS_RIGHT:
        return wish, -wish
    return (-wish, wish) if op in TURNS_LEFT else (0, 0)


def of_argument(op, place, wish):
    """What is wished of an argument of a function."""
    if op in ("joined", "previous") and place == 1:
        return 0
    return -wish if op == "none" or (op in ("started", "completed") and place == 1) else wish


def of_choice(node, wish):
    """What is wished of the condition of a choice: that the better branch is taken, where both are constant."""
    then, otherwise = ends(node["then"]), ends(node["otherwise"])
    if not then or not otherwise:
        return 0
    return wish if then[0] >= otherwise[1] else -wish if then[1] <= otherwise[0] else 0


def ends(node):
    """The least and the greatest value of constants."""
    if node["op"] == "literal":
        return (value(node["value"]),) * 2
    if node["op"] == "if":
        both = [ends(node["then"]), ends(node["otherwise"])]
        return (min(one[0] for one in both), max(one[1] for one in both)) if all(both) else None
    return None


def best(kind, wish):
    """The best value of a type, where it has one."""
    if kind == "boolean" and wish:
        return wish > 0
    if kind == "ratio" and wish:
        return 1 if wish > 0 else 0
    return 0 if kind == "duration" and wish < 0 else None


def of_commitment(commitment, metrics):
    """What is wished of each metric and each expression of a commitment: the first place where one stands decides."""
    found = {}
    for target in commitment["targets"]:
        note(target["measure"], of_target(target["comparison"]), metrics, found)
    credit = commitment["credit"]
    if credit and credit["type"] == "formula":
        note(credit["amount"], -1, metrics, found)
    elif credit and credit["using"]:
        side = next((row["bounds"][0]["side"] for row in credit["rows"] if row["bounds"]), None)
        # No row is to apply: where they are for low values, high ones are wished for.
        note(credit["using"], {"below": 1, "at most": 1, "above": -1, "at least": -1}.get(side, 0), metrics, found)
    judged = commitment["applies_when"]
    if judged and judged["type"] == "measured":
        note(judged["condition"], 1, metrics, found)
    # No right is to arise, and no credit to be multiplied.
    for condition in [*(one["when"] for one in commitment["times"]), *rights(commitment)]:
        note(condition, -1, metrics, found)
    return found


def rights(commitment):
    """The conditions of rights to terminate that are measured."""
    return [one["when"]["condition"] for one in commitment["terminate"] if one["when"] and one["when"]["type"] == "measured"]


def note(node, wish, metrics, found):
    """Notes what is wished of an expression and of all that it is made of."""
    found.setdefault(name(node), wish)
    op = node["op"]
    if op == "metric":
        # A metric that is read several times goes by the first, and may name itself.
        if node["name"] not in found:
            found[node["name"]] = wish
            note(metrics[node["name"]]["value"], wish, metrics, found)
    elif op in ("not", "negate"):
        note(node["operand"], -wish, metrics, found)
    elif op == "if":
        note(node["condition"], of_choice(node, wish), metrics, found)
        note(node["then"], wish, metrics, found)
        note(node["otherwise"], wish, metrics, found)
    elif "left" in node:
        for side, of_side in zip(("left", "right"), of_sides(op, wish)):
            note(node[side], of_side, metrics, found)
    for place, argument in enumerate(node.get("arguments", [])):
        note(argument, of_argument(op, place, wish), metrics, found)


def name(node):
    """What tells an expression from others."""
    return json.dumps(node, sort_keys=True)

"""Numbers of occurrences: where they are missing, the least of them is zero."""

from values import value


def is_of(signal, node, metrics):
    """Whether an expression is made of the counts of one signal so that it is never below zero, and zero where they all are."""
    rest, seen = [node], set()
    while rest:
        node = rest.pop()
        op = node["op"]
        if op == "metric":
            if node["name"] not in seen:
                seen.add(node["name"])
                rest.append(metrics[node["name"]]["value"])
        elif op == "reading":
            if node["signal"] != signal or node["part"]["type"] != "count":
                return False
        elif op == "+":
            rest.extend((node["left"], node["right"]))
        elif op == "*" and factor(node["left"]):
            rest.append(node["right"])
        elif op in ("*", "/") and factor(node["right"]):
            rest.append(node["left"])
        elif op in ("sum", "mean", "min", "max") and not node["over"]:
            rest.extend(node["arguments"])
        else:
            return False
    return True


def factor(node):
    """Whether an expression is a number that is written there, and not below zero."""
    return node["op"] == "literal" and node["value"]["type"] in ("number", "ratio") and value(node["value"]) >= 0

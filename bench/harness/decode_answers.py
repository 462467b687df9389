"""Whether two tools decode the same events from EVTX files: evtx_dump's JSON lines, and those of `tocsin dump`."""

import itertools
import json

MARK = b',"_tocsin":'


def compare(theirs, ours):
    """(sentence, differences) over two files of JSON lines in the same order. The sentence begins with "equal" or
    "different"; a difference is (line number, class, theirs, ours), at most 20 of them."""
    events = printed = 0
    differences, classes = [], {}
    with open(theirs, "rb") as left, open(ours, "rb") as right:
        for number, (one, other) in enumerate(itertools.zip_longest(left, right), 1):
            events += 1
            kind = _difference(one, other)
            if kind == "printed":
                printed += 1
            elif kind:
                classes[kind] = classes.get(kind, 0) + 1
                if len(differences) < 20:
                    differences.append((number, kind, _text(one), _text(other)))
    if differences:
        return "different: " + ", ".join(f"{count} events: {kind}" for kind, count in sorted(classes.items())), differences
    same = f"equal: all {events:,} events"
    return same + (f" ({printed:,} of them printed otherwise, with the same values)" if printed else ""), differences


def _text(line):
    return (line or b"").decode("utf-8", "replace").rstrip()[:500]


def _difference(theirs, ours):
    """Nothing where the lines are equal but for the place that Tocsin adds."""
    if theirs is None:
        return "only Tocsin has it"
    if ours is None:
        return "only evtx_dump has it"
    at = ours.rfind(MARK)
    if ours[:at] + b"}\n" == theirs:
        return None
    try:
        one, other = json.loads(theirs), json.loads(ours)
    except ValueError:
        return "not JSON"
    other.pop("_tocsin", None)
    if one == other:
        return "printed"
    if one.get("Event", {}).get("System") != other.get("Event", {}).get("System"):
        return "another System part"
    return "other values"

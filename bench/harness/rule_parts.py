"""A rule's detection, read line by line as SigmaHQ writes it: enough to say whether its condition can be true where some of
its texts are nowhere. In doubt it can."""

import fnmatch
import re

KEY = re.compile(r"^\s*(?:- )?['\"]?(?P<key>[\w .|-]+)['\"]?:(?P<value>.*)$")
TOKEN = re.compile(r"\(|\)|[\w*?-]+")
UNREAD = re.compile(r"\|")  # counting over events


class _Unread(Exception):
    pass


def detection_lines(text):
    """The lines of the rule's detection, up to the next key of the rule."""
    lines = []
    for line in text.partition("\ndetection:")[2].split("\n"):
        if line and not line.startswith((" ", "#")):
            break
        lines.append(line)
    return lines


def true_without(lines, absent):
    """Whether the condition can be true where no text in a line that is marked as absent occurs."""
    condition, live = None, {}
    for name, body in _parts(lines, absent):
        if name == "condition":
            condition = body[0][0].partition(":")[2].split("#")[0].strip()
        elif name != "timeframe":
            live[name] = _selection_true(body[1:])
    if not condition or UNREAD.search(condition):
        return True
    try:
        return _Condition(TOKEN.findall(condition), live).read()
    except _Unread:
        return True


def _indent(line):
    return len(line) - len(line.lstrip())


def _parts(lines, absent):
    """Each search identifier, with its lines and whether each is absent."""
    marked = [(line, gone) for line, gone in zip(lines, absent, strict=True) if line.strip() and not line.lstrip().startswith("#")]
    if not marked:
        return
    outer, part = _indent(marked[0][0]), []
    for line, gone in marked:
        if _indent(line) == outer and part:
            yield part[0][0].strip().partition(":")[0], part
            part = []
        part.append((line, gone))
    yield part[0][0].strip().partition(":")[0], part


def _selection_true(body):
    """Whether some alternative has no item that is false. An item's values are alternatives, unless its key says `all`."""
    if not body:
        return True  # written in one line
    is_list = body[0][0].lstrip().startswith("- ")
    outer, alternatives = _indent(body[0][0]), [[]]
    for line, gone in body:
        begins = is_list and _indent(line) == outer
        key = KEY.match(line)
        if key and (begins or not line.lstrip().startswith("- ")):
            if begins and alternatives[-1]:
                alternatives.append([])
            alternatives[-1].append((key["key"], [gone] if key["value"].strip() else []))
        elif alternatives[-1]:
            alternatives[-1][-1][1].append(gone)
        else:
            alternatives[-1].append(("", [gone]))
    return any(not any(_is_false(*item) for item in alternative) for alternative in alternatives)


def _is_false(key, gone):
    return bool(gone) and (any(gone) if "|all" in key else all(gone))


class _Condition:
    """Whether a condition can be true. What stands under a `not` can be."""

    def __init__(self, tokens, live):
        self.tokens, self.live = tokens, live

    def read(self):
        truth = self._any()
        if self.tokens:
            raise _Unread
        return truth

    def _next(self):
        if not self.tokens:
            raise _Unread
        return self.tokens.pop(0)

    def _any(self):
        truth = self._all()
        while self.tokens and self.tokens[0].lower() == "or":
            self._next()
            truth = self._all() or truth
        return truth

    def _all(self):
        truth = self._one()
        while self.tokens and self.tokens[0].lower() == "and":
            self._next()
            truth = self._one() and truth
        return truth

    def _one(self):
        word = self._next()
        if word.lower() == "not":
            self._one()
            return True
        if word == "(":
            truth = self._any()
            if self._next() != ")":
                raise _Unread
            return truth
        if self.tokens and self.tokens[0].lower() == "of":
            self._next()
            return self._of(word.lower(), self._next())
        if word not in self.live:
            raise _Unread
        return self.live[word]

    def _of(self, count, pattern):
        names = [name for name in self.live if pattern == "them" or fnmatch.fnmatchcase(name, pattern)]
        if not names or count not in ("1", "any", "all"):
            raise _Unread
        truths = [self.live[name] for name in names]
        return all(truths) if count == "all" else any(truths)

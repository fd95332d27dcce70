"""The specification of `casemgr statistics protect`: dimensions as trees, tables, threshold, zeros."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from casemgr.errors import Refused

Zeros = Literal["hideable", "shown", "suppressed"]
ZEROS = ("hideable", "shown", "suppressed")
NEEDED = ("dimensions", "tables", "threshold")
KEYS = {*NEEDED, "zeros", "insider"}
OWN_COLUMNS = {"table", "value", "status", "count", "reason", "least", "greatest", "bounds"}


class BadFile(Refused):
    """A file is not as it should be: which file, on which line (0: as a whole), and what is wrong."""

    def __init__(self, file: str, line: int, problem: str, **values: object) -> None:
        super().__init__("bad_file")
        self.file, self.line, self.problem, self.values = file, line, problem, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One dimension: its total and the parent of every code that is known."""

    name: str
    total: str
    parents: Mapping[str, str]

    def codes(self) -> tuple[str, ...]:
        """Return every code, the total first, parents before their children."""
        below = self.families()
        walked = [self.total]
        for code in walked:
            walked += below.get(code, ())
        return tuple(walked)

    def families(self) -> dict[str, list[str]]:
        """Return every parent with its children."""
        groups: dict[str, list[str]] = {}
        for child, parent in self.parents.items():
            groups.setdefault(parent, []).append(child)
        return groups

    def with_leaves(self, codes: Iterable[str]) -> "Tree":
        """Return the tree with codes that only the counts know, right under the total."""
        new = {code: self.total for code in codes if code not in self.parents and code != self.total}
        return replace(self, parents={**self.parents, **new})


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """What to make of counts: the trees, the tables, and how strictly to protect."""

    trees: tuple[Tree, ...]
    tables: tuple[tuple[str, ...], ...]
    threshold: int
    zeros: Zeros = "hideable"
    insider: bool = True


def read_specification(text: str, file: str) -> Specification:
    """Read the text of a specification; raises BadFile with the line."""
    return _Reader(text, file).read()


class _Reader:
    """Reads one specification and knows on which line a word stands."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    def read(self) -> Specification:
        document = self._document()
        for key in NEEDED:
            if key not in document:
                raise self._bad("missing_key", key)
        for key in document:
            if key not in KEYS:
                raise self._bad("unknown_key", key)
        trees = self._trees(document["dimensions"])
        return Specification(
            trees=trees,
            tables=self._tables(document["tables"], {tree.name for tree in trees}),
            threshold=self._threshold(document["threshold"]),
            zeros=self._zeros(document.get("zeros", "hideable")),
            insider=self._yes_no(document.get("insider", True)),
        )

    def _document(self) -> dict[str, Any]:
        try:
            document = json.loads(self.text.removeprefix("\ufeff"), object_pairs_hook=self._pairs)
        except json.JSONDecodeError as error:
            raise BadFile(self.file, error.lineno, "not_json") from None
        except RecursionError:
            raise BadFile(self.file, 1, "not_json") from None
        if not isinstance(document, dict):
            raise BadFile(self.file, 1, "not_object")
        return document

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise self._bad("twice", key, last=True)
            found[key] = value
        return found

    def _trees(self, given: Any) -> tuple[Tree, ...]:
        if not isinstance(given, dict) or not given:
            raise self._bad("no_dimensions", "dimensions")
        return tuple(self._tree(name, one) for name, one in given.items())

    def _tree(self, name: str, given: Any) -> Tree:
        if not name or name in OWN_COLUMNS:
            raise self._bad("bad_name", name)
        if not isinstance(given, dict) or not isinstance(given.get("total"), str) or not given["total"]:
            raise self._bad("no_total", name)
        for key in given:
            if key not in {"total", "parents"}:
                raise self._bad("unknown_key", key)
        parents = self._parents(name, given.get("parents", {}), given["total"])
        tree = Tree(name=name, total=given["total"], parents=parents)
        lost = set(tree.parents) - set(tree.codes())
        if lost:
            raise self._bad("circle", min(lost))
        return tree

    def _parents(self, name: str, given: Any, total: str) -> dict[str, str]:
        """Return the parent of every code; a parent without one of its own hangs under the total."""
        if not isinstance(given, dict):
            raise self._bad("no_parents", name)
        for child, parent in given.items():
            if not child or not isinstance(parent, str) or not parent:
                raise self._bad("bad_parent", child)
            if child == total:
                raise self._bad("total_below", child)
        rootless = {one: total for one in given.values() if one not in given and one != total}
        return {**rootless, **given}

    def _tables(self, given: Any, names: set[str]) -> tuple[tuple[str, ...], ...]:
        if not isinstance(given, list) or not given:
            raise self._bad("no_tables", "tables")
        for table in given:
            if not isinstance(table, list) or not all(isinstance(name, str) for name in table):
                raise self._bad("no_tables", "tables")
            for name in table:
                if name not in names:
                    raise self._bad("unknown_dimension", name, last=True)
            if len(set(table)) != len(table):
                raise self._bad("same_twice", next(one for one in table if table.count(one) > 1), last=True)
        return tuple(tuple(table) for table in given)

    def _threshold(self, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 10_000:
            raise self._bad("bad_threshold", "threshold")
        return given

    def _zeros(self, given: Any) -> Zeros:
        for one in ZEROS:
            if given == one:
                return one  # type: ignore[return-value]  # the three words are the type
        raise self._bad("bad_zeros", "zeros")

    def _yes_no(self, given: Any) -> bool:
        if not isinstance(given, bool):
            raise self._bad("bad_insider", "insider")
        return given

    def _bad(self, problem: str, word: str, *, last: bool = False) -> BadFile:
        quoted = json.dumps(word, ensure_ascii=False)
        at = self.text.rfind(quoted) if last else self.text.find(quoted)
        if at < 0:
            at = self.text.find(json.dumps(word))
        line = self.text.count("\n", 0, at) + 1 if at >= 0 else 1
        return BadFile(self.file, line, problem, name=word)

"""Checks what a mapping file says, all of it at once, and builds the mapping from it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from casemgr.codes import lists
from casemgr.imports import dates
from casemgr.imports.mapping import Column, LineMapping, Mistake, UnusableMapping, Values, fold
from casemgr.imports.places import Path, Places
from casemgr.imports.targets import (
    CONSENT_HOW,
    CORE_TYPE,
    FORMS,
    KEPT,
    REGISTERED_ON,
    REPORTING_CONSENT,
    SURVIVOR_CODE,
    TARGETS,
    Target,
)
from casemgr.questions import parse

_TOP = ("name", "title", "sheet", "dates", "case", "constants", "columns", "ignored", "core_type")
_COLUMN = ("to", "values", "empty", "otherwise", "separator", "required", "keep")
_RULE = ("reason", "order", "otherwise", "forms")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_REFUSE = "refuse"
_CLOSED = {"open": False, "closed": True}


def check(content: Mapping[str, Any], text: str, *, digest: str) -> LineMapping:
    """Return the mapping that a file describes; raises UnusableMapping with every mistake."""
    checker = _Checker(content, Places(text))
    mapping = checker.build(digest)
    if checker.mistakes:
        raise UnusableMapping(checker.mistakes)
    return mapping


class _Checker:
    """Goes through the entries and collects mistakes; what it builds counts only when there are none."""

    def __init__(self, content: Mapping[str, Any], places: Places) -> None:
        self._content = content
        self._places = places
        self.mistakes: list[Mistake] = []

    def build(self, digest: str) -> LineMapping:
        self._known((), self._content, _TOP)
        is_closed, closure_reason = self._case()
        columns = self._columns()
        constants, consent_how = self._constants()
        rule = self._table(("core_type",), _RULE)
        order = self._order(rule)
        self._whole(columns, constants, consent_how, has_order=bool(order))
        otherwise = rule.get("otherwise", _REFUSE)
        if otherwise != _REFUSE:
            self._values(("core_type", "otherwise"), TARGETS[CORE_TYPE], otherwise)
        return LineMapping(
            name=self._name(),
            title=self._both(("title",)),
            digest=digest,
            sheet=self._typed(("sheet",), str),
            dates=self._dates(),
            columns=columns,
            ignored=self._ignored(columns),
            constants=constants,
            consent_how=consent_how,
            is_closed=is_closed,
            closure_reason=closure_reason,
            type_reason=self._both(("core_type", "reason"))["vi"],
            type_order=order,
            type_otherwise=None if otherwise == _REFUSE else str(otherwise),
            type_forms=self._forms(),
        )

    def _mistake(self, path: Path, kind: str, detail: object) -> None:
        self.mistakes.append(Mistake(line=self._places.line_of(path), kind=kind, detail=str(detail)))

    def _known(self, path: Path, table: Mapping[str, Any], keys: Iterable[str]) -> None:
        for key in table:
            if key not in keys:
                self._mistake((*path, key), "unknown_key", key)

    def _table(self, path: Path, keys: Iterable[str] | None) -> Mapping[str, Any]:
        found = self._typed(path, dict) or {}
        if keys is not None:
            self._known(path, found, keys)
        return found

    def _typed(self, path: Path, kind: type) -> Any:
        found: Any = self._content
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is not None and not isinstance(found, kind):
            self._mistake(path, "shape", path[-1])
            return None
        return found

    def _name(self) -> str:
        name = self._typed(("name",), str) or ""
        if not _NAME.fullmatch(name):
            self._mistake(("name",), "shape" if name else "missing_key", "name")
        return str(name)

    def _both(self, path: Path) -> Mapping[str, str]:
        found = self._typed(path, dict)
        if found is None or not all(isinstance(found.get(key), str) for key in ("vi", "en")):
            self._mistake(path, "missing_key", f"{'.'.join(path)} = {{ vi, en }}")
            return {"vi": "", "en": ""}
        return dict(found)

    def _dates(self) -> tuple[str, ...]:
        forms = self._typed(("dates",), list) or []
        for form in forms:
            if form not in dates.FORMS:
                self._mistake(("dates",), "date_form", form)
        return tuple(forms)

    def _case(self) -> tuple[bool, str | None]:
        case = self._table(("case",), ("state", "closure_reason"))
        state, reason = case.get("state"), case.get("closure_reason")
        if state not in _CLOSED:
            self._mistake(("case",), "missing_key" if state is None else "bad_value", state or "case.state")
        if reason is not None and (state == "open" or reason not in lists.get("closure_reason")):
            self._mistake(("case", "closure_reason"), "bad_value", reason)
        return _CLOSED.get(str(state), True), reason

    def _columns(self) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for name, entry in self._table(("columns",), None).items():
            if not isinstance(entry, Mapping):
                self._mistake(("columns", name), "shape", name)
                continue
            if fold(name) in columns:
                self._mistake(("columns", name), "column_twice", name)
            column = self._column(name, entry)
            if column is not None:
                columns[fold(name)] = column
        return columns

    def _column(self, name: str, entry: Mapping[str, Any]) -> Column | None:
        path = ("columns", name)
        self._known(path, entry, _COLUMN)
        target = TARGETS.get(str(entry.get("to")))
        if target is None:
            kind = "unknown_target" if "to" in entry else "missing_key"
            self._mistake((*path, "to"), kind, entry.get("to", "to"))
            return None
        for key, kind_of in (("separator", str), ("required", bool), ("keep", bool), ("values", dict)):
            self._typed((*path, key), kind_of)
        otherwise = entry.get("otherwise")
        return Column(
            name=name,
            target=target,
            values=self._value_map(path, target, entry.get("values", {})),
            empty=self._values((*path, "empty"), target, entry.get("empty", "")),
            otherwise=None if otherwise is None else self._values((*path, "otherwise"), target, otherwise),
            separator=entry.get("separator"),
            is_required=bool(entry.get("required")),
            is_kept=bool(entry.get("keep")) or target.name == KEPT,
        )

    def _value_map(self, path: Path, target: Target, values: Any) -> dict[str, Values]:
        if not isinstance(values, Mapping):
            return {}
        mapped: dict[str, Values] = {fold(text): (code,) for text, code in target.known_values().items()}
        for text, value in values.items():
            mapped[fold(text)] = self._values((*path, "values", text), target, value)
        return mapped

    def _values(self, path: Path, target: Target, given: Any) -> Values:
        values = given if isinstance(given, list) else [given]
        kept = tuple(value for value in values if value != "")
        for value in kept:
            if not isinstance(value, str) or not _fits(target, value):
                self._mistake(path, "bad_value", value)
        return kept

    def _constants(self) -> tuple[dict[str, Values], str | None]:
        constants: dict[str, Values] = {}
        how = None
        for name, given in self._table(("constants",), None).items():
            path = ("constants", name)
            if name == CONSENT_HOW:
                how = given
                if given not in lists.get("consent_how"):
                    self._mistake(path, "bad_value", given)
            elif name not in TARGETS or name in (REGISTERED_ON, SURVIVOR_CODE, KEPT):
                self._mistake(path, "unknown_target", name)
            else:
                constants[name] = self._values(path, TARGETS[name], given)
        return constants, how

    def _order(self, rule: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        order = []
        for step in self._typed(("core_type", "order"), list) or []:
            form, core_type = step if isinstance(step, list) and len(step) == 2 else (None, None)
            if form in lists.get("violence_form") and core_type in lists.get("gbvims_type"):
                order.append((str(form), str(core_type)))
            else:
                self._mistake(("core_type", "order"), "bad_value", step)
        if not rule:
            self._mistake(("core_type",), "missing_key", "core_type")
        return tuple(order)

    def _forms(self) -> dict[str, Values]:
        forms: dict[str, Values] = {}
        for core_type, given in self._table(("core_type", "forms"), None).items():
            path = ("core_type", "forms", core_type)
            if core_type not in lists.get("gbvims_type"):
                self._mistake(path, "bad_value", core_type)
            forms[core_type] = self._values(path, TARGETS[FORMS], given)
        return forms

    def _ignored(self, columns: Mapping[str, Column]) -> frozenset[str]:
        names = [str(name) for name in self._typed(("ignored",), list) or []]
        ignored = Counter(map(fold, names))
        for name in names:
            if fold(name) in columns or ignored[fold(name)] > 1:
                self._mistake(("ignored",), "column_twice", name)
        return frozenset(ignored)

    def _whole(
        self,
        columns: Mapping[str, Column],
        constants: Mapping[str, Values],
        consent_how: str | None,
        *,
        has_order: bool,
    ) -> None:
        """Check what only the entries together can be: every target once, and the needed ones there."""
        goes = Counter(column.target.name for column in columns.values()) + Counter(constants.keys())
        for name, times in goes.items():
            if times > 1 and not TARGETS[name].is_joined:
                last = [column.name for column in columns.values() if column.target.name == name][-1]
                self._mistake(("columns", last, "to"), "target_twice", name)
        if REGISTERED_ON not in goes:
            self._mistake(("columns",), "no_registered_on", REGISTERED_ON)
        if CORE_TYPE not in goes and not has_order:
            self._mistake(("core_type",), "no_core_type", CORE_TYPE)
        if REPORTING_CONSENT in goes and consent_how is None:
            self._mistake(("constants",), "no_consent_how", CONSENT_HOW)


def _fits(target: Target, value: str) -> bool:
    if target.question is not None:
        return parse([target.question], {target.question.name: [value]}).is_valid
    return not target.is_coded or value in target.known_values().values()

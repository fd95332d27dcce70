"""What has been filled in of a referral so far: the page carries it from step to step, nothing is stored."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from casemgr.codes import lists
from casemgr.questions import Question, parse
from casemgr.referrals import forms
from casemgr.referrals.rules import CONTENT, OFFER, Sending
from casemgr.web.fill import Filled, fill

STEPS = ("service", "unit", "details", "check", "send")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The answers of all steps, as they were typed."""

    step: str = "service"
    missing: str = ""
    """The field that should have been chosen to come further."""
    service: str = ""
    unit_id: UUID | None = None
    filled: Filled = field(default_factory=Filled)
    exception: Filled = field(default_factory=Filled)
    excluded: frozenset[UUID] = frozenset()
    named: UUID | None = None

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed, as hidden fields of the next step."""
        typed = {**self.filled.typed, **self.exception.typed}
        fields = [(name, text) for name, texts in typed.items() for text in texts]
        fields += [("excluded", str(account_id)) for account_id in sorted(self.excluded)]
        return fields + ([("named", str(self.named))] if self.named else [])

    def sending(self) -> Sending:
        """Return what is to be sent; the unit was chosen and the details are valid."""
        values: dict[str, Any] = {**self.filled.values, "service": self.service}
        if self.unit_id is None:
            raise ValueError("no unit was chosen")
        return Sending(
            to_unit_id=self.unit_id,
            offer={name: values[name] for name in OFFER if name in values},
            content={name: values[name] for name in CONTENT if name in values},
            note=values.get("note"),
            excluded=self.excluded,
            named=self.named,
            exception=self.exception.values.get("exception"),
            exception_reason=self.exception.values.get("exception_reason"),
            relation=values.get("relation"),
        )


def read_sheet() -> Sheet:
    """Read the sheet from what was sent; what is missing puts it back to the step that asks for it."""
    form = request.form
    typed = dict(form.lists())
    service = form.get("service", "")
    service = service if service in lists.get("service") else ""
    unit_id = as_id(form.get("unit", ""))
    wanted = form.get("step", "service")
    step = _furthest(wanted if wanted in STEPS else "service", service, unit_id)
    return Sheet(
        step=step,
        missing=step if step != wanted else "",
        service=service,
        unit_id=unit_id,
        filled=_filled(service, typed) if wanted in ("check", "send") else _kept(form, service),
        exception=fill(parse(forms.EXCEPTION, typed)),
        excluded=frozenset(found for text in form.getlist("excluded") if (found := as_id(text))),
        named=as_id(form.get("named", "")),
    )


def _filled(service: str, typed: dict[str, list[str]]) -> Filled:
    return fill(parse(_questions(service), typed))


def _questions(service: str) -> list[Question]:
    return [question for section in forms.asked_for(service) for question in section]


def _kept(form: MultiDict[str, str], service: str) -> Filled:
    """Keep what was typed on a later page while an earlier step is changed."""
    names = {question.name for question in _questions(service)}
    return Filled(typed={name: texts for name, texts in form.lists() if name in names})


def _furthest(wanted: str, service: str, unit_id: UUID | None) -> str:
    if not service:
        return "service"
    if unit_id is None and wanted != "service":
        return "unit"
    return wanted


def as_id(text: str) -> UUID | None:
    """Return an id that was sent, or None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None

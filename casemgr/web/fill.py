"""A declared form on a page: what was typed, what is wrong beside each question, what can be stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from casemgr import i18n
from casemgr.questions import Answers, Form, Question, parse
from casemgr.questions.answers import typed_again
from casemgr.questions.declaration import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a page needs to show a form again, and a service to store it."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, Text] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Text] = field(default_factory=dict)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The lines of the error summary: field, then question and sentence, in the language of the page."""
        return [(name, self._line(name, problem)) for name, problem in self.problems.items()]

    def _line(self, name: str, problem: Text) -> str:
        words = str(getattr(problem, i18n.language()))
        label = self.labels.get(name)
        return f"{getattr(label, i18n.language())}: {words}" if label else words


def fill(answers: Answers) -> Filled:
    """Take over what `parse` read."""
    return Filled(
        typed=answers.typed, problems=answers.problems, values=answers.values, labels=answers.labels
    )


def sent_form(questions: Form | Iterable[Question]) -> Filled:
    """Read a form, or some questions, from what was sent."""
    asked = questions.questions() if isinstance(questions, Form) else questions
    return fill(parse(asked, dict(request.form.lists())))


def sent_version() -> int:
    """Return on which version of a record a form was opened; 0, which is none, for anything else."""
    return request.form.get("version", 0, type=int)


def fill_again(form: Form, values: Mapping[str, Any] | None = None) -> Filled:
    """Show a form empty, or with stored values as a person would type them."""
    return Filled(typed=typed_again(form.questions(), values or {}), values=dict(values or {}))

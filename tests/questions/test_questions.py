"""Declared forms: what is typed is kept, what is wrong is said, what is stored can be read again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr import clock
from casemgr.questions import (
    DECLINED,
    UNKNOWN,
    Document,
    Form,
    Kind,
    Question,
    Section,
    ShownIf,
    Text,
    parse,
    read_document,
    read_lines,
    write_document,
)
from casemgr.questions.answers import typed_again
from casemgr.questions.problems import PROBLEMS

LABEL = Text(vi="Câu hỏi", en="Question")


def ask(kind: Kind, **more) -> Question:
    codes = "risk_level" if kind in (Kind.CODE, Kind.CODES) else None
    return Question(name="q", kind=kind, label=LABEL, codes=codes, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (Kind.TEXT, "  nhà   bà ngoại ", "nhà bà ngoại"),
        (Kind.LONG_TEXT, "dòng một\r\n\r\ndòng hai", "dòng một\n\ndòng hai"),
        (Kind.NAME, "Nguye\u0302\u0303n  Thị Ẩn", "Nguyễn Thị Ẩn"),
        (Kind.PHONE, "0912 345 678", "+84912345678"),
        (Kind.NUMBER, "1.234", 1234),
        (Kind.YES_NO, "yes", "yes"),
        (Kind.CODE, "cao", "cao"),
        (Kind.DATE, "27/03/1990", "1990-03-27"),
        (Kind.PARTIAL_DATE, "03/1990", "1990-03"),
        (Kind.PARTIAL_DATE, "1990", "1990"),
        (Kind.TIME, "7h05", "07:05"),
        (Kind.TIME, "1405", "14:05"),
    ],
)
def test_an_answer_is_stored_in_one_form(kind, typed, stored):
    answers = parse([ask(kind)], {"q": [typed]})
    assert answers.is_valid
    assert answers.values == {"q": stored}


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        (Kind.NAME, "Lan 123", "name.characters"),
        (Kind.PHONE, "0912", "phone.length"),
        (Kind.IDENTITY_NUMBER, "12345", "identity_number.length"),
        (Kind.NUMBER, "nhiều", "number.characters"),
        (Kind.YES_NO, "maybe", "choice"),
        (Kind.CODE, "rất cao", "choice"),
        (Kind.CODES, "rất cao", "choice"),
        (Kind.DATE, "03/1990", "whole_date"),
        (Kind.DATE, "31/02/1990", "day"),
        (Kind.TIME, "25:00", "time"),
    ],
)
def test_what_cannot_be_stored_is_told_and_kept_as_typed(kind, typed, problem):
    answers = parse([ask(kind)], {"q": [typed]})
    assert answers.problems == {"q": PROBLEMS[problem]}
    assert answers.typed == {"q": [typed]}
    assert answers.values == {}


def test_a_day_in_the_future_is_refused_where_only_the_past_makes_sense():
    question = ask(Kind.DATE, past_only=True)
    with clock.frozen(datetime(2026, 6, 5, 3, tzinfo=UTC)):
        assert parse([question], {"q": ["05/06/2026"]}).is_valid
        assert parse([question], {"q": ["06/06/2026"]}).problems == {"q": PROBLEMS["future"]}


def test_a_required_answer_is_asked_for_only_when_the_form_is_complete():
    question = ask(Kind.TEXT, required=True)
    assert parse([question], {}).problems == {"q": PROBLEMS["required"]}
    assert parse([question], {}, complete=False).is_valid


@pytest.mark.parametrize("answer", [UNKNOWN, DECLINED])
def test_not_knowing_and_not_wanting_to_say_are_answers_of_sensitive_questions_only(answer):
    assert parse([ask(Kind.CODE, sensitive=True)], {"q": [answer]}).values == {"q": answer}
    assert not parse([ask(Kind.CODE)], {"q": [answer]}).is_valid


def test_the_answer_to_a_hidden_question_is_dropped():
    first = Question(name="has_child", kind=Kind.YES_NO, label=LABEL)
    second = Question(
        name="ages",
        kind=Kind.TEXT,
        label=LABEL,
        required=True,
        shown_if=ShownIf(question="has_child", values=frozenset({"yes"})),
    )
    hidden = parse([first, second], {"has_child": ["no"], "ages": ["3 và 5"]})
    assert hidden.values == {"has_child": "no"}
    assert parse([first, second], {"has_child": ["yes"]}).problems == {"ages": PROBLEMS["required"]}


@given(st.dictionaries(st.just("q"), st.lists(st.text(max_size=40), max_size=3)), st.sampled_from(Kind))
def test_whatever_is_typed_is_either_stored_or_told(typed, kind):
    answers = parse([ask(kind, sensitive=True)], typed)
    assert not (answers.values and answers.problems)
    again = typed_again([ask(kind, sensitive=True)], answers.values)
    assert parse([ask(kind, sensitive=True)], again).values == answers.values


def test_stored_answers_read_in_both_languages():
    question = ask(Kind.CODE)
    assert read_lines([question], {"q": "cao"}, "vi")[0].answer == "Cao"
    assert read_lines([question], {"q": "cao"}, "en")[0].answer == "High"


def test_an_identity_number_is_never_shown_whole():
    shown = read_lines([ask(Kind.IDENTITY_NUMBER)], {"q": "038190001234"}, "vi")[0].answer
    assert "190001" not in shown


def test_an_old_document_is_upgraded_step_by_step_when_it_is_opened():
    stored = write_document(Document(form="f", version=1, answers={"name": "A"}))
    upgrades = {
        ("f", 1): lambda answers: {"full_name": answers["name"]},
        ("f", 2): lambda answers: {**answers, "seen": "no"},
    }
    opened = read_document(stored, "f", 3, upgrades)
    assert opened == Document(form="f", version=3, answers={"full_name": "A", "seen": "no"})


def test_a_missing_step_between_versions_is_an_error_and_no_silent_loss():
    stored = write_document(Document(form="f", version=1, answers={"name": "A"}))
    with pytest.raises(KeyError):
        read_document(stored, "f", 2, {})


def test_a_form_cannot_ask_two_questions_of_one_name():
    section = Section(name="s", title=LABEL, questions=(ask(Kind.TEXT), ask(Kind.NUMBER)))
    with pytest.raises(ValueError, match="repeat"):
        Form(name="f", version=1, sections=(section,))


def test_a_text_needs_both_languages():
    with pytest.raises(ValueError, match="both languages"):
        Text(vi="Có", en="")


def test_an_answer_below_a_question_that_is_hidden_itself_is_dropped() -> None:
    yes = frozenset({"yes"})
    questions = [
        Question(name="first", kind=Kind.YES_NO, label=LABEL),
        Question(
            name="second",
            kind=Kind.YES_NO,
            label=LABEL,
            shown_if=ShownIf(question="first", values=yes),
        ),
        Question(
            name="third",
            kind=Kind.TEXT,
            label=LABEL,
            shown_if=ShownIf(question="second", values=frozenset({"yes"})),
            required=True,
        ),
    ]
    typed = {"first": ["no"], "second": ["yes"], "third": ["còn lại từ lần trước"]}

    assert parse(questions, typed).values == {"first": "no"}
    assert parse(questions, typed).is_valid
    assert parse(questions, typed | {"first": ["yes"]}).values == {
        "first": "yes",
        "second": "yes",
        "third": "còn lại từ lần trước",
    }

"""Papers of referrals: the marked copy of a unit, and the letter to one without accounts."""

from datetime import datetime
from typing import Any, Literal

from flask import Response, current_app

from casemgr import clock, i18n
from casemgr.i18n import gettext
from casemgr.letters.blocks import Slip, SlipRow
from casemgr.letters.pdf import write_slip
from casemgr.referrals import queries, service, words
from casemgr.text.phones import display_phone


def download(content: bytes, name: str, mimetype: str = "application/pdf") -> Response:
    """Give a file under a name that says nothing."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)


def print_copy(copy: service.Copy) -> bytes:
    """Set what a unit may read now, marked on every page with who drew it, when, and under which number."""
    bundle, moment = copy.bundle, _moment(copy.at)
    rows = [
        (gettext("Who asks"), bundle.from_unit),
        *words.paper_lines(bundle.offer, bundle.content),
        (gettext("Put right since it was sent"), ", ".join(words.field_names(bundle.corrected))),
    ]
    return write_slip(
        Slip(
            title=gettext("Copy for the unit that accepted"),
            code=copy.number,
            intro=(
                gettext(
                    "Drawn by %(person)s, %(unit)s, %(moment)s.",
                    person=copy.person,
                    unit=copy.unit,
                    moment=moment,
                ),
            ),
            rows=as_rows(rows),
            note=gettext(
                "Only for whoever helps. Not to be copied or passed on: another unit needs a new consent of "
                "the survivor. Destroy it when the help is over."
            ),
            watermark=f"{copy.number} · {copy.unit} · {copy.person} · {moment}",
            is_synthetic=is_synthetic(),
            language=language(),
        )
    )


def print_letter(letter: queries.LetterView, address: str) -> bytes:
    """Set the letter in plain words: what is asked, what to do, whom to phone; marked with its number."""
    moment = _moment(clock.now())
    rows = [
        (gettext("To"), letter.to_unit),
        (gettext("Who asks"), letter.from_unit),
        *words.paper_lines(letter.offer, letter.content),
        (gettext("Answer until"), _moment(letter.due_at)),
        (gettext("What your unit is asked to do"), _what_to_do(letter)),
        (
            gettext("Whom to phone"),
            f"{letter.from_unit}: {display_phone(letter.from_phone)}" if letter.from_phone else "",
        ),
        (gettext("How to answer"), _how_to_answer(letter, address)),
    ]
    return write_slip(
        Slip(
            title=gettext("Referral letter"),
            code=letter.number,
            intro=(
                gettext("Somebody needs the help of your unit. Please answer, even if the answer is no."),
            ),
            rows=as_rows(rows),
            note=gettext(
                "Confidential. Tell nobody who does not help, no relatives and no neighbours, and call no "
                "other number. Do not copy or pass this on. Destroy it when the help is over."
            ),
            watermark=" · ".join(filter(None, (letter.number, letter.to_unit, moment))),
            is_synthetic=is_synthetic(),
            language=language(),
        )
    )


def _what_to_do(letter: queries.LetterView) -> str:
    if letter.is_accepted:
        return str(gettext("Help as agreed. Then tell the sender who came and how it ended."))
    return str(
        gettext("Say whether your unit can help. After the yes the sender tells who comes, and where.")
    )


def _how_to_answer(letter: queries.LetterView, address: str) -> str:
    if address and letter.number:
        told = gettext(
            "By telephone; or at %(address)s with number %(number)s and the code told by telephone.",
            address=address,
            number=letter.number,
        )
        return str(told)
    return str(gettext("By telephone, at the number above."))


def as_rows(lines: list[tuple[str, str]]) -> tuple[SlipRow, ...]:
    """Return lines of a paper; what was not filled in leaves no gap."""
    return tuple(SlipRow(label=label, value=value) for label, value in lines if value)


def language() -> Literal["vi", "en"]:
    """Return the language of the page, in which its papers are set."""
    return "en" if i18n.language() == "en" else "vi"


def is_synthetic() -> bool:
    """Say whether the data of this installation is made up, which stands on every sheet."""
    settings: Any = current_app.extensions["casemgr.settings"]
    return bool(settings.synthetic)


def _moment(at: datetime) -> str:
    return clock.local(at).strftime("%d/%m/%Y %H:%M")

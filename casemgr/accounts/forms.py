"""Forms of sign-in and enrolment, with words of their own in both languages."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import AnyOf, EqualTo, InputRequired, Length

from casemgr.accounts import rules
from casemgr.i18n import gettext as _
from casemgr.i18n import lazy_gettext, ngettext

_TYPE_NAME = lazy_gettext("Type your sign-in name.")
_TYPE_PASSWORD = lazy_gettext("Type your password.")
_TYPE_CODE = lazy_gettext("Type the code.")
_TOO_LONG = lazy_gettext("This is longer than anything that can be right here.")


def _needed(message: Any, longest: int = 1000) -> list[Any]:
    return [InputRequired(message), Length(max=longest, message=_TOO_LONG)]


class SignInForm(FlaskForm):
    """Name and password."""

    name = StringField(validators=_needed(_TYPE_NAME, 100))
    password = PasswordField(validators=_needed(_TYPE_PASSWORD))


class CodeForm(FlaskForm):
    """A code of any kind."""

    code = StringField(validators=_needed(_TYPE_CODE, 100))


class PasswordForm(FlaskForm):
    """The password alone, to unlock or to confirm."""

    password = PasswordField(validators=_needed(_TYPE_PASSWORD))


class FirstSignInForm(FlaskForm):
    """Name and invitation code."""

    name = StringField(validators=_needed(_TYPE_NAME, 100))
    code = StringField(validators=_needed(_TYPE_CODE, 100))


class NewPasswordForm(FlaskForm):
    """A new password, typed twice so that a slip does not shut its owner out."""

    new = PasswordField(validators=_needed(lazy_gettext("Type a new password.")))
    again = PasswordField(
        validators=[EqualTo("new", lazy_gettext("The two passwords are not the same. Type both again."))]
    )


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    password = PasswordField(validators=_needed(lazy_gettext("Type your present password.")))


class FactorForm(FlaskForm):
    """Which second factor to set up."""

    kind = StringField(validators=[AnyOf(("app", "sheet"), lazy_gettext("Choose one of the two ways."))])


class KeptForm(FlaskForm):
    """The owner's word that the recovery codes are on paper."""

    kept = BooleanField(
        validators=[InputRequired(lazy_gettext("Print or write down the codes first, then tick the box."))]
    )


def errors_of(form: FlaskForm) -> list[tuple[str, str]]:
    """Return the mistakes in a form as the error summary shows them."""
    return [(name, str(messages[0])) for name, messages in form.errors.items() if messages and name]


def password_words(problem: str, *, is_administrator: bool) -> str:
    """Put into words why a new password is refused."""
    if problem == rules.TOO_SHORT:
        least = rules.SHORTEST_ADMINISTRATOR if is_administrator else rules.SHORTEST
        return str(
            _(
                "The password is too short: at least %(count)s signs. A few words in a row are easy to keep.",
                count=least,
            )
        )
    if problem == rules.TOO_LONG:
        return str(_("The password is too long: at most %(count)s signs.", count=rules.LONGEST))
    return str(
        _("This password is easy to guess: it is made of common words, rows of keys, years or your own name.")
    )


def wait_words(seconds: int) -> str:
    """Say how long to wait after too many wrong tries."""
    return str(
        ngettext(
            "Too many wrong tries. Wait %(num)s second, then try again.",
            "Too many wrong tries. Wait %(num)s seconds, then try again.",
            seconds,
        )
    )

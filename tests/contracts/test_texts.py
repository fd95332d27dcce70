"""Every text is there in Vietnamese, and no page holds a word that nobody can translate."""

import re

from tests.rig import source, texts

PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\{\w*\}")
VICTIM = re.compile(r"nạn\s+nhân", re.IGNORECASE)
OLD_FORMS = {"human_trafficking", "trafficking"}
"""Code lists and forms that quote a law which says "nạn nhân" in its title."""


def test_every_text_has_a_vietnamese_translation() -> None:
    translated = {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for catalogue in texts.list_catalogues().values()
        for message in catalogue
        if message.id and message.string and all(_forms(message.string)) and not message.fuzzy
    }
    missing = [
        f"{places[0]}: {message!r}"
        for message, places in texts.list_messages().items()
        if message not in translated
    ]
    assert not missing, "add to casemgr/translations/vi/<area>.po:\n" + "\n".join(sorted(missing))


def test_a_text_is_translated_alike_everywhere() -> None:
    known: dict[object, tuple[object, str]] = {}
    different = []
    for path, catalogue in texts.list_catalogues().items():
        for message in catalogue:
            key = str(message.id), message.context
            string, other = known.setdefault(key, (message.string, path.name))
            if message.id and string != message.string:
                different.append(f"{key[0]!r}: {other} has {string!r}, {path.name} has {message.string!r}")
    assert not different, "one text, one translation; say it differently in English:\n" + "\n".join(different)


def test_translations_keep_their_placeholders() -> None:
    broken = [
        f"{path.name}: {message.id!r} → {form!r}"
        for path, catalogue in texts.list_catalogues().items()
        for message in catalogue
        if message.id
        for form in _forms(message.string)
        if set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(_forms(message.id)[-1]))
        or (
            isinstance(message.id, str)
            and set(PLACEHOLDER.findall(message.id)) - set(PLACEHOLDER.findall(form))
        )
    ]
    assert not broken, "\n".join(broken)


def test_catalogues_hold_only_texts_that_are_used() -> None:
    used = set(texts.list_messages())
    unused = [
        f"{path.name}: {message.id!r}"
        for path, catalogue in texts.list_catalogues().items()
        for message in catalogue
        if message.id and (message.id if isinstance(message.id, str) else tuple(message.id)) not in used
    ]
    assert not unused, "remove, or mark the text where it stands with gettext or lazy_gettext:\n" + "\n".join(
        unused
    )


def test_nobody_is_called_a_victim() -> None:
    found = [
        f"{path.name}: {message.string!r}"
        for path, catalogue in texts.list_catalogues().items()
        for message in catalogue
        if any(VICTIM.search(form) for form in _forms(message.string))
    ]
    found += [
        f"{source.place(path)}: {row['vi']!r}"
        for path, row in texts.list_codes()
        if VICTIM.search(row["vi"]) and row["code"] not in OLD_FORMS
    ]
    found += [
        f"{source.place(path)}: {line.strip()}"
        for path in (*source.list_templates(), *(module.path for module in source.list_modules()))
        for line in path.read_text(encoding="utf-8").splitlines()
        if VICTIM.search(line)
    ]
    assert not found, 'write "người bị bạo lực":\n' + "\n".join(found)


def test_every_code_has_a_label_in_both_languages() -> None:
    missing = [
        f"{source.place(path)}: {row['code']}"
        for path, row in texts.list_codes()
        if not row["vi"].strip() or not row["en"].strip()
    ]
    assert not missing, "\n".join(missing)


def _forms(string: object) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)  # type: ignore[arg-type]

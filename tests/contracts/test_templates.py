"""Pages stay inside the strict content policy, translate every word, and carry the name of their view."""

import ast
import re

import pytest

from tests.rig import pages, source

FORBIDDEN = {
    r"\|\s*safe\b": "nothing is trusted to be HTML; build it with a macro",
    r"\bautoescape\b": "escaping is never switched off",
    r"\sstyle\s*=": "the content policy drops inline style; use a class",
    r"<style\b": "the content policy drops it; write it in static/css",
    r"\son[a-z]+\s*=\s*[\"']": "the content policy drops inline script; listen in static/js",
    r"<script\b(?![^>]*\ssrc=)": "the content policy drops inline script; write it in static/js",
    r"javascript:": "the content policy drops it",
    r"https?://(?!www\.w3\.org/)": "a page asks nothing of another host",
}
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = re.compile(r"""\s(?:title|alt|aria-label|placeholder|label|summary)=["']([^"'\x00]*)["']""")
SENTENCE = re.compile(r"^[^\W\d_a-z][^\W\d_A-Z]+(?:[ ,.?!:…].*)?$|^[^\W\d_]+ [^\W\d_]+ .*[.?!]$")
ATTRIBUTE = r"[\w-]+=\"[^\"]*\""
SAME_IN_EVERY_LANGUAGE = {"bv", "English", "Tiếng Việt"}
"""The mark of a hidden cell, and languages, which are called what their speakers call them."""
SAMPLES = {"gallery"}
"""Folders of pages that show made-up names to make the look of a component visible."""

templates = pytest.mark.parametrize("path", source.list_templates(), ids=source.place)


@templates
def test_page_stays_inside_the_content_policy(path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [
        f"{match.group()!r}: {why}"
        for pattern, why in FORBIDDEN.items()
        for match in re.finditer(pattern, text)
    ]
    assert not found, "\n".join(found)


@templates
def test_every_word_of_the_page_is_translated(path) -> None:
    markup = pages.markup(path)
    found = set(WORD.findall(re.sub(rf"<[^>]*>|{ATTRIBUTE}|&[a-z]+;", " ", markup)))
    found |= {text for text in SPOKEN.findall(markup) if WORD.search(text)}
    assert found <= SAME_IN_EVERY_LANGUAGE, f'write _("…") around: {found}'


@templates
def test_every_string_that_reads_like_a_sentence_is_translated(path) -> None:
    if path.parent.name in SAMPLES:
        return
    found = [
        f"line {line}: {text!r}"
        for line, text in pages.untranslated_strings(path)
        if SENTENCE.match(text) and text not in SAME_IN_EVERY_LANGUAGE
    ]
    assert not found, 'write _("…") around:\n' + "\n".join(found)


@templates
def test_every_form_that_changes_something_carries_the_token(path) -> None:
    text = path.read_text(encoding="utf-8")
    forms = re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL)
    bare = [form[:80] for form in forms if re.search(r"method=[\"']post", form) and "csrf" not in form]
    assert not bare, "put {{ csrf() }} into:\n" + "\n".join(bare)


MARKED = {"casemgr.i18n", "casemgr.dashboards.panels"}
"""Marks texts of our own catalogues, as Jinja's extension for translations does; their values are escaped;
and pictures of `letters.charts`, which the XML writer of the standard library has written and escaped."""


def test_python_builds_no_markup() -> None:
    found = [
        f"{module.name}: line {node.lineno}"
        for module in source.list_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Markup"
        if module.name not in MARKED
    ]
    assert not found, "markup is written in templates, where it is escaped:\n" + "\n".join(found)


def test_pages_carry_the_name_of_their_view() -> None:
    views: dict[str, set[str]] = {}
    for module in source.list_modules():
        if any(source.is_view(function) for function in module.functions()):
            names = {function.name.lstrip("_") for function in module.functions()}
            views.setdefault(module.feature, set()).update(names)
    astray = [
        f"{source.place(path)}: no view of casemgr.{path.parent.name} is called {path.stem}"
        for path in source.list_templates()
        if path.parent.name in views
        and not path.stem.startswith("_")
        and path.stem not in views[path.parent.name]
    ]
    assert not astray, "\n".join(astray)


def test_every_rendered_page_exists() -> None:
    known = {path.relative_to(source.TEMPLATES).as_posix() for path in source.list_templates()}
    missing = [
        f"{module.name}: {node.value}"
        for module in source.list_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"\w+/\w+\.html", node.value)
        and node.value not in known
    ]
    assert not missing, "\n".join(missing)


def test_every_page_is_used() -> None:
    texts = [module.text for module in source.list_modules()]
    texts += [path.read_text(encoding="utf-8") for path in source.list_templates()]
    used = set(re.findall(r"[\"'](\w+/\w+\.html)[\"']", "\n".join(texts)))
    unused = {path.relative_to(source.TEMPLATES).as_posix() for path in source.list_templates()} - used
    assert not unused, "nobody renders, extends or includes:\n" + "\n".join(sorted(unused))

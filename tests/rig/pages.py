"""Takes templates apart: the markup that is sent as it stands, and the strings inside expressions."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, nodes

from tests.rig.source import TEMPLATES

HOLE = "\x00"
TRANSLATES = {"_", "gettext", "ngettext", "lazy_gettext"}

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True
)


@cache
def parse(path: Path) -> nodes.Template:
    """Return the parsed template."""
    return _environment.parse(path.read_text(encoding="utf-8"))


def markup(path: Path) -> str:
    """Return what a template writes as it stands, with a hole for each expression."""
    return "".join(_written(parse(path)))


@cache
def _blocks_inside_tags() -> frozenset[str]:
    """Name the blocks with which a page fills an attribute of its layout."""
    names = set()
    for path in (TEMPLATES / "layouts").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for block in re.finditer(r"{%-?\s*block (\w+)", text):
            before = re.sub(r"{[%{#].*?[%}#]}", "", text[: block.start()], flags=re.DOTALL)
            if before.rfind("<") > before.rfind(">"):
                names.add(block[1])
    return frozenset(names)


def _written(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Block) and node.name in _blocks_inside_tags():
        return
    if isinstance(node, nodes.Output):
        yield from (part.data if isinstance(part, nodes.TemplateData) else HOLE for part in node.nodes)
        return
    for child in node.iter_child_nodes():
        yield from _written(child)


def untranslated_strings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each string of the template's expressions that is not handed to gettext, with its line."""
    return _strings(parse(path))


def _strings(node: nodes.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATES:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.lineno, node.value
    for child in node.iter_child_nodes():
        yield from _strings(child)

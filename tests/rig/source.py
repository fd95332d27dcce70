"""Reads the source of the product: its modules, functions, templates and committed files."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "casemgr"
TEMPLATES = ROOT / "templates"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module of the product, parsed."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def last_part(self) -> str:
        """The name of the module without those of its packages."""
        return self.name.rpartition(".")[2]

    @property
    def feature(self) -> str:
        """The package right below `casemgr`, or nothing for a module of its own."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 2 else ""

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def public_functions(self) -> Iterator[Function]:
        """The functions of the module itself that others may call."""
        return (
            node for node in self.tree.body if isinstance(node, Function) and not node.name.startswith("_")
        )

    def public_definitions(self) -> Iterator[Function | ast.ClassDef]:
        """The functions and classes of the module itself that others may use."""
        for node in self.tree.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                yield node


@cache
def list_modules() -> tuple[Module, ...]:
    """Return every module of the product."""
    paths = [*sorted(PACKAGE.rglob("*.py")), ROOT / "config.py"]
    return tuple(_parse(path) for path in paths)


def _parse(path: Path) -> Module:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    text = path.read_text(encoding="utf-8")
    return Module(name=name, path=path, text=text, tree=ast.parse(text))


def count_lines(function: Function) -> int:
    """Count the lines of a function from `def` to its end, its docstring aside."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def is_view(function: Function) -> bool:
    """Whether a function answers an address: it is decorated with a route of a blueprint."""
    routes = {"route", "get", "post", "put", "patch", "delete"}
    calls = [decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in routes for call in calls)


@cache
def list_templates() -> tuple[Path, ...]:
    """Return every template of a page."""
    return tuple(sorted(TEMPLATES.rglob("*.html")))


@cache
def list_committed() -> tuple[Path, ...]:
    """Return every file that is or would be committed; without git, every file outside hidden folders."""
    command = [
        "git",
        "-c",
        f"safe.directory={ROOT}",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not any(part.startswith(".") for part in path.parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def read_text(path: Path) -> str | None:
    """Return the text of a file, or None for a binary one."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def place(path: Path) -> str:
    """Return a path as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()

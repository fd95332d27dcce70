"""Modules and functions stay small enough to be read in one go, and everything public says what it is for."""

import ast

from tests.rig import source

MODULE_LINES = 400
FUNCTION_LINES = 50
VIEW_LINES = 20
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "base_classes", "stuff"}


def test_no_module_is_longer_than_400_lines() -> None:
    too_long = [
        f"{source.place(module.path)}: {lines} lines; make it a package of the same name"
        for module in source.list_modules()
        if (lines := len(module.text.splitlines())) > MODULE_LINES
    ]
    assert not too_long, "\n".join(too_long)


def test_no_function_is_longer_than_50_lines() -> None:
    too_long = [
        f"{module.name}.{function.name}: {lines} lines; name the steps and give each a function"
        for module in source.list_modules()
        for function in module.functions()
        if (lines := source.count_lines(function)) > FUNCTION_LINES
    ]
    assert not too_long, "\n".join(too_long)


def test_no_view_is_longer_than_20_lines() -> None:
    too_long = [
        f"{module.name}.{function.name}: {lines} lines; a view reads the request, asks a service, answers"
        for module in source.list_modules()
        for function in module.functions()
        if source.is_view(function) and (lines := source.count_lines(function)) > VIEW_LINES
    ]
    assert not too_long, "\n".join(too_long)


def test_everything_public_says_what_it_is_for() -> None:
    silent = [
        f"{module.name}: module" for module in source.list_modules() if not ast.get_docstring(module.tree)
    ]
    silent += [
        f"{module.name}.{node.name}"
        for module in source.list_modules()
        for node in module.public_definitions()
        if not ast.get_docstring(node)
    ]
    assert not silent, "give each a docstring of one plain sentence:\n" + "\n".join(silent)


def test_no_folder_or_module_has_a_name_that_means_anything() -> None:
    vague = [
        f"{module.name}: name it after the one thing that it is about"
        for module in source.list_modules()
        if VAGUE_NAMES & set(module.name.split("."))
    ]
    assert not vague, "\n".join(vague)

"""What is committed says nothing of the machine it was written on; parts from elsewhere are those chosen."""

import hashlib
import re
import tomllib

from tests.rig import source

TOP_LEVEL = {
    *(".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "pyproject.toml"),
    *("requirements.lock", "requirements-dev.lock", "config.py"),
    *("benchmarks", "casemgr", "migrations", "templates", "tests"),
}
# Written in pieces, so that this file does not find itself.
ADDRESSES = {
    "/" + "work/": "a folder of one machine",
    "/" + "farm/": "a folder of one machine",
    "/opt/" + "pypi": "a folder of one machine",
    "/opt/" + "wheels": "a folder of one machine",
    "/root/" + ".": "a folder of one machine",
    ".." + "/shared": "a folder beside this repository",
    "pypi" + ".org/simple": "a registry",
    "files.pythonhosted" + ".org": "a registry",
    "registry.npmjs" + ".org": "a registry",
    "index" + "-url": "a registry setting",
    "find" + "-links": "a registry setting",
}
MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|NotImplemented" + "Error")
REQUIREMENT = re.compile(r"^[a-z0-9][a-z0-9.-]*==[^\s;]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
FROM_ELSEWHERE = {".ttf", ".woff", ".woff2", ".otf"}


def test_top_level_holds_only_what_the_design_names() -> None:
    found = {path.relative_to(source.ROOT).parts[0] for path in source.list_committed()}
    assert found <= TOP_LEVEL, f"has no place at the top: {sorted(found - TOP_LEVEL)}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{source.place(path)}: {needle} ({why})"
        for path in source.list_committed()
        if (text := source.read_text(path))
        for needle, why in ADDRESSES.items()
        if needle in text
    ]
    assert not found, "\n".join(found)


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{source.place(path)}: {mark.group()}"
        for path in source.list_committed()
        if path.suffix in {".py", ".html", ".css", ".js", ".po", ".sh"} and (text := source.read_text(path))
        for mark in MARKS.finditer(text)
    ]
    assert not found, "do it now, or open an issue:\n" + "\n".join(found)


def test_locks_hold_versions_and_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (source.ROOT / name).read_text(encoding="utf-8").splitlines()
        odd = [line for line in lines if not REQUIREMENT.match(line) and not HASH.match(line)]
        assert not odd, f"{name}: write it with `make lock`: {odd[:3]}"


def test_every_library_of_the_program_is_in_both_locks() -> None:
    locks = {
        name: set(
            re.findall(r"^([a-z0-9.-]+)==", (source.ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        )
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[^A-Za-z0-9.-]", requirement)[0].lower() for requirement in project["dependencies"]}
    extra = {re.split(r"[^A-Za-z0-9.-]", name)[0] for name in project["optional-dependencies"]["dev"]}
    assert wanted <= locks["requirements.lock"], "run `make lock`"
    assert wanted | extra <= locks["requirements-dev.lock"], "run `make lock`"


def test_parts_from_elsewhere_are_the_ones_that_were_chosen() -> None:
    known = set()
    for listing in (path for path in source.list_committed() if path.name == "vendor.toml"):
        for part in tomllib.loads(listing.read_text(encoding="utf-8"))["file"]:
            path = listing.parent / part["name"]
            known.add(path)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert digest == part["sha256"], (
                f"{source.place(path)} is not the file that {source.place(listing)} names"
            )
    strangers = [
        source.place(path)
        for path in source.list_committed()
        if (path.suffix in FROM_ELSEWHERE or ".min." in path.name) and path not in known
    ]
    assert not strangers, "enter name, version, licence and sha256 in a vendor.toml beside:\n" + "\n".join(
        strangers
    )

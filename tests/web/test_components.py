"""The parts of pages on their own: they render, are labelled, tied together, readable and small."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rig.look import STATIC, TEMPLATES, Page, context_for, environment_for

COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
CODES = (400, 403, 404, 409, 413, 429, 500, 503)
CONTROLS = {"input", "select", "textarea"}


@pytest.fixture(params=["vi", "en"])
def gallery(request: pytest.FixtureRequest) -> Page:
    """The gallery page in one language."""
    template = environment_for(request.param).get_template("gallery/show_gallery.html")
    return Page(template.render(context_for(request.param)))


@pytest.fixture
def component() -> Callable[[str, str], Page]:
    """Render one expression that uses the macros of one file."""
    environment = environment_for("en")

    def render(file: str, expression: str) -> Page:
        source = f'{{% import "components/{file}.html" as part %}}{{{{ part.{expression} }}}}'
        return Page(environment.from_string(source).render())

    return render


def test_every_identifier_of_the_gallery_is_unique(gallery: Page) -> None:
    identifiers = gallery.attribute("id")

    assert sorted(identifiers) == sorted(set(identifiers))


def test_every_control_has_a_label_of_its_own(gallery: Page) -> None:
    labelled = gallery.attribute("for")

    for tag, attrs in gallery.elements:
        if tag in CONTROLS and attrs.get("type") not in {"hidden", "submit"}:
            assert labelled.count(attrs["id"]) == 1, attrs


def test_descriptions_and_names_point_at_something_on_the_page(gallery: Page) -> None:
    identifiers = set(gallery.attribute("id"))
    pointed = gallery.attribute("aria-describedby") + gallery.attribute("aria-labelledby")

    assert {target for several in pointed for target in several.split()} <= identifiers


def test_the_links_of_the_error_summary_lead_to_the_fields(
    component: Callable[[str, str], Page],
) -> None:
    summary = component("error_summary", 'error_summary([("born", "Wrong"), ("", "Expired")])')

    assert summary.attribute("href") == ["#born"]
    assert summary.attribute("tabindex") == ["-1"]
    assert "autofocus" in {name for _, attrs in summary.elements for name in attrs}


def test_an_error_summary_without_errors_shows_nothing(component: Callable[[str, str], Page]) -> None:
    assert component("error_summary", "error_summary([])").elements == []


@pytest.mark.parametrize(
    "expression",
    [
        'radios("risk", "Risk", [("high", "High"), ("low", "Low")], "low", error="Choose")',
        'checkboxes("risk", "Risk", [("high", "High"), ("low", "Low")], ["low"], error="Choose")',
        'code_select("risk", "Risk", [("high", "High"), ("low", "Low")], "low", error="Choose")',
    ],
)
def test_a_group_of_choices_names_its_error_and_keeps_the_choice(
    component: Callable[[str, str], Page], expression: str
) -> None:
    page = component("choice", expression)

    group = next(attrs for tag, attrs in page.elements if tag == "fieldset")
    assert "risk-error" in group["aria-describedby"].split()
    assert [attrs["value"] for tag, attrs in page.elements if "checked" in attrs] == ["low"]
    assert "risk" in page.attribute("id")


def test_more_than_seven_codes_become_a_select(component: Callable[[str, str], Page]) -> None:
    page = component(
        "choice", 'code_select("a", "A", [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8)], 3)'
    )

    assert [tag for tag, _ in page.elements if tag == "select"] == ["select"]
    assert [attrs["value"] for _, attrs in page.elements if "selected" in attrs] == ["3"]


def test_not_knowing_and_not_answering_are_choices_of_their_own(
    component: Callable[[str, str], Page],
) -> None:
    page = component("choice", 'yes_no("a", "A", "", unknown="~unknown", declined="~declined")')

    assert page.attribute("value") == ["yes", "no", "~unknown", "~declined"]


def test_what_was_typed_is_escaped(component: Callable[[str, str], Page]) -> None:
    page = component("field", """text("a", "A", '"><script>alert(1)</script>')""")

    assert [attrs["value"] for tag, attrs in page.elements if tag == "input"] == [
        '"><script>alert(1)</script>'
    ]
    assert "script" not in {tag for tag, _ in page.elements}


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (200, "3 hours 20 minutes left"),
        (1, "1 minute left"),
        (0, "due now"),
        (-60, "overdue by 1 hour"),
        (1500, "1 day 1 hour left"),
        (10080, "7 days left"),
    ],
)
def test_time_left_is_said_in_words(component: Callable[[str, str], Page], minutes: int, words: str) -> None:
    assert component("tag", f"due_words({minutes})").text == words


def test_a_table_has_heads_for_rows_and_columns(component: Callable[[str, str], Page]) -> None:
    page = component("table", 'table("T", ["Unit", {"label": "Sent", "number": true}], [["Police", 7]])')

    assert page.attribute("scope") == ["col", "col", "row"]
    assert page.attribute("data-label") == ["Sent"]


def test_a_post_button_carries_the_token(component: Callable[[str, str], Page]) -> None:
    page = component("button", 'post_button("Accept", "/accept", fields={"version": 3})')

    hidden = {attrs["name"]: attrs["value"] for tag, attrs in page.elements if tag == "input"}
    assert hidden["csrf_token"] == "token"
    assert hidden["version"] == "3"


def test_quick_exit_is_the_first_control_after_the_skip_link(gallery: Page) -> None:
    reached = [attrs.get("class", "") for tag, attrs in gallery.elements if tag in {"a", "button"}]

    assert reached[:2] == ["skip", "exit"]


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_error_page_says_what_happened_and_gives_the_number(
    locale: str, code: int, signed_in: bool
) -> None:
    template = environment_for(locale).get_template("errors/error.html")

    page = Page(
        template.render(context_for(locale, signed_in=signed_in), code=code, reason="", reference="7k2m")
    )

    assert "7k2m" in page.text
    assert [tag for tag, _ in page.elements].count("dt") == 3


def test_being_refused_reads_as_if_nothing_were_there() -> None:
    template = environment_for("vi").get_template("errors/error.html")

    refused, missing = (
        template.render(context_for("vi"), code=code, reason="", reference="") for code in (403, 404)
    )

    assert refused == missing


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("name", ["gallery/show_gallery.html", "errors/error.html"])
def test_the_window_title_is_neutral(locale: str, name: str) -> None:
    html = (
        environment_for(locale)
        .get_template(name)
        .render(context_for(locale), code=404, reason="", reference="")
    )

    assert re.findall(r"<title>(.*?)</title>", html)[0] == {"vi": "Công việc", "en": "Work"}[locale]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_every_component_file_begins_with_the_signatures_of_its_macros(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    opening = re.match(r"\{#-?(.*?)-?#\}", source, re.DOTALL)
    inner = {"option", "group", "cell", "span_words"}

    assert opening
    for macro in set(re.findall(r"\{%-? macro (\w+)\(", source)) - inner:
        assert f"{macro}(" in opening[1], macro


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _tokens() -> dict[str, str]:
    sheet = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    normal = sheet.split("@media", maxsplit=1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", normal))


TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "accent", "danger") for ground in ("paper", "ground")),
    *((tone, f"{tone}-soft") for tone in ("accent", "danger", "warn", "ok", "info")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "danger", "warn", "ok", "info")),
    *(("accent", f"{tone}-soft") for tone in ("danger", "warn", "ok", "info")),
    *(("paper", dark) for dark in ("accent", "accent-strong", "danger", "danger-strong", "ink", "ink-2")),
]


@pytest.mark.parametrize(("text", "behind"), TEXT_PAIRS)
def test_text_stands_out_from_what_is_behind_it(text: str, behind: str) -> None:
    tokens = _tokens()

    assert _contrast(tokens[text], tokens[behind]) >= 4.5


@pytest.mark.parametrize(
    ("edge", "behind"), [("edge", "paper"), ("edge", "ground"), ("focus", "ink"), ("ink", "ground")]
)
def test_edges_and_the_focus_ring_can_be_seen(edge: str, behind: str) -> None:
    tokens = _tokens()

    assert _contrast(tokens[edge], tokens[behind]) >= 3


def test_the_style_sheets_are_small_plain_and_fetch_nothing() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in sorted((STATIC / "css").glob("*.css")))

    assert len(gzip.compress(sheets.encode())) <= 15_000
    assert not re.search(r"@import|url\(|&", sheets)
    assert "outline: none" not in sheets.replace(
        "main:focus, h1:focus { outline: none; box-shadow: none; }", ""
    )


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_stay_small_and_write_no_markup(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert len(gzip.compress(source.encode())) <= 2_000
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage|sessionStorage", source
    )
    assert source.startswith("/*")

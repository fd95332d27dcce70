"""Walking through the application in a browser: which pages there are, and what is wrong with one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from casemgr.i18n import read_catalogue
from tests.rig.demonstration import Person

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 320, "height": 470}
"""So low that the bar below does not float, and axe sees no target half under it."""
DESK = {"width": 1280, "height": 900}
TITLES = {
    "vi": {"Công việc", "Lỗi: Công việc", "Lịch"},
    "en": {"Work", "Error: Work", "Calendar"},
}
TELLING = re.compile(
    r"violen|abus|victim|surviv|perpetr|rape|assault|bao.?luc|nan.?nhan|xam.?hai|[^\x21-\x7e]", re.IGNORECASE
)
"""What an address may not say to somebody who reads the browser's history."""
ENGLISH = re.compile(
    r"\b(the|and|of|with|is|are|was|were|has|have|this|that|not|for|from|your|you|by|which)\b"
)
"""Words that no Vietnamese sentence has."""

ASK = """addresses => Promise.all(addresses.map(async address => {
  const answer = await fetch(address);
  const file = answer.headers.get("content-disposition") || "";
  const kind = answer.headers.get("content-type") || "";
  const text = kind.startsWith("text/html") ? await answer.text() : (await answer.blob()).size ? "" : "empty";
  return { status: answer.status, url: new URL(answer.url).pathname, kind, file, text };
}))"""
READ = """() => {
  const words = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const text = node.data.replace(/\\s+/g, " ").trim(), element = node.parentElement;
    if (text && !element.closest("script, style, textarea, option, [translate='no']"))
      words.push([text, element.closest("[lang]").lang]);
  }
  for (const element of document.querySelectorAll("[aria-label], [alt], [title], [placeholder]"))
    for (const name of ["aria-label", "alt", "title", "placeholder"])
      if (element.getAttribute(name))
        words.push([element.getAttribute(name), element.closest("[lang]").lang]);
  return { title: document.title, lang: document.documentElement.lang, words };
}"""
OWN_FORM = """() => {
  const forms = [...document.querySelectorAll("main form[method=post]")];
  window.own = forms.find(form => new URL(form.action).pathname === location.pathname);
  return Boolean(window.own);
}"""
SEND = """() => {
  for (const field of window.own.elements) {
    if (["hidden", "submit"].includes(field.type) || !field.name) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = false;
    else field.value = ["text", "tel", "date", "number"].includes(field.type) ? "?" : "";
  }
  window.own.noValidate = true;
  window.own.requestSubmit(window.own.querySelector("button:not([type=button])"));
}"""
MANY = {"referrals.show_referral": 60, "referrals.list_referrals": 30, "cases.show_case": 30}
"""What looks so different in each of its states that only some of them lead on to further pages."""
LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server answered to a request without a screen."""

    endpoint: str
    address: str
    size: int
    is_page: bool
    file: str
    links: tuple[str, ...]


@dataclass(slots=True)
class Explorer:
    """Finds out which pages somebody can reach, following links, without showing them."""

    person: Person
    pages: Map
    most: int = 3
    """How many addresses of each endpoint are asked for."""
    found: dict[str, list[Answer]] = field(default_factory=dict)
    _asked: dict[str, set[str]] = field(default_factory=dict)

    def explore(self, *begins: str) -> None:
        """Follow links from these addresses until nothing new comes."""
        wave = list(begins)
        while wave:
            answers = self.ask(wave)
            wave = [link for answer in answers for link in answer.links]

    def ask(self, addresses: Iterable[str]) -> list[Answer]:
        """Ask for what is worth asking for; return what came that is new."""
        worth = [address for address in dict.fromkeys(addresses) if self._is_worth(address)]
        answers = []
        for begin in range(0, len(worth), 6):
            chunk = worth[begin : begin + 6]
            for address, one in zip(chunk, self.person.page.evaluate(ASK, chunk), strict=True):
                answer = self._judge(address, one)
                if answer is not None:
                    self.found.setdefault(answer.endpoint, []).append(answer)
                    answers.append(answer)
        return answers

    def guess(self, endpoints: Iterable[str]) -> None:
        """Ask for pages that nothing led to, with what stood in the addresses of those that were found."""
        places = self.pages.bind("localhost")
        known = [
            places.match(urlsplit(answer.address).path)[1]
            for answers in self.found.values()
            for answer in answers
        ]
        for endpoint in endpoints:
            wanted = next(self.pages.iter_rules(endpoint)).arguments
            fitting = [places.build(endpoint, values) for values in known if values.keys() == wanted]
            self.explore(*list(dict.fromkeys(fitting))[: self.most])

    def _is_worth(self, address: str) -> bool:
        rule = find_rule(self.pages, address)
        if rule is None or rule.endpoint == "static" or "next=" in address:
            return False
        asked = self._asked.setdefault(rule.endpoint, set())
        if address in asked or len(asked) >= MANY.get(rule.endpoint, self.most):
            return False
        asked.add(address)
        return True

    def _judge(self, address: str, one: dict[str, Any]) -> Answer | None:
        """Return the answer unless it was a refusal or led elsewhere; a lost server is an error."""
        rule = find_rule(self.pages, address)
        assert rule is not None
        assert one["status"] < 500, (address, one["status"])
        if one["status"] != 200 or one["url"] != urlsplit(address).path:
            return None
        return Answer(
            endpoint=rule.endpoint,
            address=address,
            size=len(one["text"]),
            is_page=one["kind"].startswith("text/html"),
            file=one["file"],
            links=tuple(LINK.findall(one["text"])),
        )

    def largest(self, endpoint: str) -> Answer:
        """Return the page of an endpoint on which there is most to see."""
        return max(self.found[endpoint], key=lambda answer: answer.size)


def find_rule(pages: Map, address: str) -> Rule | None:
    """Return the rule that answers an address by GET, or None."""
    try:
        rule, _ = pages.bind("localhost").match(urlsplit(address).path, "GET", return_rule=True)
    except HTTPException:
        return None
    return rule


def troubles_of(page: Page, language: str) -> list[str]:
    """Say what is wrong with the page on the screen, but for its width."""
    read = page.evaluate(READ)
    found = [f"language {read['lang']}"] if read["lang"] != language else []
    if read["title"] not in TITLES[language]:
        found.append(f"title {read['title']}")
    if telling := TELLING.search(urlsplit(page.url).path):
        found.append(f"the address says {telling[0]}")
    found += [f"not in {language}: {text}" for text in foreign_words(read["words"], language)]
    return found + axe_troubles(page)


def axe_troubles(page: Page) -> list[str]:
    """Say what axe finds."""
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(Axe().axe_script)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    result = page.evaluate("options => axe.run(options)", options)
    return [
        f"axe {rule['id']}: {node['html'][:200]}" for rule in result["violations"] for node in rule["nodes"]
    ]


def send_nonsense(page: Page) -> bool:
    """Send the page's own form with nothing chosen and nothing sensible written; say whether there is one."""
    if not page.evaluate(OWN_FORM):
        return False
    with page.expect_navigation():
        page.evaluate(SEND)
    return True


def sideways(page: Page) -> list[str]:
    """Say what stands out at the right on a phone."""
    wide: list[str] = page.evaluate("""() => {
      if (document.documentElement.scrollWidth <= innerWidth) return [];
      const wide = [...document.querySelectorAll("main *")].filter(
        element => element.getBoundingClientRect().right > innerWidth + 1);
      return ["sideways: " + (wide.at(-1)?.outerHTML ?? "the frame").slice(0, 200)];
    }""")
    return wide


def foreign_words(words: list[list[str]], language: str) -> Iterator[str]:
    """Yield texts of the other language that stand where this one should."""
    other = _texts()["en" if language == "vi" else "vi"]
    for text, marked in words:
        if marked == language and (text in other or (language == "vi" and ENGLISH.search(text))):
            yield text


@cache
def _texts() -> dict[str, frozenset[str]]:
    """Return the whole texts of the catalogue that only one language has."""
    catalogue: dict[Any, str] = vars(read_catalogue("vi"))["_catalog"]
    pairs = [(key[0] if isinstance(key, tuple) else key, text) for key, text in catalogue.items() if key]
    english, vietnamese = {key for key, _ in pairs}, {text for _, text in pairs}
    return {"en": frozenset(english - vietnamese), "vi": frozenset(vietnamese - english)}

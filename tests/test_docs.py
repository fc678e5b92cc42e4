"""Every link, path and module that the documents name exists."""

import re
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands
from procrastinate.contrib.django import app

from newsroom.paths import BASE_DIR

LINKS_ONLY = "CHANGELOG.md"  # it names what was there at the time
DOCUMENTS = sorted(
    path.relative_to(BASE_DIR).as_posix()
    for folder in (".", "docs", "devtools")
    for path in (BASE_DIR / folder).glob("*.md" if folder == "." else "**/*.md")
)
PACKAGES = ("newsroom", "subscriptions", "articles", "comments", "devtools", "tests")
FOLDERS = (*PACKAGES, "templates", "static", "deploy", "docs", "requirements", ".ci")

FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
PATH = re.compile(rf"(?<![\w./:@<-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*<>-]*(?:::\w+)?")
SOURCE = re.compile(r"[\w<>-]+(?:/[\w.*<>-]+)+\.(?:py|html|txt|css|js|vcl|md|sql)")
DOTTED = re.compile(rf"(?<![\w/.@-])(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+(?![\w/-])")
CHECK_ID = re.compile(r"\w+\.[EW]\d{3}")


def _text(document: str) -> str:
    return (BASE_DIR / document).read_text()


def _anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document."""
    found: dict[str, int] = {}
    anchors = set()
    for heading in re.findall(r"^#{1,6} (.+?)\s*$", FENCE.sub("", document.read_text()), re.M):
        slug = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{found[slug]}" if slug in found else slug)
        found[slug] = found.get(slug, 0) + 1
    return anchors


def _code(document: str) -> list[str]:
    text = _text(document)
    return [*FENCE.findall(text), *SPAN.findall(FENCE.sub("", text))]


def _exists(path: str) -> bool:
    """Return True if a file of the repository has this path; `<name>` and `*` stand for anything."""
    path, _, test = path.partition("::")
    pattern = re.sub(r"<[^>]*>", "*", path).rstrip("/.")
    found = list(BASE_DIR.glob(pattern))
    return bool(found) and (not test or f"def {test}(" in found[0].read_text())


def _resolves(name: str) -> bool:
    """Return True if the dotted name is a task, a module, or something that a module defines."""
    if name in app.tasks:  # a task keeps its name when its function moves
        return True
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = BASE_DIR.joinpath(*parts[:length])
        if path.is_dir() or path.with_suffix(".py").is_file():
            break
    else:
        return False
    if length == len(parts):
        return True
    thing: object = import_module(".".join(parts[:length]))
    for part in parts[length:]:
        if not hasattr(thing, part):
            return False
        thing = getattr(thing, part)
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    for target in (markdown or image for markdown, image in LINK.findall(FENCE.sub("", _text(document)))):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        there = (BASE_DIR / document).parent / path if path else BASE_DIR / document
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name != LINKS_ONLY])
def test_every_path_and_module_exists(document: str) -> None:
    for code in _code(document):
        paths = [*PATH.findall(code), *(source for source in [code] if SOURCE.fullmatch(source))]
        assert [path for path in paths if not _exists(path)] == []
        dotted = [name for name in DOTTED.findall(code) if not CHECK_ID.fullmatch(name)]
        assert [name for name in dotted if not _resolves(name)] == []


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name != LINKS_ONLY])
def test_every_command_exists(document: str) -> None:
    code = "\n".join(_code(document))
    targets = set(re.findall(r"^([\w-]+):", (BASE_DIR / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z][\w-]*)", code)) <= targets
    assert set(re.findall(r"manage\.py ([a-z]\w*)", code)) <= set(get_commands())


def test_the_table_of_questions_names_what_is_there() -> None:
    """A function or constant that a row of "Where is …?" names stands in a file that the row links to."""
    table = _text("CONTRIBUTING.md").partition("## Where is …?")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    for row in rows:
        linked = [path.partition("#")[0] for path, _ in LINK.findall(row) if not path.startswith("#")]
        assert linked, row
        text = "".join(_text(path) for path in linked if not path.endswith(".md"))
        names = [name.removesuffix("()") for name in SPAN.findall(row) if re.fullmatch(r"\w+(\(\))?", name)]
        assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []


def test_a_wrong_link_path_or_module_would_be_found() -> None:
    assert PATH.findall("see articles/nowhere.py and `tests/x.py::test_y`") == [
        "articles/nowhere.py",
        "tests/x.py::test_y",
    ]
    assert not _exists("articles/nowhere.py")
    assert not _exists("tests/test_docs.py::test_that_is_not_there")
    assert _exists("templates/<app>/*.html")
    assert not _resolves("newsroom.nowhere")
    assert not _resolves("newsroom.mail.post_a_letter")
    assert _resolves("newsroom.mail.send")
    assert "an-edition-is-one-row" in _anchors(BASE_DIR / "docs/decisions.md")

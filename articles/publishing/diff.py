"""The differences between two versions of an article, as lines that a person can read."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from articles.models import Author, Photo, Section, Topic, from_source
from articles.models.article import Article, Language
from articles.models.blocks import names_of
from articles.publishing.versions import Source

COMPARED_FIELDS = (
    "headline",
    "search_headline",
    "standfirst",
    "slug",
    "language",
    "supporters_first",
    "section",
    "topics",
    "authors",
    "lead_photo",
)
CONTEXT_PARAGRAPHS = 1  # unchanged ones, shown before and after a change
MIN_LIKENESS = 0.5  # 0 to 1: from here on, two paragraphs count as one that was rewritten
_TOKEN = re.compile(r"\s+|\[[^\]\s]*\]|\w+|[^\w\s]")


@dataclass(frozen=True)
class Span:
    """A piece of a line; `kind`: same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """A field, or a paragraph of the body (no label); `kind`: same, added, removed, changed, or skipped."""

    kind: str
    spans: list[Span]
    label: str = ""


def compare(old: Source, new: Source) -> list[Line]:
    """Return the fields that differ, then the changes of the body with a little of the text around them."""
    before, after = _fields(old), _fields(new)
    fields = [
        Line("changed", _compare_words(before[label], text), label)
        for label, text in after.items()
        if before[label] != text
    ]
    return fields + _shorten(_compare_paragraphs(_body(old), _body(new)))


def _fields(source: Source) -> dict[str, str]:
    labels = {name: str(Article._meta.get_field(name).verbose_name).capitalize() for name in COMPARED_FIELDS}  # type: ignore[union-attr]
    photo = Photo.objects.filter(pk=source["lead_photo"]).first() if source["lead_photo"] else None
    values: dict[str, Any] = {
        "headline": source["headline"],
        "search_headline": source["search_headline"],
        "standfirst": source["standfirst"],
        "slug": source["slug"],
        "language": Language(source["language"]).label,
        "supporters_first": f"{source['supporters_first']} hours" if source["supporters_first"] else "",
        "section": names_of(Section, [source["section"]]),
        "topics": names_of(Topic, source["topics"]),
        "authors": names_of(Author, source["authors"]),
        "lead_photo": photo or ("a photo that is gone" if source["lead_photo"] else ""),
    }
    return {labels[name]: str(value) for name, value in values.items()}


def _body(source: Source) -> list[str]:
    return [line for written in source["blocks"] for line in from_source(written).diff_lines()]


def _compare_paragraphs(old: list[str], new: list[str]) -> list[Line]:
    lines: list[Line] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line("same", [Span("same", text)]) for text in new[j:j_end]]
        else:
            lines += _match_paragraphs(old[i:i_end], new[j:j_end])
    return lines


def _match_paragraphs(old: list[str], new: list[str]) -> list[Line]:
    """Pair each new paragraph with the old one that it was made of, if there is one, in the order of the new."""
    lines: list[Line] = []
    left = list(old)
    for text in new:
        matches = [(_likeness(other, text), -place) for place, other in enumerate(left)]
        likeness, place = max(matches, default=(0.0, 0))
        if likeness < MIN_LIKENESS:
            lines.append(Line("added", [Span("added", text)]))
            continue
        lines += [Line("removed", [Span("removed", other)]) for other in left[:-place]]
        lines.append(Line("changed", _compare_words(left[-place], text)))
        left = left[1 - place :]
    return lines + [Line("removed", [Span("removed", other)]) for other in left]


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, _TOKEN.findall(old), _TOKEN.findall(new), autojunk=False).ratio()


def _compare_words(old: str, new: str) -> list[Span]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    spans: list[Span] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            spans.append(Span("same", "".join(after[j:j_end])))
        else:
            spans += [Span("removed", "".join(before[i:i_end]))] if i < i_end else []
            spans += [Span("added", "".join(after[j:j_end]))] if j < j_end else []
    return spans


def _shorten(lines: list[Line]) -> list[Line]:
    """Replace unchanged paragraphs by their number, but for those next to a change."""
    around = range(-CONTEXT_PARAGRAPHS, CONTEXT_PARAGRAPHS + 1)
    near = {place + step for place, line in enumerate(lines) if line.kind != "same" for step in around}
    shown: list[Line] = []
    skipped = 0
    for place, line in enumerate([*lines, None]):
        if line is not None and place not in near:
            skipped += 1
            continue
        if skipped:
            words = "1 paragraph is" if skipped == 1 else f"{skipped} paragraphs are"
            shown.append(Line("skipped", [Span("same", f"{words} the same.")]))
            skipped = 0
        if line is not None:
            shown.append(line)
    return shown

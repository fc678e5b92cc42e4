"""The HTML that an article's text may contain. All else is removed at each save, whichever way the text came in."""

import re
from html import unescape

import nh3

# The editor's buttons make what survives `sanitize`, and nothing else. H2 and H3: the headline is the page's H1.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "HardBreak": True,
    "History": True,
}
_cleaner = nh3.Cleaner(
    tags={"p", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "a", "br"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    clean_content_tags={"script", "style", "title", "template", "textarea", "svg", "math", "iframe"},
)
_NOTHING = re.compile(r"<(p|h2|h3|li|ul|ol|blockquote)>(?:\s|&nbsp;|<br>)*</\1>")
_SAME = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p"}
_SAME_TAG = re.compile(rf"<(/?)({'|'.join(_SAME)})(?=[\s>/])", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|h2|h3|li|blockquote|figcaption)>|<br>")


def sanitize(html: str) -> str:
    """Return the allowed part of `html`: paragraphs, two levels of headings, lists, quotes, links, bold and italic."""
    html = _SAME_TAG.sub(lambda tag: f"<{tag[1]}{_SAME[tag[2].lower()]}", html.replace("\0", ""))
    html = _cleaner.clean(html)
    while (shorter := _NOTHING.sub("", html)) != html:
        html = shorter
    return html.strip()


def to_text(html: str) -> str:
    """Return the words of clean HTML, a line for each block."""
    return re.sub(r"\n{2,}", "\n", unescape(_TAG.sub("", _BLOCK_END.sub("\n", html)))).strip()


def to_text_with_addresses(html: str) -> str:
    """Return the same with the address behind each link: a correction may have changed the address alone."""
    return to_text(_LINK.sub(r"\2 [\1]", html))


def beginning(html: str, paragraphs: int) -> str:
    """Return the first `paragraphs` of clean HTML, at most half of them, and nothing else (no headings, no photos)."""
    found = _PARAGRAPH.findall(html)
    return "\n".join(found[: min(paragraphs, len(found) // 2)])

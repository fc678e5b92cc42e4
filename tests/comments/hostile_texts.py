"""Texts that are made to break pages, or might. Each is (name, text)."""

from collections.abc import Iterator

LONG = 5_001
_EVENTS = ("onload", "onerror", "onclick", "onmouseover", "onfocus", "ontoggle", "onanimationstart", "onpointerenter")
_TAGS = [
    "script",
    "img",
    "svg",
    "iframe",
    "object",
    "embed",
    "link",
    "style",
    "base",
    "meta",
    "form",
    "input",
    "button",
    "textarea",
    "video",
    "audio",
    "source",
    "math",
    "details",
    "marquee",
    "template",
    "noscript",
    "title",
    "xmp",
    "plaintext",
    "body",
    "html",
    "frameset",
]
_SCHEMES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
    "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "file:///etc/passwd",
    "ftp://example.org/", "blob:https://example.org/1", "about:blank", "view-source:https://example.org", "mailto:a@example.org",
    "tel:+1", "intent://x#Intent;end", "chrome://settings", "//example.org/x", "\\\\example.org\\x", "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)", "%6Aavascript:alert(1)",
)  # fmt: skip
_LINKS = (
    "https://user:secret@example.org/", "https://example.org@evil.example/", "https://example.org\"onmouseover=alert(1)",
    "https://example.org'onmouseover='alert(1)", "https://example.org/><script>alert(1)</script>", "http://", "https://", "https://.",
    "https://..", "https://a", "https://[::1]/", "https://[::1", "https://example.org:99999/", "https://example.org:x/",
    "https://exa mple.org", "https://аррӏе.com/", "https://ｅｘａｍｐｌｅ.org/", "https://xn--80ak6aa92e.com/", "https://xn--a/",
    "https://example.org/\u202egpj.exe", "https://example.org/(a)(b)", "https://example.org/a).", "https://example.org/?a=1&b=2&amp;c",
    "https://example.org/%00", "https://example.org/#<svg/onload=alert(1)>", "https://☃.example/", "https://" + "a" * 300 + ".example",
    "https://" + ".".join("a" * 60 for _ in range(6)), "HTTPS://EXAMPLE.ORG", "https://example.org\\@evil.example",
    "https://0x7f000001/", "https://127.0.0.1/", "https://localhost/", "https://a.example" * 100,
)  # fmt: skip
_UNICODE = (
    "\u202eevil\u202c", "\u202a\u202b\u202d", "\u2066isolated, and never ended", "\u2067\u2066\u2068", "\u2069\u2069", "\u200e\u200f\u061c",
    "a" + "\u0301" * 500, "\u0489" * 200, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞", "\u0e47" * 100, "\u20e3" * 50, "\ufdfd" * 40, "𒐫" * 40, "\u115f\u1160",
    "\u3164\u2800\uffa0", "\u200b", "\u2060\ufeff", "a\u200bb\u200cc\u200dd", "\U000e0001\U000e0041", "\ufffe\uffff", "\U0010ffff",
    "\ue000", "👩‍👩‍👧‍👦" * 50, "🏳️‍🌈", "\u2028\u2029", "\x85", "\x0b\x0c", "\x1b[31mred", "\x07", "\x7f", "\x00", "a\x00b", "\x00<script>",
    "％00", "ﷺ", "ﬁ", "İıIi", "ß" * 30, "чоr", "раураl.com", "ɢoogle.com", "١٢٣", "हिन्दी में", "کٲشُر", "﴿ ﴾", "noon\u0653\u0654\u0655",
    "\u0600\u0601", "\u06dd", "مَرْحَبًا", "שָׁלוֹם", "abc עברית def", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)  # fmt: skip
_MARKUP = (
    "</p></div></article></section>", "<!--", "-->", "<![CDATA[", "]]>", "<?php echo 1; ?>", "<?xml version='1.0'?>", "<!DOCTYPE html>",
    "<", ">", "&", "<<", "<>", "< script>", "<scr<script>ipt>", "<script", "</script", "<script/xss>", "<a href=x", "<a href='", '"', "'", "`",
    "${alert(1)}", "{{ 7*7 }}", "{% load x %}", "{# x #}", "#{7*7}", "<%= 7*7 %>", "[[7*7]]", "@{7*7}", "*{7*7}", "';DROP TABLE comments_comment;--",
    "' OR 1=1 --", "\\", "\\u003cscript\\u003e", "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;b&amp;gt;", "&#60;script&#62;", "&notit;", "&#0;",
    "&#x110000;", "&#xD800;", "%3Cscript%3E", "+ADw-script+AD4-", "\\x3cscript\\x3e", "<b>bold</b>", "**bold**", "[a](javascript:alert(1))",
    "![x](https://example.org/x.png)", "http-equiv=refresh", "<p><p><p>", "\n" * 4000, "\r\n\r\n\r\n", "\r", "\t" * 1000, "a" * 4999, "é" * 5000,
    "<" * 5000, "&" * 5000, "\n\n".join("x" for _ in range(1500)), "=cmd|'/c calc'!A0", "@everyone", "+1", "-1", "%s%s%n", "%d", "{0}", "%(x)s",
    "../../../etc/passwd", "$(reboot)", "`reboot`", "null", "undefined", "NaN", "true", "0", "-0", "1e309", "None", "__proto__", "constructor",
)  # fmt: skip
_BYTES = (
    b"\xff\xfe\x3c",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"caf\xe9",
    b"\x80",
    b"\xfe\xff\x00<",
    b"%ff",
    b"\xc0\xbcscript\xc0\xbe",
)


def texts() -> Iterator[tuple[str, str]]:
    """Yield more than 200 texts."""
    for event in _EVENTS:
        yield f"event {event}", f"<img src=x {event}=alert(1)>"
        yield f"event {event} in svg", f"<svg/{event}=alert(1)>"
    for tag in _TAGS:
        yield f"tag {tag}", f"<{tag}>alert(1)</{tag}>"
        yield f"tag {tag} with an address", f"<{tag.upper()} src=javascript:alert(1) href=javascript:alert(1) data=x>"
    for scheme in _SCHEMES:
        yield f"scheme {scheme!r:.40}", scheme
        yield f"link with {scheme!r:.40}", f'<a href="{scheme}">look</a>'
    for number, text in enumerate((*_LINKS, *_UNICODE, *_MARKUP)):
        yield f"{number}: {text!r:.40}", text
    yield "too long", "x" * LONG
    yield "a tenth of a megabyte", "💣" * 25_000


def raw_bytes() -> tuple[bytes, ...]:
    """Return bytes that are no text in any encoding of ours."""
    return _BYTES

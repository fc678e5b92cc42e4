"""The one form of an e-mail address, so that one person is one person however the address was typed or pasted."""

import unicodedata

import idna

# Letters and marks that show nothing, beside those that Unicode calls format characters (Cf)
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))


def normalize_email(text: str) -> str:
    """Return the address without invisible characters, in lower case, with its domain in ASCII.

    Copied out of right-to-left text, an address often has marks of direction on it. RFC 5321 lets a server tell `Ann@`
    from `ann@`; none in use does.
    """
    local, at, domain = _visible(text).rpartition("@")
    return f"{local}{at}{normalize_domain(domain)}"


def normalize_domain(text: str) -> str:
    """Return a domain in lower case and ASCII (IDNA 2008, UTS 46). What cannot be one is left for a check to refuse."""
    domain = _visible(text)
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def _visible(text: str) -> str:
    kept = (c for c in text if c not in _INVISIBLE and unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).strip().lower()

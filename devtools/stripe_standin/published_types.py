"""Reads which keys Stripe publishes as required, optional and nullable, out of the npm package `stripe`.

The Python package calls everything `Optional` that may be null or may be left out; the types of the npm package of the
same version of the API tell the two apart. `published_keys.txt` is made from them, anew when the version changes:

    npm pack stripe@23.1.0 && tar xzf stripe-23.1.0.tgz
    python -m devtools.stripe_standin.published_types package/esm > devtools/stripe_standin/published_keys.txt

A line is a kind of object, or the path of a part in one, and its keys: `key?` may be left out, `key~` may be null.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_FILES = [
    "resources/Accounts",
    "resources/BalanceTransactions",
    "resources/BillingPortal/Configurations",
    "resources/BillingPortal/Sessions",
    "resources/Charges",
    "resources/Checkout/Sessions",
    "resources/Coupons",
    "resources/Customers",
    "resources/Discounts",
    "resources/Disputes",
    "resources/Events",
    "resources/InvoiceLineItems",
    "resources/InvoicePayments",
    "resources/Invoices",
    "resources/LineItems",
    "resources/PaymentIntents",
    "resources/PaymentMethods",
    "resources/Plans",
    "resources/Prices",
    "resources/Products",
    "resources/Radar/EarlyFraudWarnings",
    "resources/Refunds",
    "resources/SubscriptionItems",
    "resources/Subscriptions",
    "resources/WebhookEndpoints",
]
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_OPENS = re.compile(r"(?:export )?(?:declare )?(namespace|interface) (\w+)[^{]*\{$")
_KEY = re.compile(r"(?:'?)(\w+)(?:'?)(\?)?: (.*)$")
# Parts that the stand-in never sends: most ways to pay, most of an account.
_NOT_SENT = re.compile(
    r"(payment_method_details|payment_method_options|destination_details|payment_method)\.(?!card$|us_bank_account$)\w+$"
    r"|^account\.(?!settings|business_profile)|(card_issuing|paypay_payments|treasury|wallet)$"
    r"|(next_action|flow|presentment_details|invoice_creation|shipping_options|custom_fields)$"
)

Keys = dict[str, dict[str, tuple[str, str]]]


def read(text: str) -> Keys:
    """Return the keys of every interface, with their marks and types. The declarations have one line for each."""
    found: Keys = {}
    scopes: list[tuple[str, str]] = []
    for line in _COMMENT.sub("", text).splitlines():
        line = line.strip()
        if opened := _OPENS.match(line):
            scopes.append((opened[1], opened[2]))
            if opened[1] == "interface":
                found[_path(scopes)] = {}
        elif line.endswith("{"):
            scopes.append(("other", _of(scopes, line, found)))
        elif line.startswith("}"):
            scopes.pop()
        elif scopes and scopes[-1][0] == "interface":
            _of(scopes, line, found)
    return found


def _of(scopes: list[tuple[str, str]], line: str, found: Keys) -> str:
    """Record the key that a line declares."""
    key = _KEY.match(line)
    if scopes and scopes[-1][0] == "interface" and key:
        nullable = "~" if re.search(r"\bnull\b", key[3]) else ""
        found[_path(scopes)][key[1]] = ((key[2] or "") + nullable, key[3])
    return ""


def _path(scopes: list[tuple[str, str]]) -> str:
    return ".".join(name for _, name in scopes)


def table(folder: Path) -> list[str]:
    """Return the lines of the table: the objects of the files above, and all parts that these name."""
    lines: dict[str, str] = {}
    for file in _FILES:
        found = read((folder / f"{file}.d.ts").read_text())
        for name, keys in found.items():
            kind = re.match(r"'([\w.]+)'", keys.get("object", ("", ""))[1])
            if kind and "." not in name and not name.startswith("Deleted"):
                _add(lines, found, name, kind[1])
    return [f"{name}: {keys}" for name, keys in sorted(lines.items()) if keys]


def _add(lines: dict[str, str], found: Keys, name: str, shown: str) -> None:
    """Add an interface under the name of its kind and the path in it, and then its parts."""
    keys = {key: mark for key, mark in sorted(found[name].items()) if not mark[1].startswith(("void", "never"))}
    lines[shown] = " ".join(f"{key}{marks}" for key, (marks, _) in keys.items())
    for key, (_, written) in keys.items():
        parts = [part for word in re.findall(r"[\w.]+", written) if (part := _resolve(found, name, word))]
        if parts and not _NOT_SENT.search(f"{shown}.{key}"):
            _add(lines, found, parts[0], f"{shown}.{key}")


def _resolve(found: Keys, inside: str, word: str) -> str | None:
    """Return the interface that a type names, seen from inside another one."""
    scope = inside.split(".")[:-1]
    for depth in range(len(scope), -1, -1):
        name = ".".join([*scope[:depth], word])
        if name in found and "." in name:
            return name
    return None


if __name__ == "__main__":
    print("\n".join(table(Path(sys.argv[1]))))

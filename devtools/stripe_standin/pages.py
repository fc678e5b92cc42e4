"""Routes addresses to pages; holds the two small pages that have no module of their own."""

from __future__ import annotations

from . import collection, pay_page, portal_page
from .api import bring_up_to_date
from .app import App
from .forms import FormError, parse_pairs
from .html import STYLE, day, document, esc, not_found
from .money import format_amount
from .payment_objects import payment_method
from .store import Transaction
from .web import Request, Response, redirect


def handle(app: App, request: Request) -> Response:
    """Answer a browser's request."""
    if request.method == "GET" and request.path == "/style.css":
        return Response(200, STYLE, "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})
    folder, _, object_id = request.path.removeprefix("/").partition("/")
    if request.method == "GET" and folder in _SHOWN:
        bring_up_to_date(app)
        with app.transaction() as tx:
            return _SHOWN[folder](app, tx, object_id)
    if request.method == "POST" and folder in _ACTED:
        try:
            given = dict(parse_pairs(request.body.decode()))
        except (FormError, UnicodeDecodeError):
            return document(400, "Bad request", "<p>The form could not be read.</p>")
        bring_up_to_date(app)
        with app.transaction() as tx:
            return _ACTED[folder](app, tx, object_id, given)
    return not_found()


def _receipt(app: App, tx: Transaction, object_id: str) -> Response:
    """Return the page behind a charge's ``receipt_url``."""
    charge = tx.get(object_id, "charge")
    if charge is None:
        return not_found()
    amount = format_amount(charge["amount"], charge["currency"])
    to = charge["billing_details"]["email"]
    body = f'<p class="total">{esc(amount)}</p><p>Paid on {day(charge["created"])} by {esc(to)}.</p>'
    if charge["amount_refunded"]:
        body += f"<p>Refunded: {esc(format_amount(charge['amount_refunded'], charge['currency']))}.</p>"
    return document(200, "Receipt", body)


def _invoice(app: App, tx: Transaction, object_id: str) -> Response:
    """Return the page behind an invoice's ``hosted_invoice_url``."""
    invoice = tx.get(object_id, "invoice")
    if invoice is None:
        return not_found()
    lines = "".join(
        f"<li>{esc(line['description'])}: {esc(format_amount(line['amount'], line['currency']))}</li>"
        for line in invoice["lines"]["data"]
    )
    total = esc(format_amount(invoice["total"], invoice["currency"]))
    body = f'<ul>{lines}</ul><p class="total">Total: {total}</p><p>{esc(invoice["status"])}</p>'
    if invoice["status"] == "open":
        body += f'<form method="post" action="/invoices/{esc(object_id)}"><button>Pay</button></form>'
    return document(200, f"Invoice {invoice['number'] or ''}".strip(), body)


def _pay_invoice(app: App, tx: Transaction, object_id: str, given: dict[str, str]) -> Response:
    """Pay an open invoice with a good card and the customer present. A second press changes nothing."""
    invoice = tx.get(object_id, "invoice")
    if invoice is None:
        return not_found()
    if invoice["status"] == "open":
        customer = tx.get(invoice["customer"], "customer")
        assert customer is not None
        card = tx.put(payment_method(tx.now, customer["id"], customer["email"], customer["name"], None))
        collection.attempt(tx, invoice, card, present=True)
    return redirect(f"/invoices/{object_id}")


_SHOWN = {"pay": pay_page.show, "portal": portal_page.show, "receipts": _receipt, "invoices": _invoice}
_ACTED = {"pay": pay_page.act, "portal": portal_page.act, "invoices": _pay_invoice}

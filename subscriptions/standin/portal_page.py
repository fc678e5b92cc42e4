"""The portal page: a customer's subscriptions and invoices, with buttons to cancel and to stay."""

from __future__ import annotations

from .app import App
from .cancelling import end_at, end_with_period
from .html import day, document, esc, link, not_found
from .money import format_amount
from .store import Object, Transaction
from .subscription_object import period_end
from .web import Response, redirect


def show(app: App, tx: Transaction, session_id: str) -> Response:
    """The page of a portal session."""
    session = tx.get(session_id, "billing_portal.session")
    customer = tx.get(session["customer"], "customer") if session else None
    if session is None or customer is None:
        return not_found()
    subs = [s for s in tx.newest_first("subscription") if s["customer"] == customer["id"]]
    invoices = [i for i in tx.newest_first("invoice") if i["customer"] == customer["id"]]
    body = f"""<p>Signed in as {esc(customer["email"] or customer["id"])}.</p>
<h2>Subscriptions</h2>
{_listed([_subscription(session, sub) for sub in subs], "No subscriptions.")}
<h2>Invoices</h2>
{_listed([_invoice(invoice) for invoice in invoices], "No invoices.")}
{link(session["return_url"], "Back to the site")}"""
    return document(200, "Manage your support", body)


def act(app: App, tx: Transaction, session_id: str, given: dict[str, str]) -> Response:
    """Cancel a subscription at the end of its period, or take that back."""
    session = tx.get(session_id, "billing_portal.session")
    if session is None:
        return not_found()
    sub = tx.get(given.get("subscription", ""), "subscription")
    if sub is None or sub["customer"] != session["customer"] or sub["status"] == "canceled":
        return not_found()
    action = given.get("action")
    ending = _ends(sub) is not None
    # Pressed twice or in two windows: the second time there is nothing to change.
    if action == "cancel" and not ending:
        end_with_period(tx, sub, by_flag=False)
    elif action == "keep" and ending:
        end_at(tx, sub, None, by_flag=False)
    return redirect(f"/portal/{session_id}")


def _ends(sub: Object) -> int | None:
    """When a subscription is going to end, if it is."""
    end: int | None = sub["cancel_at"]
    return end


def _listed(items: list[str], otherwise: str) -> str:
    """A list, or a sentence when there is nothing."""
    if not items:
        return f"<p>{esc(otherwise)}</p>"
    return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"


def _subscription(session: Object, sub: Object) -> str:
    """A subscription with the one button that makes sense."""
    item = sub["items"]["data"][0]
    total = sum(i["price"]["unit_amount"] * i["quantity"] for i in sub["items"]["data"])
    interval = item["price"]["recurring"]["interval"]
    text = f"<p>{esc(format_amount(total, sub['currency']))} per {esc(interval)}: <strong>{esc(sub['status'])}</strong>"
    if sub["status"] == "canceled":
        return f"{text}, ended on {day(sub['ended_at'])}.</p>"
    end = _ends(sub)
    if end is not None:
        text += f", ends on {day(end)}.</p>"
        action, label = "keep", "Keep subscription"
    else:
        text += f", the period ends on {day(period_end(sub))}.</p>"
        action, label = "cancel", "Cancel subscription"
    return f"""{text}
<form method="post" action="/portal/{esc(session["id"])}">
<input type="hidden" name="subscription" value="{esc(sub["id"])}">
<button name="action" value="{action}">{label}</button>
</form>"""


def _invoice(invoice: Object) -> str:
    """One invoice, with its page."""
    amount = format_amount(invoice["total"], invoice["currency"])
    number = esc(invoice["number"] or invoice["id"])
    title = f'<a href="/invoices/{esc(invoice["id"])}">{number}</a>' if invoice["hosted_invoice_url"] else number
    return f"{title}: {esc(amount)}, {esc(invoice['status'])}, {day(invoice['created'])}"

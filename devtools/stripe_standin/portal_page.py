"""The portal page: a customer's subscriptions, card and invoices, with buttons to cancel, to stay and to pay."""

from __future__ import annotations

from . import collection, payment
from .app import App
from .cancelling import ENDED, end_at, end_now, end_with_period
from .errors import ApiError
from .html import day, document, esc, link, not_found
from .money import format_amount
from .payment_objects import payment_method
from .store import Object, Transaction
from .subscription_object import period_end, total
from .web import Response, redirect


def show(app: App, tx: Transaction, session_id: str, status: int = 200, problem: str = "") -> Response:
    """Return the page of a portal session."""
    session = tx.get(session_id, "billing_portal.session")
    customer = tx.get(session["customer"], "customer") if session else None
    if session is None or customer is None:
        return not_found()
    subs = [s for s in tx.newest_first("subscription") if s["customer"] == customer["id"]]
    invoices = [i for i in tx.newest_first("invoice") if i["customer"] == customer["id"] and i["status"] != "draft"]
    features = _features(tx, session)
    card = _card(session) if "payment_method_update" in features else ""
    bills = [_invoice(tx, session, invoice) for invoice in invoices] if "invoice_history" in features else []
    alert = f'<p class="problem" role="alert">{esc(problem)}</p>' if problem else ""
    body = f"""{alert}<p>Signed in as {esc(customer["email"] or customer["id"])}.</p>
<h2>Subscriptions</h2>
{_listed([_subscription(session, sub, features.get("subscription_cancel")) for sub in subs], "No subscriptions.")}
{card}
<h2>Invoices</h2>
{_listed(bills, "No invoices.")}
{link(session["return_url"], "Back to the site")}"""
    return document(status, "Manage your support", body)


def act(app: App, tx: Transaction, session_id: str, given: dict[str, str]) -> Response:
    """Do what the button says. A second press, also in another window, changes nothing."""
    session = tx.get(session_id, "billing_portal.session")
    customer = tx.get(session["customer"], "customer") if session else None
    if session is None or customer is None:
        return not_found()
    action = given.get("action", "")
    if action in _CARDS:
        _change_card(tx, customer, _CARDS[action][1])
        return redirect(f"/portal/{session_id}")
    if action == "pay":
        return _pay(app, tx, session_id, customer, given.get("invoice", ""))
    sub = tx.get(given.get("subscription", ""), "subscription")
    if sub is None or sub["customer"] != customer["id"] or sub["status"] in ENDED:
        return not_found()
    ending = _ends(sub) is not None
    cancelling = _features(tx, session).get("subscription_cancel")
    if action == "cancel" and cancelling and not (ending and cancelling["mode"] == "at_period_end"):
        why = _why(given) if cancelling["cancellation_reason"]["enabled"] else {}
        if cancelling["mode"] == "immediately":
            end_now(tx, sub, details=why)
        else:
            details = {**sub["cancellation_details"], **why}
            end_with_period(tx, sub, by_flag=False, also={"cancellation_details": details})
    elif action == "keep" and ending:
        end_at(tx, sub, None, by_flag=False)
    return redirect(f"/portal/{session_id}")


def _why(given: dict[str, str]) -> Object:
    """Return what the customer said about cancelling; at Stripe too, both may be left out."""
    return {name: given[name][:5000] for name in ("feedback", "comment") if given.get(name)}


_CARDS: dict[str, tuple[str, str | None]] = {
    "good_card": ("Change to a good card", None),
    "failing_card": ("Change to a card that fails later", "insufficient_funds"),
    "asking_card": ("Change to a card that asks for 3-D Secure", payment.AUTHENTICATION),
}


def _change_card(tx: Transaction, customer: Object, fails_with: str | None) -> None:
    """Set a new card for the customer and the running subscriptions. Open invoices are not charged at once."""
    method = tx.put(payment_method(tx.now, customer["id"], customer["email"], customer["name"], fails_with))
    tx.emit("payment_method.attached", method)
    settings = {**customer["invoice_settings"], "default_payment_method": method["id"]}
    tx.change(customer, {"invoice_settings": settings}, "customer.updated")
    for sub in list(tx.newest_first("subscription")):
        if sub["customer"] == customer["id"] and sub["status"] not in ENDED:
            tx.change(sub, {"default_payment_method": method["id"]}, "customer.subscription.updated")


def _pay(app: App, tx: Transaction, session_id: str, customer: Object, invoice_id: str) -> Response:
    """Pay an open invoice with the customer present, so that authentication succeeds."""
    invoice = tx.get(invoice_id, "invoice")
    if invoice is None or invoice["customer"] != customer["id"]:
        return not_found()
    try:
        if invoice["status"] == "open" and (refused := collection.attempt(tx, invoice, present=True)):
            return show(app, tx, session_id, 402, str(payment.decline(refused)["message"]))
    except ApiError as problem:
        return show(app, tx, session_id, problem.status, problem.message)
    return redirect(f"/portal/{session_id}")


def _features(tx: Transaction, session: Object) -> dict[str, Object]:
    """Return the features that this portal's configuration has on."""
    chosen = tx.get(session["configuration"], "billing_portal.configuration")
    assert chosen is not None
    return {name: feature for name, feature in chosen["features"].items() if feature["enabled"]}


def _card(session: Object) -> str:
    """Return the buttons of the cards to change to; no card number is ever typed."""
    buttons = "\n".join(f'<button name="action" value="{name}">{label}</button>' for name, (label, _) in _CARDS.items())
    form = f'<form method="post" action="/portal/{esc(session["id"])}"><div class="buttons">\n{buttons}\n</div></form>'
    return f"<h2>Card</h2>\n{form}"


def _ends(sub: Object) -> int | None:
    """Return when a subscription ends, or None."""
    end: int | None = sub["cancel_at"]
    return end


def _listed(items: list[str], otherwise: str) -> str:
    """Return a list, or a sentence when it is empty."""
    if not items:
        return f"<p>{esc(otherwise)}</p>"
    return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"


def _subscription(session: Object, sub: Object, cancelling: Object | None) -> str:
    """Return a subscription with the one button that makes sense."""
    text = f"<p>{esc(format_amount(total(sub), sub['currency']))}"
    if items := sub["items"]["data"]:
        text += f" per {esc(items[0]['price']['recurring']['interval'])}"
    text += f": <strong>{esc(sub['status'])}</strong>"
    if sub["status"] in ENDED:
        return f"{text}, ended on {day(sub['ended_at'])}.</p>"
    end, why = _ends(sub), ""
    if end is not None:
        text += f", ends on {day(end)}.</p>"
        action, label = "keep", "Keep subscription"
    else:
        text += f", the period ends on {day(period_end(sub))}.</p>"
        action, label = "cancel", "Cancel subscription"
        if not cancelling:
            return text
        if cancelling["cancellation_reason"]["enabled"]:
            why = _reasons(cancelling["cancellation_reason"]["options"])
    return f"""{text}
<form method="post" action="/portal/{esc(session["id"])}">
<input type="hidden" name="subscription" value="{esc(sub["id"])}">{why}
<button name="action" value="{action}">{label}</button>
</form>"""


def _reasons(options: list[str]) -> str:
    """Return what Stripe asks whoever cancels: there on a page of its own, here beside the button."""
    choices = "".join(f'<option value="{esc(name)}">{esc(name.replace("_", " "))}</option>' for name in options)
    return f"""
<p><label>Why do you cancel? <select name="feedback"><option value="">no answer</option>{choices}</select></label></p>
<p><label>Anything else? <textarea name="comment" rows="2"></textarea></label></p>"""


def _invoice(tx: Transaction, session: Object, invoice: Object) -> str:
    """Return an invoice with a link to its page, and its receipt or a button to pay it."""
    amount = format_amount(invoice["total"], invoice["currency"])
    number = esc(invoice["number"])
    text = f"""<a href="/invoices/{esc(invoice["id"])}">{number}</a>: {esc(amount)}, {esc(invoice["status"])}, """
    text += day(invoice["created"])
    if invoice["status"] == "open":
        return f"""{text}
<form method="post" action="/portal/{esc(session["id"])}">
<input type="hidden" name="invoice" value="{esc(invoice["id"])}">
<button name="action" value="pay" aria-label="Pay invoice {number}">Pay</button>
</form>"""
    intent = tx.get(str(invoice.get("_payment_intent")), "payment_intent")
    if invoice["status"] != "paid" or intent is None:
        return text
    return f"""{text}, <a href="/receipts/{esc(intent["latest_charge"])}" aria-label="Receipt {number}">receipt</a>"""

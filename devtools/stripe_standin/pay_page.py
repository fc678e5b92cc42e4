"""The checkout page: GET shows the order, POST does what a button says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from . import checkout, payment
from .app import App
from .html import document, esc, link, not_found
from .money import format_amount
from .params import is_email
from .store import Object, Transaction
from .web import Response, redirect


@dataclass(frozen=True)
class Visit:
    """A button pressed on an open session, with the form's values."""

    app: App
    tx: Transaction
    session: Object
    email: str
    name: str


def show(app: App, tx: Transaction, session_id: str) -> Response:
    """Return the page of a session."""
    session = tx.get(session_id, "checkout.session")
    if session is None:
        return not_found()
    if session["status"] != "open":
        return _over(session)
    details = session["customer_details"] or {}
    return _form(200, session, details.get("email") or "", details.get("name") or "")


def act(app: App, tx: Transaction, session_id: str, given: dict[str, str]) -> Response:
    """Do what the button says."""
    session = tx.get(session_id, "checkout.session")
    if session is None:
        return not_found()
    action = given.get("action", "")
    if checkout.waits_for_bank(session) and action in _BANK:
        checkout.settle(tx, session, action == "bank_pays")
        return redirect(f"/pay/{session_id}")
    if session["status"] == "complete" and action in _COMPLETING:
        # The same form sent twice: the first one did the work.
        return redirect(success_address(session))
    if session["status"] != "open":
        return _over(session)
    if action not in ACTIONS:
        return document(400, "Unknown button", link(f"/pay/{session_id}", "Back to the payment"))
    known = _known_email(session)
    email = known or given.get("email", "").strip()
    return ACTIONS[action](Visit(app, tx, session, email, given.get("name", "").strip()[:256]))


def success_address(session: Object) -> str:
    """Return the address after payment, with its placeholder replaced, also where it came encoded."""
    address = str(session["success_url"])
    for place in ("{CHECKOUT_SESSION_ID}", quote("{CHECKOUT_SESSION_ID}")):
        address = address.replace(place, session["id"])
    return address


def _pay(later: bool = False, secured: bool = False) -> Callable[[Visit], Response]:
    """Return a button that completes the session in one of the ways of `checkout.pay`."""

    def button(visit: Visit) -> Response:
        if not is_email(visit.email):
            return _form(
                400, visit.session, visit.email, visit.name, "Please enter a valid e-mail address.", wrong=True
            )
        if visit.session["customer"] and visit.tx.get(visit.session["customer"], "customer") is None:
            # What Stripe's page says then is not verified; it can hardly take the money.
            return _form(400, visit.session, visit.email, visit.name, "This customer was deleted: nothing can be paid.")
        done = checkout.pay(visit.tx, visit.session, visit.email, visit.name or None, later=later, secured=secured)
        return redirect(success_address(done))

    return button


def _pay_and_close(visit: Visit) -> Response:
    """Pay, and do not send the browser back to the site."""
    answer = _pay()(visit)
    if answer.status != 303:
        return answer
    return document(200, "Paid", "<p>You have paid, and you close this tab: the site is not opened again.</p>")


def _refuse(problem: str) -> Callable[[Visit], Response]:
    """Return a button with a card that is refused. The session stays open."""

    def button(visit: Visit) -> Response:
        checkout.decline(visit.tx, visit.session, visit.email, visit.name or None, problem)
        message = str(payment.decline(problem)["message"])
        return _form(402, visit.session, visit.email, visit.name, message)

    return button


def _back(visit: Visit) -> Response:
    if not visit.session["cancel_url"]:
        return _form(200, visit.session, visit.email, visit.name)
    return redirect(visit.session["cancel_url"])


ACTIONS: dict[str, Callable[[Visit], Response]] = {
    "pay": _pay(),
    "decline": _refuse("generic_decline"),
    "3ds_pass": _pay(secured=True),
    "3ds_fail": _refuse("payment_intent_authentication_failure"),
    "pay_later": _pay(later=True),
    "pay_and_close": _pay_and_close,
    "back": _back,
}
"""The buttons' actions."""

_COMPLETING = ("pay", "3ds_pass", "pay_later", "pay_and_close")
_BANK = ("bank_pays", "bank_refuses")


def _known_email(session: Object) -> str | None:
    """Return the address that the site gave, which the reader cannot change."""
    details = session["customer_details"] or {}
    email: str | None = details.get("email")
    return email


def _buttons(session: Object) -> str:
    """Return the buttons; Pay is the first, so that Enter means it."""
    shown = {
        "decline": "Decline",
        "3ds_pass": "3-D Secure pass",
        "3ds_fail": "3-D Secure fail",
        "pay_later": "Pay later",
        "pay_and_close": "Pay and close the tab",
    }
    if session["cancel_url"]:
        shown["back"] = "Back"
    buttons = ['<button class="first" name="action" value="pay">Pay</button>']
    for action, words in shown.items():
        check = "" if action in _COMPLETING else " formnovalidate"
        buttons.append(f'<button name="action" value="{action}"{check}>{words}</button>')
    return "\n".join(buttons)


def _form(
    status: int, session: Object, email: str, name: str, problem: str | None = None, wrong: bool = False
) -> Response:
    """Return the page of an open session."""
    lines = "\n".join(f"<li>{_line(line)}</li>" for line in session["_line_items"])
    total = format_amount(session["amount_total"], session["currency"])
    fixed = "readonly" if _known_email(session) else "required"
    alert = f'<p class="problem" id="problem" role="alert">{esc(problem)}</p>' if problem else ""
    marks = 'aria-invalid="true" aria-describedby="problem"' if wrong else ""
    body = f"""{alert}
<ul>
{lines}
</ul>
<p class="total">Total: {esc(total)}</p>
<form method="post" action="/pay/{esc(session["id"])}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" maxlength="512" autocomplete="email" value="{esc(email)}" {fixed} {marks}>
<label for="name">Name on the card (optional)</label>
<input id="name" name="name" maxlength="256" autocomplete="cc-name" value="{esc(name)}">
<div class="buttons">
{_buttons(session)}
</div>
</form>"""
    return document(status, "Checkout", body)


def _line(line: Object) -> str:
    """Return one line of the order."""
    amount = format_amount(line["amount_total"], line["currency"])
    recurring = line["price"]["recurring"]
    if recurring:
        count, unit = recurring["interval_count"], recurring["interval"]
        amount += f" every {unit}" if count == 1 else f" every {count} {unit}s"
    times = f" × {line['quantity']}" if line["quantity"] > 1 else ""
    return f"{esc(line['description'])}{times}: {esc(amount)}"


def _over(session: Object) -> Response:
    """Return the page of a session that is complete or expired, with the bank's answers while it waits for one."""
    if checkout.waits_for_bank(session):
        buttons = """<button name="action" value="bank_pays">The bank pays</button>
<button name="action" value="bank_refuses">The bank refuses</button>"""
        form = f'<form method="post" action="/pay/{esc(session["id"])}"><div class="buttons">{buttons}</div></form>'
        back = link(success_address(session), "Back to the site")
        return document(200, "On its way", f"<p>The bank has been asked and takes some days.</p>{form}{back}")
    if session["status"] == "complete":
        back = link(success_address(session), "Back to the site")
        if session["payment_status"] == "unpaid":
            return document(200, "Not paid", f"<p>The bank has refused, and nothing was paid.</p>{back}")
        return document(200, "Already paid", f"<p>This checkout is complete. Nothing is left to do.</p>{back}")
    back = link(session["cancel_url"] or session["success_url"].partition("?")[0], "Back to the site")
    return document(410, "Checkout expired", f"<p>This checkout has expired, and nothing was paid.</p>{back}")

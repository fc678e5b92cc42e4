"""Moves a checkout session on: paid, refused, waiting for the bank, expired. Each step is one transaction."""

from __future__ import annotations

from . import collection, cycle, payment
from .invoice_objects import invoice
from .objects import customer as new_customer
from .payment_objects import bank_account, payment_intent, payment_method
from .session_object import customer_details
from .store import Object, Transaction
from .subscription_object import subscription

EXPIRE = "expire"
SETTLE = "settle"

_BANK_TAKES = 4 * 86400
"""Seconds until a bank debit succeeds by itself: about four business days."""


def pay(
    tx: Transaction,
    session: Object,
    email: str,
    name: str | None,
    *,
    later: bool = False,
    secured: bool = False,
    fails_with: str | None = None,
) -> Object:
    """Complete an open session; the caller has checked that it is open.

    `later`: by a bank debit, whose money is not certain for days. `secured`: by a card that wanted 3-D Secure.
    `fails_with`: this time the card pays, and refuses later charges so.
    """
    customer = _customer(tx, session, email, name)
    customer_id = customer["id"] if customer else None
    if later:
        method = tx.put(bank_account(tx.now, customer_id, email, name))
    else:
        method = tx.put(payment_method(tx.now, customer_id, email, name, fails_with))
    if session["mode"] == "subscription":
        assert customer is not None
        outcome = _subscribe(tx, session, customer, method, "incomplete" if later else "active")
        intent = tx.get(outcome.pop("_payment_intent"), "payment_intent")
    else:
        intent = _intent(tx, session, customer_id)
        outcome = {"payment_intent": intent["id"]}
    assert intent is not None
    if later:
        payment.process(tx, intent, method)
    else:
        payment.succeed(tx, intent, method, secured)
        if "invoice" in outcome:
            collection.settle(tx, _invoice(tx, outcome))
    done = {
        **session,
        **outcome,
        "customer": customer_id,
        "customer_details": customer_details(email, name),
        "payment_status": "unpaid" if later else "paid",
        "status": "complete",
        "url": None,
    }
    tx.put(done)
    tx.unschedule(done["id"], EXPIRE)
    if later:
        tx.schedule(done["id"], SETTLE, tx.now + _BANK_TAKES)
    tx.emit("checkout.session.completed", done)
    return done


def decline(tx: Transaction, session: Object, email: str, name: str | None, problem: str) -> None:
    """Refuse the card. The session stays open; no subscription or invoice is created."""
    if session["mode"] != "payment":
        return
    intent = _intent(tx, session, session["customer"])
    payment.fail(tx, intent, tx.put(payment_method(tx.now, session["customer"], email or None, name)), problem)
    # Whether the session names its intent after a refusal is not verified; this one does.
    tx.put({**session, "payment_intent": intent["id"]})


def settle(tx: Transaction, session: Object, succeeded: bool) -> Object:
    """Settle a session that is complete and unpaid, as the bank has answered."""
    tx.unschedule(session["id"], SETTLE)
    bill = tx.get(str(session["invoice"]), "invoice")
    intent = tx.get(bill["_payment_intent"] if bill else session["payment_intent"], "payment_intent")
    assert intent is not None
    method = tx.get(intent["payment_method"], "payment_method")
    assert method is not None
    if succeeded:
        payment.succeed(tx, intent, method)
        if bill:
            collection.settle(tx, bill)
        done = tx.put({**session, "payment_status": "paid"})
        tx.emit("checkout.session.async_payment_succeeded", done)
        return done
    payment.fail(tx, intent, method, "insufficient_funds")
    if bill:
        collection.refuse(tx, bill, "insufficient_funds")
    tx.emit("checkout.session.async_payment_failed", session)
    # The outcome shows nowhere on the session, which stays complete and unpaid; this note is for the page.
    return tx.put({**session, "_bank_refused": True})


def settle_if_waiting(tx: Transaction, session: Object) -> None:
    """Settle it as paid: no control has said what the bank answers."""
    if waits_for_bank(session):
        settle(tx, session, True)


def waits_for_bank(session: Object) -> bool:
    """Return True while the session waits for the bank."""
    return session["status"] == "complete" and session["payment_status"] == "unpaid" and "_bank_refused" not in session


def expire(tx: Transaction, session: Object) -> Object:
    """Expire an open session."""
    done = tx.put({**session, "status": "expired", "url": None})
    tx.unschedule(done["id"], EXPIRE)
    if session["payment_intent"]:
        payment.cancel(tx, session["payment_intent"], "automatic")
    tx.emit("checkout.session.expired", done)
    return done


def expire_if_open(tx: Transaction, session: Object) -> None:
    """Expire the session if it is still open at its time."""
    if session["status"] == "open":
        expire(tx, session)


def _customer(tx: Transaction, session: Object, email: str, name: str | None) -> Object | None:
    """Return the session's customer, created now if the session asks for one; None for a guest."""
    if session["customer"]:
        return tx.get(session["customer"], "customer")
    if session["customer_creation"] != "always":
        return None
    made = tx.put(new_customer(tx.now, {"email": email, "name": name}))
    tx.emit("customer.created", made)
    return made


def _intent(tx: Transaction, session: Object, customer_id: str | None) -> Object:
    """Return the payment intent of a session in payment mode, created at the first attempt."""
    if known := tx.get(str(session["payment_intent"]), "payment_intent"):
        return known
    data = session["_payment_intent_data"]
    made = payment_intent(tx.now, session["amount_total"], session["currency"], customer_id, data)
    tx.emit("payment_intent.created", tx.put(made))
    return made


def _subscribe(tx: Transaction, session: Object, customer: Object, method: Object, status: str) -> Object:
    """Create a subscription with its first invoice; return the session's new values."""
    sub = subscription(tx.now, customer["id"], method["id"], session["_line_items"], session["_subscription_data"])
    draft = tx.put(invoice(tx, sub, customer, "subscription_create"))
    sub |= {"latest_invoice": draft["id"], "status": status}
    tx.put(sub)
    tx.emit("customer.subscription.created", sub)
    # The events show the invoice at each step, although all the steps happen at once.
    tx.emit("invoice.created", draft)
    waiting = collection.finalize(tx, draft)
    cycle.start(tx, sub)
    return {"subscription": sub["id"], "invoice": waiting["id"], "_payment_intent": waiting["_payment_intent"]}


def _invoice(tx: Transaction, outcome: Object) -> Object:
    found = tx.get(outcome["invoice"], "invoice")
    assert found is not None
    return found

"""What happens to a checkout session: it is paid, or it expires. Everything inside one transaction."""

from __future__ import annotations

from .invoice_objects import finalized, invoice, invoice_payment, paid
from .objects import customer as new_customer
from .payment_objects import charge as new_charge
from .payment_objects import payment_intent, payment_method
from .session_object import customer_details
from .store import Object, Transaction
from .subscription_object import subscription

EXPIRE = "expire"


def pay(tx: Transaction, session: Object, email: str, name: str | None, base_url: str) -> Object:
    """Complete an open session as a card payment that succeeds. The caller has checked that it is open."""
    customer = _customer(tx, session, email, name)
    method = tx.put(payment_method(tx.now, customer["id"] if customer else None, email, name))
    if session["mode"] == "subscription":
        assert customer is not None
        outcome = _subscribe(tx, session, customer, method, base_url)
    else:
        intent = payment_intent(
            tx.now, session["amount_total"], session["currency"], method, session["_payment_intent_data"]
        )
        _charge(tx, intent, method, base_url)
        outcome = {"payment_intent": intent["id"]}
    done = {
        **session,
        **outcome,
        "customer": customer["id"] if customer else None,
        "customer_details": customer_details(email, name),
        "payment_status": "paid",
        "status": "complete",
        "url": None,
    }
    tx.put(done)
    tx.unschedule(done["id"], EXPIRE)
    tx.emit("checkout.session.completed", done)
    return done


def expire(tx: Transaction, session: Object) -> Object:
    """Close an open session that nobody paid."""
    done = tx.put({**session, "status": "expired", "url": None})
    tx.unschedule(done["id"], EXPIRE)
    tx.emit("checkout.session.expired", done)
    return done


def run_due(tx: Transaction) -> None:
    """Do everything that world time has made due. Unknown actions are left for the code that knows them."""
    for object_id, action in tx.due():
        if action == EXPIRE:
            session = tx.get(object_id, "checkout.session")
            if session is not None and session["status"] == "open":
                expire(tx, session)
            else:
                tx.unschedule(object_id, action)


def _customer(tx: Transaction, session: Object, email: str, name: str | None) -> Object | None:
    """The customer of the session, made now if the session asks for one; None for a guest."""
    if session["customer"]:
        return tx.get(session["customer"], "customer")
    if session["customer_creation"] != "always":
        return None
    made = tx.put(new_customer(tx.now, {"email": email, "name": name}))
    tx.emit("customer.created", made)
    return made


def _charge(tx: Transaction, intent: Object, method: Object, base_url: str) -> None:
    """Store the payment with its charge, and tell of both."""
    charge = tx.put(new_charge(tx.now, intent, method, base_url))
    intent["latest_charge"] = charge["id"]
    tx.put(intent)
    tx.emit("payment_intent.succeeded", intent)
    tx.emit("charge.succeeded", charge)


def _subscribe(tx: Transaction, session: Object, customer: Object, method: Object, base_url: str) -> Object:
    """Begin a subscription and pay its first invoice; returns what the session says about it."""
    lines = session["_line_items"]
    sub = subscription(tx.now, customer["id"], method["id"], lines, session["_subscription_data"])
    names = {line["price"]["id"]: line["description"] for line in lines}
    draft = invoice(tx.now, sub, customer, "subscription_create", names, base_url)
    sub["latest_invoice"] = draft["id"]
    tx.put(sub)
    tx.emit("customer.subscription.created", sub)

    # The events show the invoice at each step, although all the steps happen at once.
    tx.emit("invoice.created", draft)
    waiting = finalized(tx.now, draft, customer)
    tx.emit("invoice.finalized", waiting)
    settled = tx.put(paid(tx.now, waiting))
    tx.emit("invoice.paid", settled)
    customer["next_invoice_sequence"] += 1
    customer["currency"] = sub["currency"]
    tx.put(customer)

    # As at Stripe, the metadata of the subscription is not copied to its payments.
    intent = payment_intent(
        tx.now, settled["amount_due"], sub["currency"], method, {"description": "Subscription creation"}, for_later=True
    )
    intent["payment_details"] = {"customer_reference": None, "order_reference": settled["id"]}
    tx.put(invoice_payment(tx.now, settled, intent["id"]))
    _charge(tx, intent, method, base_url)
    return {"subscription": sub["id"], "invoice": settled["id"]}

"""Collects an invoice: finalizes it, charges it, retries, and gives up in the end.

Smart Retries choose their moments by machine learning; Stripe's recommended setting is 8 tries within 2 weeks, and so
the stand-in tries on fixed days. After a hard decline Stripe does not try again until there is another card; the
stand-in makes no difference. What is done in the end is a setting, as at Stripe: ``cancel`` unless a control sets it.
"""

from __future__ import annotations

from . import payment
from .cancelling import end_now
from .errors import invalid
from .invoice_objects import finalized, invoice_payment, paid
from .payment_objects import payment_intent
from .store import GONE, Object, Transaction
from .subscription_object import next_period, period_end

FINALIZE = "finalize"
RETRY = "retry"

EXHAUSTED = "exhausted"
"""The name of the setting for what happens after the last failed attempt: one of `ENDINGS`."""
ENDINGS = ("cancel", "unpaid", "past_due", "pause")

FIRST_FAILURE = "first_failure"
"""The name of the setting for the first failed renewal: ``pause`` pauses the subscription instead of retrying."""

RETRY_DAYS = (1, 2, 3, 5, 7, 9, 11, 14)
"""Days after the first attempt."""

EXPIRE_INCOMPLETE = "expire_incomplete"
CYCLE = "cycle"

_DAY = 86400
_TO_COMPLETE = 23 * 3600


def finalize_if_draft(tx: Transaction, invoice: Object) -> None:
    """Finalize a draft after its hour, and charge it off session."""
    if invoice["status"] == "draft" and invoice["auto_advance"] and tx.get(invoice["customer"], "customer"):
        attempt(tx, finalize(tx, invoice))


def finalize(tx: Transaction, draft: Object) -> Object:
    """Give the invoice its number and its payment intent; return it open. One of zero is paid at once, by nothing."""
    customer = tx.get(draft["customer"], "customer")
    assert customer is not None
    waiting = finalized(tx.now, draft, customer)
    tx.put({**customer, "next_invoice_sequence": customer["next_invoice_sequence"] + 1, "currency": draft["currency"]})
    if waiting["amount_due"] == 0:
        tx.emit("invoice.finalized", tx.put(waiting))
        return settle(tx, waiting)
    reason = "Subscription creation" if draft["billing_reason"] == "subscription_create" else "Subscription update"
    # As at Stripe, the metadata of the subscription is not copied to its payments.
    intent = payment_intent(tx.now, waiting["amount_due"], waiting["currency"], customer["id"], {"description": reason})
    intent["setup_future_usage"] = "off_session"
    intent["payment_details"] = {"customer_reference": None, "order_reference": waiting["id"]}
    tx.put(intent)
    tx.emit("payment_intent.created", intent)
    tx.put(invoice_payment(tx.now, waiting, intent["id"]))
    waiting["_payment_intent"] = intent["id"]
    tx.put(waiting)
    tx.emit("invoice.finalized", waiting)
    return waiting


def attempt(tx: Transaction, invoice: Object, method: Object | None = None, present: bool = False) -> str | None:
    """Charge the invoice; return the reason of a refusal. With `present`, the bank may authenticate the customer."""
    if invoice["status"] == "paid":
        return None
    sub = subscription_of(tx, invoice)
    intent = _free_intent(tx, invoice)
    method = method or tx.get(str(sub["default_payment_method"]), "payment_method")
    assert method is not None
    problem = payment.confirm(tx, intent, method, present=present)
    if problem is None:
        settle(tx, invoice)
    else:
        refuse(tx, invoice, problem, counts=not present)
    return problem


def settle(tx: Transaction, invoice: Object) -> Object:
    """Mark the invoice paid. If it is the newest, the subscription is active again."""
    done = tx.put(paid(tx.now, invoice))
    tx.unschedule(done["id"], RETRY)
    if link := _close_link(tx, done, {"amount_paid": done["amount_paid"], "status": "paid"}, "paid_at"):
        tx.emit("invoice_payment.paid", link)
    tx.emit("invoice.paid", done)
    tx.emit("invoice.payment_succeeded", done)
    sub = subscription_of(tx, done)
    if sub["latest_invoice"] == done["id"] and _waits_for_money(sub):
        values: Object = {"status": "active", "status_details": GONE}
        if sub["status"] == "paused":
            values["items"] = _periods_up_to_now(tx, sub)
        after = tx.change(sub, values, "customer.subscription.updated")
        if sub["status"] == "paused":
            tx.emit("customer.subscription.resumed", after)
            tx.schedule(sub["id"], CYCLE, period_end(after))
    return done


def _periods_up_to_now(tx: Transaction, sub: Object) -> Object:
    """Return the items in the period of today: those that passed while the subscription was paused cost nothing."""
    items = sub["items"]["data"]
    while items and items[0]["current_period_end"] <= tx.now:
        items = [next_period(item, sub["billing_cycle_anchor"]) for item in items]
    return {**sub["items"], "data": items}


def _waits_for_money(sub: Object) -> bool:
    """Return True if a paid invoice makes it active: unless somebody paused it."""
    if sub["status"] == "paused":
        return bool(sub["status_details"]["paused"]["subscription"]["type"].endswith("payment_failure"))
    return sub["status"] in ("past_due", "unpaid", "incomplete")


def refuse(tx: Transaction, invoice: Object, problem: str, counts: bool = True) -> None:
    """Record a failed attempt. `counts` means that it was one of the automatic ones."""
    tried = int(invoice.get("_tries", 0)) + counts
    first = int(invoice.get("_first_try", tx.now))
    following = first + RETRY_DAYS[tried - 1] * _DAY if 0 < tried <= len(RETRY_DAYS) else None
    if not counts:
        following = invoice["next_payment_attempt"]
    failed = tx.put(
        {
            **invoice,
            "attempt_count": invoice["attempt_count"] + 1,
            "attempted": True,
            "auto_advance": following is not None,
            "next_payment_attempt": following,
            "_tries": tried,
            "_first_try": first,
        }
    )
    if problem == payment.AUTHENTICATION:
        tx.emit("invoice.payment_action_required", failed)
    tx.emit("invoice.payment_failed", failed)
    sub = subscription_of(tx, failed)
    if sub["status"] == "incomplete":
        # Never retried. There are 23 hours in which it can be paid by hand.
        tx.schedule(sub["id"], EXPIRE_INCOMPLETE, max(tx.now, sub["created"] + _TO_COMPLETE))
        return
    if sub["status"] == "active" and counts and tx.setting(FIRST_FAILURE) == "pause":
        tx.put({**failed, "auto_advance": False, "next_payment_attempt": None})
        pause(tx, sub, "first_payment_failure")
        return
    if sub["status"] == "active":
        sub = tx.change(sub, {"status": "past_due"}, "customer.subscription.updated")
    if not counts:
        return
    if following is not None:
        tx.schedule(failed["id"], RETRY, following)
    elif sub["status"] == "past_due":
        _give_up(tx, sub)


def retry(tx: Transaction, invoice: Object) -> None:
    """Charge the invoice again, unless it was settled or given up meanwhile."""
    if invoice["status"] == "open" and invoice["auto_advance"]:
        attempt(tx, invoice)


def expire_incomplete(tx: Transaction, sub: Object) -> None:
    """Expire the subscription: its first payment did not come in time."""
    if sub["status"] == "incomplete":
        invoice = tx.get(sub["latest_invoice"], "invoice")
        assert invoice is not None
        tx.change(sub, {"status": "incomplete_expired", "ended_at": tx.now}, "customer.subscription.updated")
        void(tx, invoice)


def void(tx: Transaction, invoice: Object) -> Object:
    """Void the invoice."""
    intent = _free_intent(tx, invoice)
    tx.unschedule(invoice["id"], RETRY)
    transitions = {**invoice["status_transitions"], "voided_at": tx.now}
    values = {"status": "void", "auto_advance": False, "next_payment_attempt": None, "status_transitions": transitions}
    done = tx.put({**invoice, **values})
    payment.cancel(tx, intent["id"], "void_invoice")
    _close_link(tx, done, {"status": "canceled"}, "canceled_at")
    tx.emit("invoice.voided", done)
    return done


def _free_intent(tx: Transaction, invoice: Object) -> Object:
    """Return the payment intent of an invoice. Raises while a bank is processing it."""
    intent = tx.get(invoice["_payment_intent"], "payment_intent")
    assert intent is not None
    if intent["status"] == payment.PROCESSING:
        raise invalid("A payment of this invoice is being processed.", code="payment_intent_unexpected_state")
    return intent


def _close_link(tx: Transaction, invoice: Object, values: Object, moment: str) -> Object | None:
    """Settle the open link between an invoice and its payment intent. One paid outside Stripe, or of zero, has none."""
    links = [found for found in tx.newest_first("invoice_payment") if found["invoice"] == invoice["id"]]
    link = next((found for found in links if found["status"] == "open" and found["is_default"]), None)
    if link is None:
        return None
    return tx.put({**link, **values, "status_transitions": {**link["status_transitions"], moment: tx.now}})


def subscription_of(tx: Transaction, invoice: Object) -> Object:
    """Return the invoice's subscription; the stand-in has no other invoices."""
    sub = tx.get(invoice["parent"]["subscription_details"]["subscription"], "subscription")
    assert sub is not None
    return sub


def _give_up(tx: Transaction, sub: Object) -> None:
    """Do what the settings say after the last failed attempt."""
    match tx.setting(EXHAUSTED) or "cancel":
        case "cancel":
            end_now(tx, sub, "payment_failed")
        case "unpaid":
            tx.change(sub, {"status": "unpaid"}, "customer.subscription.updated")
        case "pause":
            pause(tx, sub, "final_payment_failure")


def pause(tx: Transaction, sub: Object, reason: str) -> Object:
    """Pause the subscription: no period and no invoice until it is resumed."""
    subscription = {"type": reason}
    details = {"paused": {"subscription": subscription, "transitioned_at": tx.now, "type": "subscription"}}
    paused = tx.change(sub, {"status": "paused", "status_details": details}, "customer.subscription.updated")
    tx.emit("customer.subscription.paused", paused)
    return paused

"""Charges a payment intent: it succeeds, is refused, needs authentication, or waits days for the bank."""

from __future__ import annotations

from .balance import record
from .payment_objects import charge
from .store import Object, Transaction, public

AUTHENTICATION = "authentication_required"
"""The code of a bank that wants the customer authenticated."""

PROCESSING = "processing"

_MESSAGES = {
    AUTHENTICATION: "Your card was declined. This transaction requires authentication.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "payment_intent_authentication_failure": "We are unable to authenticate your payment method.",
}
_OWN_CODES = ("expired_card", "incorrect_cvc", "processing_error", "payment_intent_authentication_failure")


def confirm(tx: Transaction, intent: Object, method: Object, *, present: bool) -> str | None:
    """Charge the intent; return the reason of a refusal. Authentication succeeds when the customer is present."""
    problem: str | None = method.get("_fails_with")
    if problem == AUTHENTICATION and present:
        problem = None
    if problem is None:
        succeed(tx, intent, method, secured=method.get("_fails_with") == AUTHENTICATION)
    else:
        fail(tx, intent, method, problem)
    return problem


def succeed(tx: Transaction, intent: Object, method: Object, secured: bool = False) -> Object:
    """Mark the intent as paid."""
    made = _charge(tx, intent, method, "succeeded")
    if secured and made["payment_method_details"]["type"] == "card":
        made["payment_method_details"]["card"]["three_d_secure"] = _SECURED
    fee = made["amount"] * 29 // 1000 + 30
    made["balance_transaction"] = record(tx, made["amount"], "charge", made["id"], currency=made["currency"], fee=fee)
    tx.put(made)
    done = tx.put(
        {
            **intent,
            "amount_received": intent["amount"],
            "last_payment_error": None,
            "latest_charge": made["id"],
            "next_action": None,
            "payment_method": method["id"],
            "payment_method_types": [method["type"]],
            "status": "succeeded",
        }
    )
    tx.emit("charge.succeeded", made)
    tx.emit("payment_intent.succeeded", done)
    return done


def fail(tx: Transaction, intent: Object, method: Object, problem: str) -> Object:
    """Mark the intent as refused; it waits for another card, or for authentication."""
    made = _charge(tx, intent, method, "failed")
    error = decline(problem)
    made |= {"failure_code": error["code"], "failure_message": error["message"]}
    made["outcome"] = {
        **made["outcome"],
        "network_status": "declined_by_network",
        "reason": problem,
        "seller_message": "The bank returned the decline code.",
        "type": "issuer_declined",
    }
    tx.put(made)
    wants_person = problem == AUTHENTICATION
    done = tx.put(
        {
            **intent,
            "last_payment_error": {**error, "charge": made["id"], "payment_method": public(method)},
            "latest_charge": made["id"],
            "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}} if wants_person else None,
            "payment_method": method["id"] if wants_person else None,
            "status": "requires_action" if wants_person else "requires_payment_method",
        }
    )
    tx.emit("charge.failed", made)
    if wants_person:
        tx.emit("payment_intent.requires_action", done)
    tx.emit("payment_intent.payment_failed", done)
    return done


def process(tx: Transaction, intent: Object, method: Object) -> Object:
    """Leave the intent with the bank, which answers in a few days."""
    made = tx.put(_charge(tx, intent, method, "pending"))
    done = tx.put(
        {
            **intent,
            "latest_charge": made["id"],
            "payment_method": method["id"],
            "payment_method_types": [method["type"]],
            "status": PROCESSING,
        }
    )
    tx.emit("charge.pending", made)
    tx.emit("payment_intent.processing", done)
    return done


def cancel(tx: Transaction, intent_id: str, reason: str) -> None:
    """Cancel the intent."""
    intent = tx.get(intent_id, "payment_intent")
    if intent is None or intent["status"] in ("succeeded", "canceled"):
        return
    done = tx.put({**intent, "status": "canceled", "canceled_at": tx.now, "cancellation_reason": reason})
    tx.emit("payment_intent.canceled", done)


def decline(problem: str) -> Object:
    """Return a refusal in Stripe's words: a code of its own, or the bank's code under ``card_declined``."""
    own = problem in _OWN_CODES or problem == AUTHENTICATION
    error: Object = {
        "code": problem if own else "card_declined",
        "message": _MESSAGES.get(problem, "Your card was declined."),
        "type": "card_error",
    }
    if not own or problem == AUTHENTICATION:
        error["decline_code"] = problem
    return error


def _charge(tx: Transaction, intent: Object, method: Object, status: str) -> Object:
    """Return the charge of this attempt. A pending one gets the bank's answer, and stays the same charge."""
    known = tx.get(str(intent["latest_charge"]), "charge")
    if known is not None and known["status"] == "pending":
        taken = status == "succeeded"
        return {**known, "status": status, "paid": taken, "amount_captured": known["amount"] if taken else 0}
    return charge(tx.now, intent, method, status, tx.base_url)


_SECURED = {
    "authentication_flow": "challenge",
    "electronic_commerce_indicator": "05",
    "exemption_indicator": None,
    "result": "authenticated",
    "result_reason": None,
    "transaction_id": None,
    "version": "2.2.0",
}

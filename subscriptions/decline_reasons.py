"""Six plain sentences for why a card was refused. Stripe and the banks have about forty codes for it.

Source of the codes: docs.stripe.com/declines/codes. “Stolen” and “fraudulent” read as a plain refusal.
"""

from enum import StrEnum


class DeclineReason(StrEnum):
    REFUSED = "refused"
    FUNDS = "funds"
    EXPIRED = "expired"
    DETAILS = "details"
    CONFIRM = "confirm"
    AGAIN = "again"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]

    @classmethod
    def of(cls, code: str | None, decline_code: str | None = None) -> "DeclineReason":
        """Return the reason for Stripe's code and, if there is one, the bank's own."""
        return _BY_CODE.get(decline_code or "") or _BY_CODE.get(code or "") or cls.REFUSED


_SENTENCES = {
    DeclineReason.REFUSED: "Your bank refused the card without saying why. Please ask your bank, or use another card.",
    DeclineReason.FUNDS: "There was not enough money on the card. Please use another one, or try again later.",
    DeclineReason.EXPIRED: "The card has expired. Please use another one.",
    DeclineReason.DETAILS: (
        "A number on the card was not right. Please check the card's number, date and security code."
    ),
    DeclineReason.CONFIRM: "Your bank wants you to confirm the payment. Please pay once more and follow your bank.",
    DeclineReason.AGAIN: "Your bank could not be reached. Nothing is wrong with your card: please try again later.",
}

_CODES = {
    DeclineReason.FUNDS: "insufficient_funds card_velocity_exceeded withdrawal_count_limit_exceeded",
    DeclineReason.EXPIRED: "expired_card",
    DeclineReason.DETAILS: (
        "incorrect_number invalid_number incorrect_cvc invalid_cvc incorrect_zip incorrect_address "
        "invalid_expiry_month invalid_expiry_year invalid_account incorrect_pin invalid_pin"
    ),
    DeclineReason.CONFIRM: (
        "authentication_required payment_intent_authentication_failure approve_with_id "
        "online_or_offline_pin_required mobile_device_authentication_required"
    ),
    DeclineReason.AGAIN: "processing_error issuer_not_available try_again_later reenter_transaction",
}
_BY_CODE = {code: reason for reason, codes in _CODES.items() for code in codes.split()}

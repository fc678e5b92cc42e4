"""The keys that Stripe publishes: all that are required, no unknown one, optional ones left out when that is asked for."""

from typing import Any

import pytest

from devtools.stripe_standin.answer_contract import Breach
from devtools.stripe_standin.published_contract import check_keys, leave_out
from tests.devtools.stripe_standin.world import World


def _payment(**more: Any) -> dict[str, Any]:
    """Return an invoice's payment as Stripe's own recording has it."""
    return {
        "amount_paid": None,
        "amount_requested": 1000,
        "created": 1,
        "currency": "usd",
        "id": "inpay_1",
        "invoice": "in_1",
        "is_default": True,
        "livemode": False,
        "object": "invoice_payment",
        "payment": {"type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    } | more


def test_the_keys_of_an_object_and_of_its_parts_are_checked() -> None:
    check_keys(_payment())
    check_keys({"object": "list", "data": [_payment(payment={"type": "payment_record", "payment_record": "pr_1"})]})
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"amount": 1}, "publishes no amount"),
        ({"currency": None}, "currency is never null"),
        ({"payment": {"payment_intent": "pi_1"}}, r"invoice_payment\.payment: Stripe always sends type"),
        ({"payment": {"type": "charge", "payment_intent": None}}, "payment_intent is never null"),
        ({"status_transitions": {"paid_at": None}}, "always sends canceled_at"),
    ]
    for values, problem in wrong:
        with pytest.raises(Breach, match=problem):
            check_keys(_payment(**values))


def test_what_type_names_and_what_was_expanded_is_not_left_out() -> None:
    for seed in "123456":
        kept = leave_out(_payment(payment={"type": "payment_record", "payment_record": "pr_1", "charge": "py_1"}), seed)
        assert kept["payment"]["payment_record"] == "pr_1"
        assert "payments" in leave_out({"object": "invoice", "id": "in_1", "payments": []}, seed, {"payments"})


def test_about_half_of_the_optional_keys_are_left_out_of_answers_and_events(world: World) -> None:
    sub = world.subscription()
    found = world.client().v1.invoices.list({"customer": str(sub.customer)}).data[0].to_dict()
    left_out: set[str] = set()
    for seed in range(1, 9):
        world.control("settings", optional_keys=f"{seed} -invoice.invoice_pdf")
        again = world.client().v1.invoices.list({"customer": str(sub.customer)}).data[0].to_dict()
        assert again == world.client().v1.invoices.retrieve(found["id"]).to_dict(), "the same ones each time"
        left_out |= set(found) - set(again)
    assert left_out == {"amount_paid_off_stripe", "auto_advance", "customer_tax_ids", "hosted_invoice_url"}
    world.client().v1.customers.update(str(sub.customer), {"name": "Asma K."})
    world.told()
    (told,) = world.client().v1.events.list({"type": "customer.created"}).data
    world.control("settings", optional_keys="")
    (whole,) = world.client().v1.events.list({"type": "customer.created"}).data
    assert set(told.to_dict()["data"]["object"]) < set(whole.to_dict()["data"]["object"])

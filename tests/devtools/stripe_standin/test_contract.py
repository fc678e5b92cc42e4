"""Nothing passes that Stripe's own library does not know, neither in nor out."""

import pytest
import stripe

from devtools.stripe_standin import api
from devtools.stripe_standin.answer_contract import Breach, check_answer, check_error, check_event
from devtools.stripe_standin.contract import operation, operations
from devtools.stripe_standin.errors import ApiError
from devtools.stripe_standin.request_contract import check_params
from tests.devtools.stripe_standin.world import World


def test_the_whole_of_version_1_is_read_from_the_package() -> None:
    assert len(operations()) > 500
    for made in operations().values():
        if params := made.params_class():
            with pytest.raises(ApiError, match="nonsense"):
                check_params(params, {"nonsense": "1"})
        assert issubclass(made.answer_class(), stripe.StripeObject)


def test_every_endpoint_of_the_stand_in_is_one_of_stripe() -> None:
    for route in api.ROUTES:
        assert operation(route.method, route.path)
    with pytest.raises(LookupError):
        operation("POST", "/v1/donations")


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ({"mode": "payment", "payment_method_types[0]": "card"}, "payment_method_types", "parameter_unknown"),
        ({"mode": "payment", "line_items[0][amount]": "1"}, "line_items[0][amount]", "parameter_unknown"),
        ({"mode": "gift"}, "mode", None),
        ({"mode": "payment", "ui_mode": "hosted"}, "ui_mode", None),
        ({"mode": "payment", "expires_at": "soon"}, "expires_at", "parameter_invalid_integer"),
        ({"mode": "payment", "line_items": "one"}, "line_items", None),
        ({"mode": "payment", "metadata": "person"}, "metadata", None),
        ({"mode": "payment", "adaptive_pricing[enabled]": "no"}, "adaptive_pricing[enabled]", None),
        ({"mode": ""}, "mode", "parameter_invalid_empty"),
        (
            {"mode": "payment", "line_items[0][price_data][unit_amount]": "1"},
            "line_items[0][price_data][currency]",
            "parameter_missing",
        ),
    ],
)
def test_a_wrong_request_is_a_400_in_stripes_shape(
    world: World, form: dict[str, str], param: str, code: str | None
) -> None:
    status, answer = world.request("POST", "/v1/checkout/sessions", form)
    assert (status, answer["error"]["type"], answer["error"]["param"]) == (400, "invalid_request_error", param)
    assert answer["error"].get("code") == code


def test_the_library_raises_what_it_raises_for_stripe(world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        world.client().v1.customers.create({"emial": "a@example.org"})  # type: ignore[arg-type]
    assert (caught.value.http_status, caught.value.param, caught.value.code) == (400, "emial", "parameter_unknown")
    with pytest.raises(stripe.InvalidRequestError, match=r"enabled_events\[0\]"):
        world.client().v1.webhook_endpoints.create(
            {"url": "https://outlet.example/", "enabled_events": ["invoice.payd"]}  # type: ignore[list-item]
        )


def test_a_parameter_that_stripe_has_and_the_stand_in_has_not_is_refused_too(world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: tax_exempt"):
        world.client().v1.customers.create({"tax_exempt": "none"})


def test_another_version_or_none_is_refused(world: World) -> None:
    for version in ("2020-08-27", ""):
        status, answer = world.request("GET", "/v1/customers", Stripe_Version=version)
        assert (status, answer["error"]["type"]) == (400, "invalid_request_error")
    assert world.request("GET", "/v1/customers", Authorization="Bearer sk_test_another")[0] == 401


def _customer(world: World) -> dict[str, object]:
    world.customer()
    found: dict[str, object] = world.read("objects")["customer"][0]
    return found


def test_an_answer_with_a_strange_or_a_missing_field_or_a_wrong_type_or_word_is_a_breach(world: World) -> None:
    contract = operation("GET", "/v1/customers/{id}")
    good = _customer(world)
    check_answer(contract, good)
    check_answer(contract, {"id": "cus_1", "object": "customer", "deleted": True})
    for change, problem in (
        ({"nickname": None}, "Customer has no nickname"),
        ({"created": "today"}, "Customer.created: 'today' is not int"),
        ({"livemode": 0}, "Customer.livemode"),
        ({"tax_exempt": "perhaps"}, "Customer.tax_exempt"),
        ({"metadata": {"person": 1}}, "Customer.metadata.person"),
        ({"invoice_settings": {"footer": None, "header": None}}, "InvoiceSettings has no header"),
        ({"default_source": {"object": "refund", "id": "re_1"}}, "Customer.default_source"),
    ):
        with pytest.raises(Breach, match=problem):
            check_answer(contract, {**good, **change})
    with pytest.raises(Breach, match="created is missing"):
        check_answer(contract, {name: value for name, value in good.items() if name != "created"})
    with pytest.raises(Breach, match="is no list"):
        check_answer(operation("GET", "/v1/customers"), good)


def test_an_event_is_checked_with_what_it_is_about(world: World) -> None:
    world.customer()
    event = world.client().v1.events.list().data[0].to_dict()
    check_event(event)
    for change, problem in (
        ({"type": "customer.born"}, "Event.type"),
        ({"data": {"object": {**event["data"]["object"], "age": 3}}}, "Customer has no age"),
        ({"data": {**event["data"], "previous_attributes": {"age": 3}}}, "Customer has no age"),
        ({"data": {"object": {"object": "subscriber"}}}, "no object that the package knows"),
    ):
        with pytest.raises(Breach, match=problem):
            check_event({**event, **change})


def test_an_error_is_checked_too() -> None:
    check_error(ApiError(400, "No.").body())
    with pytest.raises(Breach, match="type is missing"):
        check_error({"error": {"message": "No."}})

import pytest
from django.core.exceptions import ValidationError

from newsroom.validators import validate_link, validate_web_address

GOOD = ["https://example.org", "http://example.org/a?b=c#d", "/", "/support/", "/feed/?x=1", "https://t.me/+abc"]
BAD = [
    "",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://",
    "https:///path",
    "https://user:word@evil.example/",
    "https://exa mple.org",
    "https://localhost",
    "example.org",
    "www.example.org",
    "ftp://example.org",
    "about",
    "https://example.org/\n",
    "mailto:nobody",
]


@pytest.mark.parametrize("address", GOOD)
def test_addresses_that_lead_somewhere(address: str) -> None:
    validate_web_address(address)
    validate_link(address)


@pytest.mark.parametrize("address", BAD)
def test_addresses_that_do_not(address: str) -> None:
    for validate in (validate_web_address, validate_link):
        with pytest.raises(ValidationError, match="Write"):
            validate(address)


@pytest.mark.parametrize("address", ["mailto:desk@example.org", "tel:+91 194 000000"])
def test_mail_and_phone_are_for_readers_links_only(address: str) -> None:
    validate_link(address)
    with pytest.raises(ValidationError):
        validate_web_address(address)

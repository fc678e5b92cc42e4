import pytest

from newsroom.http.client_network import network_hash, network_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::aaaa:0:0:1", "2001:db8::bbbb:0:0:1"),  # the zeros left out are those of the /64
        ("2001:db8:0:0:1::", "2001:db8::2"),
        ("198.51.100.1", "198.51.100.254"),
        ("::ffff:198.51.100.1", "198.51.100.254"),
    ],
)
def test_one_network_however_it_is_written(one: str, other: str) -> None:
    assert network_of(one) == network_of(other)
    assert network_hash(one, purpose="test") == network_hash(other, purpose="test") != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:2::1"),
        ("2001:db8::1:0:0:0:1", "2001:db8::1"),
        ("198.51.100.1", "198.51.101.1"),
        ("::ffff:198.51.100.1", "::ffff:198.51.101.1"),
    ],
)
def test_two_networks(one: str, other: str) -> None:
    assert network_of(one) != network_of(other)


def test_what_is_no_address_has_no_network() -> None:
    assert network_of("unknown") is None
    assert network_hash("", purpose="test") == ""

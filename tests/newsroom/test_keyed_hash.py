from pytest_django import Settings

from newsroom.keyed_hash import keyed_hash, keyed_hashes


def test_a_value_is_found_under_the_hashes_of_former_keys(settings: Settings) -> None:
    stored = keyed_hash("network", "192.0.2.0/24")
    assert len(stored) == 64
    assert keyed_hash("address", "192.0.2.0/24") != stored
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert keyed_hash("network", "192.0.2.0/24") != stored
    assert keyed_hashes("network", "192.0.2.0/24") == [keyed_hash("network", "192.0.2.0/24"), stored]

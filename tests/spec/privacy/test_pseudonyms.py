"""Keyed names and masks."""

from openxmo.core.privacy.masks import mask_email, mask_key
from openxmo.core.privacy.pseudonyms import person_hash, pseudonym

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_person_has_one_pseudonym_in_an_office_and_another_elsewhere() -> None:
    assert pseudonym("jane", KEY) == pseudonym("jane", KEY)
    assert pseudonym("jane", KEY) != pseudonym("jane", OTHER)
    assert pseudonym("jane", KEY) != pseudonym("june", KEY)
    assert "jane" not in pseudonym("jane", KEY)


def test_a_person_hash_is_a_positive_64_bit_integer() -> None:
    hashes = {person_hash(f"person {number}", KEY) for number in range(1000)}
    assert len(hashes) == 1000
    assert all(0 <= one < 2**63 for one in hashes)


def test_masks_show_enough_to_recognise_and_not_to_know() -> None:
    assert mask_key("customer-12345") == "••••••••••2345"
    assert mask_key("abc") == "•••"
    assert mask_email("jane.doe@example.org") == "j•••@example.org"
    assert mask_email("not an address") == "••••••••••ress"

"""Keyed hashes in the place of keys of people: the same person comes out the same, and only here."""

import hashlib

PERSON_BITS = 63  # so that it fits a signed integer


def pseudonym(key: str, secret: bytes) -> str:
    """A stable name for a person's key: 20 letters that only the holder of the secret can make."""
    return hashlib.blake2b(key.encode(), key=secret, digest_size=10).hexdigest()


def person_hash(key: str, secret: bytes) -> int:
    """A keyed 63-bit number for a person's key, to count people without naming them."""
    digest = hashlib.blake2b(key.encode(), key=secret, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - PERSON_BITS)

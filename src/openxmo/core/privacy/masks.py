"""Showing enough of a key to recognise it by, not enough to know it."""


def mask_key(key: str, *, shown: int = 4) -> str:
    """The last letters of a key, the others as dots; short keys show nothing."""
    if len(key) < 2 * shown:
        return "•" * len(key)
    return "•" * (len(key) - shown) + key[-shown:]


def mask_email(address: str) -> str:
    """`j•••@example.org`: the first letter and the domain."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••{at}{domain}" if at and name else mask_key(address)

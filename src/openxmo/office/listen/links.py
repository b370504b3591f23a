"""The addresses that answer a survey: signed, so that nobody can guess another one."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from openxmo.office.listen.models import Opening, PersonalLink

SALT = "openxmo.office.listen.links"
NONCE_SALT = "openxmo.office.listen.response"
SEPARATOR = "~"


@dataclass(frozen=True)
class Door:
    """Where somebody may answer, and as whom (`link` None at a public one)."""

    token: str
    opening: Opening
    link: PersonalLink | None


def token_of(thing: Opening | PersonalLink) -> str:
    kind = "o" if isinstance(thing, Opening) else "p"
    return signing.Signer(salt=SALT, sep=SEPARATOR).sign(f"{kind}{thing.pk}")


def address_of(thing: Opening | PersonalLink) -> str:
    """The whole address, as it stands in a letter."""
    return settings.SITE_URL + reverse("listen:answer", args=[token_of(thing)])


def find_door(token: str) -> Door | None:
    """What a token opens; None for one that was never given out."""
    try:
        named = signing.Signer(salt=SALT, sep=SEPARATOR).unsign(token)
    except signing.BadSignature:
        return None
    kind, key = named[:1], named[1:]
    if kind == "o":
        opening = Opening.objects.filter(pk=key, personal=False).first()
        return Door(token, opening, None) if opening else None
    link = PersonalLink.objects.select_related("opening").filter(pk=key).first()
    return Door(token, link.opening, link) if link else None


def new_response(door: Door) -> str:
    """The key of the response that this page will become: a personal link has one, a public one a new one each time."""
    return f"p{door.link.pk}" if door.link else f"o{door.opening.pk}-{secrets.token_urlsafe(12)}"


def seal(response: str) -> str:
    return signing.Signer(salt=NONCE_SALT, sep=SEPARATOR).sign(response)


def unseal(sealed: str, door: Door) -> str | None:
    """The response that a page was made for; None where it was not made by us for this door."""
    try:
        response = signing.Signer(salt=NONCE_SALT, sep=SEPARATOR).unsign(sealed)
    except signing.BadSignature:
        return None
    own = f"p{door.link.pk}" if door.link else f"o{door.opening.pk}-"
    return response if (response == own if door.link else response.startswith(own)) else None

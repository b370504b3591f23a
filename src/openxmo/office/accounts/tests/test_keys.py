"""Keys of programs: found by what was shown once, and by nothing that the database holds."""

from datetime import timedelta

import pytest
from django.db import connection

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.audit import read_audit
from openxmo.office.accounts.erasure import forget
from openxmo.office.accounts.keys import add_key, find_key, revoke_key
from openxmo.office.accounts.models import ApiKey
from openxmo.office.lib.clock import now

pytestmark = pytest.mark.usefixtures("home")


def test_a_key_is_found_by_what_was_shown_and_by_nothing_else() -> None:
    key, presented = add_key("loader", scopes=["signals:write"], by="Root", at=now())
    assert find_key(presented) == key
    assert find_key(presented[:-1]) is None
    assert find_key("") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_apikey")
        assert presented not in str(cursor.fetchall())
        assert find_key(key.digest) is None


def test_a_revoked_key_opens_nothing_and_its_name_may_be_used_again() -> None:
    _key, presented = add_key("loader", scopes=["signals:write"], by="Root", at=now())
    with pytest.raises(WrongUsage, match="a key called"):
        add_key("loader", scopes=["signals:write"], by="Root", at=now())
    revoke_key("loader", by="Root", at=now())
    assert find_key(presented) is None
    add_key("loader", scopes=["questions:read"], by="Root", at=now())
    assert [row.what for row in read_audit(by="Root")] == ["key made", "key revoked", "key made"]


@pytest.mark.parametrize("scopes", [[], ["signals:eat"]])
def test_a_key_needs_a_scope_that_there_is(scopes: list[str]) -> None:
    with pytest.raises(WrongUsage, match=r"signals:write|may do nothing"):
        add_key("loader", scopes=scopes, by="Root", at=now())
    assert not ApiKey.objects.exists()


def test_the_last_use_is_noted_once_a_minute() -> None:
    _key, presented = add_key("loader", scopes=["signals:write"], by="Root", at=now())
    first = now()
    find_key(presented, at=first)
    find_key(presented, at=first + timedelta(seconds=30))
    assert ApiKey.objects.get().last_used_at == first
    find_key(presented, at=first + timedelta(seconds=61))
    assert ApiKey.objects.get().last_used_at == first + timedelta(seconds=61)


def test_a_key_of_an_erased_person_is_revoked_and_names_nobody() -> None:
    _key, presented = add_key("notebook", scopes=["questions:read"], acts_as="Ada", by="Root", at=now())
    assert forget({"Ada"}, by="Dan", at=now()) > 0
    assert find_key(presented) is None
    assert ApiKey.objects.get().acts_as == "(erased)"

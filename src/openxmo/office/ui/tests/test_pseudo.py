"""The made-up language of the tests of pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from openxmo.office.lib.environment import read_choice
from openxmo.office.ui.pseudo import pseudo


def test_what_is_filled_in_and_tags_stay_as_they_are() -> None:
    said = pseudo('See <a href="/x">%(count)s of {total} items</a> &amp; %s%%', longer=0.0)
    for kept in ('<a href="/x">', "%(count)s", "{total}", "</a>", "&amp;", "%s", "%%"):
        assert kept in said
    assert "ítémš" in said


def test_it_is_longer_by_two_fifths_and_marked() -> None:
    text = "Who needs us today, and what do they need from us?"
    said = pseudo(text, longer=0.4)
    assert len(said) == len(text) + round(len(text) * 0.4) + 2
    assert said.startswith("⟦")
    assert said.endswith("⟧")


def test_every_sentence_of_the_shell_is_translatable(sign_in: Callable[[str], Client], settings: Any) -> None:
    settings.PSEUDO = "rtl"
    html = sign_in("Lea").get("/ui/gallery/").content.decode()
    assert 'dir="rtl"' in html
    assert f">{pseudo('Sign out', longer=0.0)}</button>" in html
    assert ">Sign out<" not in html


def test_another_word_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENXMO_PSEUDO", "klingon")
    with pytest.raises(ImproperlyConfigured, match="one of long, rtl"):
        read_choice("OPENXMO_PSEUDO", ("", "long", "rtl"))

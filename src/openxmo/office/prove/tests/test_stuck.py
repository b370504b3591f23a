"""What holds an initiative up stands among what is stuck, beside what holds recommendations and items up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.act import asking, telling
from openxmo.office.act.models import Blocker
from openxmo.office.govern.queries import access_of
from openxmo.office.lib.clock import now
from openxmo.office.prove import actions, queries
from openxmo.office.prove.models import Initiative
from openxmo.office.prove.tests.conftest import planned

pytestmark = pytest.mark.usefixtures("home")
SignIn = Callable[[str], Client]
WHAT = "The telephones arrive in May."


def hold_up(kind: str = "dependency", *, days: int = 12) -> tuple[Initiative, Blocker]:
    made, since = planned(), now() - timedelta(days=days)
    return made, actions.open_blocker(initiative=made, kind=kind, what=WHAT, by="Rita", at=since)


@pytest.mark.capability("COM-06")
def test_an_initiatives_blocker_stands_on_the_stuck_page_by_type_and_age(home: Home, sign_in: SignIn) -> None:
    hold_up()
    telling.raise_blocker(on="item:9", unit="north", sort="budget", said="No money", by="Lea", at=now())
    found = asking.stuck(access_of(home, "Rita", at=now()), at=now())
    assert [(each.sort, each.oldest) for each in found] == [("dependency", 12), ("budget", 0)]
    page = sign_in("Rita").get("/act/stuck/").content.decode()
    assert "2 things are held up, for 12 days at the longest" in page
    for words in ("dependency", "1, 12 days old", WHAT, "Call ahead"):
        assert words in page


def test_carl_of_the_south_does_not_see_it_there(home: Home, sign_in: SignIn) -> None:
    hold_up()
    page = sign_in("Carl").get("/act/stuck/").content.decode()
    assert "Nothing is held up." in page
    assert WHAT not in page
    assert queries.open_blockers(access_of(home, "Carl", at=now()), at=now()) == []


@pytest.mark.parametrize("kind", ["technical", "dependency", "culture"])
def test_both_pages_tell_of_the_same_blocker(kind: str, home: Home, sign_in: SignIn) -> None:
    made, blocker = hold_up(kind, days=3)
    (blocked,) = queries.open_blockers(access_of(home, "Rita", at=now()), at=now())
    assert (blocked.label, blocked.rows) == (kind, ((blocker, made, 3),))
    page = sign_in("Rita").get("/prove/").content.decode()
    assert WHAT in page
    assert "oldest 3 days" in page


def test_it_is_cleared_on_its_own_page_and_only_with_how(sign_in: SignIn) -> None:
    made, blocker = hold_up()
    rita = sign_in("Rita")
    told = rita.post(f"/act/stuck/{blocker.pk}/clear/", {"how": "Somehow"}, follow=True).content.decode()
    assert "own page, by whoever runs it" in told
    with pytest.raises(WrongUsage, match="how it was cleared"):
        actions.clear_blocker(blocker=blocker, how=" ", by="Rita", at=now())
    assert queries.blockers_of(made).get().cleared_at is None
    rita.post(f"/prove/blockers/{blocker.pk}/cleared/", {"how": "They  came by train."})
    kept = queries.blockers_of(made).get()
    assert (kept.cleared_by, kept.how_cleared) == ("Rita", "They came by train.")
    assert "Nothing is held up." in rita.get("/act/stuck/").content.decode()


def test_an_item_is_cleared_among_what_is_stuck_with_how(sign_in: SignIn) -> None:
    held = telling.raise_blocker(on="item:9", unit="north", sort="technical", said="No line", by="Rita", at=now())
    sign_in("Rita").post(f"/act/stuck/{held.pk}/clear/", {"how": "A new router"})
    held.refresh_from_db()
    assert (held.cleared_by, held.how_cleared) == ("Rita", "A new router")
    assert sign_in("Rita").post(f"/prove/blockers/{held.pk}/cleared/", {"how": "x"}).status_code == 404


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(WrongUsage, match="dependency"):
        actions.open_blocker(initiative=planned(), kind="weather", what=WHAT, by="Rita", at=now())
    assert not Blocker.objects.exists()

"""What stands beside the contacts: profiles and consent, searches in the knowledge base, complaints, costs."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.months import Month
from openxmo.core.world.rows import facts, keys, named, rows
from openxmo.core.world.state import SECOND, World, at_work
from openxmo.core.world.words import ANGER, MISSING_ARTICLE, SEARCHES

SEARCHES_A_MONTH = 300
COMPLAINTS_A_MONTH = 40
CONTACTABLE = 0.4
CATEGORIES = ("late_activation", "billing", "outage", "conduct")
CATEGORY_SHARES = (0.45, 0.25, 0.22, 0.08)
COSTS = (("contact", 6.80), ("escalation", 31.0))


def tell_profiles(world: World) -> list[pa.Table]:
    """Each household's profile at the start, and that most agreed to be contacted about their answers."""
    homes = world.households
    who = np.arange(len(homes))
    agreed = np.flatnonzero(world.chance("consent").random(len(homes)) < CONTACTABLE)
    when = np.full(len(homes), world.months[0].first)
    profile = facts(
        len(who),
        app=named(("no", "yes"), homes.app),
        district=homes.district_name(who),
        check=named(("no", "yes"), world.checked[homes.district]),
        tenure=pa.array(homes.tenure).cast(pa.string()),
    )
    shared = {"source": "crm", "kind": "B", "subject_kind": "customer", "segment": "home", "unit": "northlight"}
    return [
        rows(
            len(who),
            id=keys("profile", who),
            happened_at=when,
            name="profile",
            subject=homes.key(who),
            account=homes.account(who),
            product=homes.product(who),
            region=homes.region(who),
            attrs=profile,
            **shared,
        ),
        rows(
            len(agreed),
            id=keys("consent", agreed),
            happened_at=when[agreed],
            name="consent",
            item="may-contact",
            label="yes",
            subject=homes.key(agreed),
            account=homes.account(agreed),
            **shared,
        ),
    ]


def tell_knowledge(world: World, month: Month) -> list[pa.Table]:
    """Searches that find something; and from the move on, those for an article that does not exist."""
    rng = world.chance("knowledge", month)
    n = world.count(SEARCHES_A_MONTH, month)
    empty = round(world.plan.empty_searches * world.scale * month.share) if month.number >= world.plan.move else 0
    found = named(SEARCHES, rng.integers(0, len(SEARCHES), n))
    return [
        _search(month, rng, "found", found, rng.integers(1, 12, n)),
        _search(month, rng, "empty", pa.repeat(pa.scalar(MISSING_ARTICLE), empty), np.zeros(empty)),
    ]


def _search(month: Month, rng: np.random.Generator, label: str, query: pa.Array, hits: np.ndarray) -> pa.Table:
    n = len(query)
    return rows(
        n,
        id=keys(f"search-{label}", np.arange(n), month.number),
        source="knowledge",
        happened_at=at_work(rng, month, n),
        kind="O",
        name="kb_search",
        item=query,
        label=label,
        value=hits,
        channel="web",
        unit="operations",
    )


def tell_complaints(world: World, month: Month) -> pa.Table:
    """Complaints by category."""
    rng, homes = world.chance("complaints", month), world.households
    n = world.count(COMPLAINTS_A_MONTH, month)
    who = rng.choice(np.flatnonzero(world.alive), n)
    return rows(
        n,
        id=keys("complaint", np.arange(n), month.number),
        source="complaints",
        happened_at=at_work(rng, month, n),
        kind="X",
        name="complaint",
        basis="recorded",
        label=named(CATEGORIES, rng.choice(len(CATEGORIES), n, p=CATEGORY_SHARES)),
        text=named(ANGER, rng.integers(0, len(ANGER), n)),
        subject=homes.key(who),
        subject_kind="customer",
        account=homes.account(who),
        product=homes.product(who),
        region=homes.region(who),
        issue=keys("complaint", np.arange(n), month.number),
        segment="home",
        unit="operations",
    )


def tell_costs(month: Month) -> pa.Table:
    """What one contact and one escalation cost, as finance states it each month."""
    return rows(
        len(COSTS),
        id=keys("unit-cost", np.arange(len(COSTS)), month.number),
        source="finance",
        happened_at=np.full(len(COSTS), month.first + 9 * 3600 * SECOND),
        kind="B",
        name="unit_cost",
        item=named([item for item, _ in COSTS], np.arange(len(COSTS))),
        value=np.array([value for _, value in COSTS]),
        value_unit="GBP",
        unit="northlight",
    )

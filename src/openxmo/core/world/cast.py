"""Who and what Northlight consists of: sites, teams, agents, districts, firms, households. The same for every size."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openxmo.core.world.chance import Bools, Ints, deal, stream
from openxmo.core.world.rows import keys, named

SITES = ("ardmore", "brenwick", "calder")
ARDMORE, BRENWICK, CALDER = range(3)
TEAMS: tuple[tuple[str, int], ...] = (
    ("ardmore-1", 14),
    ("ardmore-2", 14),
    ("ardmore-3", 7),  # too small to show by itself
    ("brenwick-1", 16),
    ("brenwick-2", 15),
    ("calder-1", 15),
    ("calder-2", 15),
)
AGENTS = sum(size for _, size in TEAMS)
REGIONS = ("north", "south", "east", "west", "coast", "midlands")
NORTH, COAST = 0, 4
DISTRICTS = tuple(f"{region}-{n}" for region in REGIONS for n in range(1, 7))
FIRMS_OF = (7, 6, 5, 5, 5, 6)  # installer firms by region: 34, the first four of the North slow
SLOW_FIRMS = 4
STAFF = 620  # served by IT
HOUSEHOLDS = 24_000  # held, 1 in 20 of all
PLAIN, GAMER, STAR, SCRIPTS, NEXT_WORST = range(5)
SCRIPTED = 12


@dataclass(frozen=True)
class Agents:
    """The 96 agents in the order of their teams; `sort` says who is a gamer, the star, or in the scripts' trial."""

    key: pa.Array
    team: Ints
    site: Ints
    sort: Ints

    @property
    def teams(self) -> list[str]:
        return [name for name, _ in TEAMS]


def cast_agents(seed: int) -> Agents:
    """One gamer at Brenwick and one at Calder, the star at Ardmore; 12 given scripts and 12 like them, by lot."""
    rng = stream(seed, "agents")
    team = np.repeat(np.arange(len(TEAMS)), [size for _, size in TEAMS])
    site = np.array([SITES.index(name.rpartition("-")[0]) for name, _ in TEAMS])[team]
    sort = np.full(AGENTS, PLAIN)
    for place, role in ((CALDER, GAMER), (BRENWICK, GAMER), (ARDMORE, STAR)):
        sort[rng.choice(np.flatnonzero(site == place))] = role
    low = rng.permutation(np.flatnonzero(sort == PLAIN))[: 2 * SCRIPTED]
    sort[low[:SCRIPTED]], sort[low[SCRIPTED:]] = SCRIPTS, NEXT_WORST
    # Keys by lot, so that no key tells a team; the same lot in every world, so that the office file can name people.
    number = stream(0, "agent keys").permutation(AGENTS) + 101
    return Agents(key=keys("agent", number), team=team, site=site, sort=sort)


@dataclass(frozen=True)
class Households:
    """The customers held, and what does not change about them. Keys are opaque."""

    app: Bools
    hub3: Bools
    district: Ints
    tenure: Ints  # years with Northlight at M1

    def __len__(self) -> int:
        return len(self.app)

    def key(self, index: Ints) -> pa.Array:
        return keys("hh", index + 100_001)

    def account(self, index: Ints) -> pa.Array:
        return keys("acc", index + 100_001)

    def district_name(self, index: Ints) -> pa.Array:
        return named(DISTRICTS, self.district[index])

    def region(self, index: Ints) -> pa.Array:
        return named(REGIONS, self.district[index] // 6)

    def product(self, index: Ints) -> pa.Array:
        return named(("hub_2", "hub_3"), self.hub3[index])


def cast_households(seed: int, scale: float, hub3_share: float) -> Households:
    """24,000 times `scale`: half use the app, a quarter has the Hub 3."""
    rng = stream(seed, "households")
    n = max(round(HOUSEHOLDS * scale), 600)
    return Households(
        app=deal((0.5, 0.5), n, rng).astype(bool),
        hub3=deal((1 - hub3_share, hub3_share), n, rng).astype(bool),
        district=deal([1 / 36] * 36, n, rng),
        tenure=rng.integers(0, 12, n),
    )


def draw_districts(seed: int) -> Bools:
    """The 18 of 36 districts that get the activation check, drawn by lot: three in each region."""
    rng = stream(seed, "check")
    return np.concatenate([deal((0.5, 0.5), 6, rng) for _ in REGIONS]).astype(bool)

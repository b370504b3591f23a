"""The sums that a group of scored signals leaves behind; everything else is computed from them.

Tallies add up: the tally of two groups together is the sum of theirs. Scores are shifted by a
fixed origin of the metric before they are squared, so that money and timestamps keep their digits.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """n, Σw, Σw², Σws, Σws², Σw²s, Σw²s² of scores s (less `origin`) with weights w."""

    n: int = 0
    w: float = 0.0
    w2: float = 0.0
    ws: float = 0.0
    ws2: float = 0.0
    w2s: float = 0.0
    w2s2: float = 0.0
    origin: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        if self.origin != other.origin and self.n and other.n:
            raise ValueError("tallies of different origins do not add up")
        return Tally(
            n=self.n + other.n,
            w=self.w + other.w,
            w2=self.w2 + other.w2,
            ws=self.ws + other.ws,
            ws2=self.ws2 + other.ws2,
            w2s=self.w2s + other.w2s,
            w2s2=self.w2s2 + other.w2s2,
            origin=self.origin if self.n else other.origin,
        )

    @property
    def mean(self) -> float | None:
        """The weighted mean score, or None where nothing was scored."""
        return self.origin + self.ws / self.w if self.w > 0 else None

    @property
    def effective_n(self) -> float:
        """Kish's effective sample size (Σw)²/Σw²."""
        return self.w * self.w / self.w2 if self.w2 > 0 else 0.0


@dataclass(frozen=True)
class RatioTally:
    """Sums per linking unit of a numerator y and a denominator x: the cross sums of a ratio Σy/Σx."""

    n: int = 0  # linking units
    y: float = 0.0
    x: float = 0.0
    yy: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    def __add__(self, other: "RatioTally") -> "RatioTally":
        return RatioTally(
            n=self.n + other.n,
            y=self.y + other.y,
            x=self.x + other.x,
            yy=self.yy + other.yy,
            xx=self.xx + other.xx,
            xy=self.xy + other.xy,
        )


@dataclass(frozen=True)
class QuantileTally:
    """The values of a group in order, with their weights: quantiles do not add up, so the values themselves."""

    q: float
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def n(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class IndexTally:
    """One tally of percent positive (scores 0 or 100) per item; `groups` names sub-indices and their items.

    `respondents` is the tally of respondents' own index scores, from which the interval comes
    (items of one person are correlated, so items cannot be treated as independent).
    """

    items: dict[str, Tally]
    groups: dict[str, tuple[str, ...]]
    respondents: Tally

    @property
    def n(self) -> int:
        return self.respondents.n


AnyTally = Tally | RatioTally | QuantileTally | IndexTally

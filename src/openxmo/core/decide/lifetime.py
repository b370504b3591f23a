"""What a customer is worth over time, and how much revenue leaves with those who leave."""

from typing import Literal

from openxmo.core.errors import WrongUsage


def lifetime_value(
    *, margin: float, retention: float, discount: float, first: Literal["now", "after one period"]
) -> float:
    """m·r/(1+d-r) where the first margin comes after one period, m·(1+d)/(1+d-r) where it comes now.

    The two differ by one margin, so the caller says which. Margin is money per period, retention
    and discount are shares per period. Source: Gupta & Lehmann 2003.
    """
    if not 0 <= retention < 1 + discount:
        raise WrongUsage(f"A retention of {retention:g} with a discount of {discount:g} has no finite lifetime value.")
    numerator = retention if first == "after one period" else 1 + discount
    return margin * numerator / (1 + discount - retention)


def revenue_at_risk(*, customers: float, revenue: float, churn: float, usual_churn: float = 0.0) -> float:
    """Revenue that leaves with customers who leave more than usual: n · revenue · (churn - usual), never below 0.

    With `usual_churn` 0 it is all revenue at risk; only the excess can be laid at experience's door,
    and even that is an association.
    """
    return customers * revenue * max(churn - usual_churn, 0.0)

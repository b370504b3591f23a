"""`when` and `unless`: which rows make a signal."""

from collections.abc import Callable, Mapping

from openxmo.core.signals.mapping.columns import Scope, template_reader
from openxmo.core.signals.mapping.form import Condition
from openxmo.core.signals.mapping.rows import Row, as_text

Passes = Callable[[Row], bool]


def compile_condition(column: str, wanted: Condition, scope: Scope) -> Passes:
    """True asks that the column holds something, False that it does not; text or texts that it holds one of them."""
    read = template_reader(column if "{" in column else "{" + column + "}", scope)
    if isinstance(wanted, bool):
        return lambda row: (read(row) is not None) is wanted
    texts = frozenset([wanted] if isinstance(wanted, str) else wanted)

    def holds(row: Row) -> bool:
        value = read(row)
        return value is not None and as_text(value) in texts

    return holds


def compile_conditions(when: Mapping[str, Condition], unless: Mapping[str, Condition], scope: Scope) -> Passes | None:
    """All of `when` hold and none of `unless`; None where nothing is asked."""
    asked = [compile_condition(column, wanted, scope) for column, wanted in when.items()]
    barred = [compile_condition(column, wanted, scope) for column, wanted in unless.items()]
    if not asked and not barred:
        return None
    return lambda row: all(holds(row) for holds in asked) and not any(holds(row) for holds in barred)

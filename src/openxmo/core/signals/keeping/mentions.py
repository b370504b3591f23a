"""Who is named where: which rows are a person's own, which only mention them, and a row without the mention.

A key counts as named where a value is the key or `kind:key`, and, unless it is a short everyday word or
number, wherever it stands as a word of its own (in scripts without spaces: wherever it stands).
What of the short ones stays within texts, an erasure reports.
"""

import re
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

import ibis
import pyarrow as pa

from openxmo.core.signals.engines.names import table_named
from openxmo.core.signals.store.tables import SIGNALS
from openxmo.core.signals.store.tombstones import is_telling, is_unspaced

ERASED = "[erased]"
NEVER_PERSONAL = frozenset(
    [
        "source",
        "kind",
        "name",
        "scale",
        "value_unit",
        "basis",
        "subject_kind",
        "language",
        "receipt",
        "month",
    ]
)
STRINGS = tuple(f.name for f in SIGNALS.schema if pa.types.is_string(f.type) and f.name not in NEVER_PERSONAL)


def own_rows(keys: Collection[str]) -> ibis.Table:
    """The signals whose subject is one of the keys, and those of the same survey responses that name no subject."""
    signals = table_named(SIGNALS)
    own = signals.filter(signals.subject.isin(sorted(keys)))
    responses = own.filter(own.response.notnull()).select("source", "response").distinct()
    nameless = signals.filter(signals.subject.isnull(), signals.response.notnull())
    return ibis.union(own, nameless.semi_join(responses, ["source", "response"]))


def rows_that_may_mention(keys: Collection[str]) -> ibis.Table:
    """Signals that may name one of the keys anywhere; `clean_row` knows for sure."""
    signals = table_named(SIGNALS)
    names = [may_name(signals[name], key) for name in STRINGS for key in keys]
    for listed in (signals.objects, signals.attrs.keys(), signals.attrs.values()):
        names += [listed.filter(lambda item, key=key: may_name(item, key)).length() > 0 for key in keys]
    return signals.filter(reduce(or_, names))


def may_name(value: ibis.Value, key: str) -> ibis.Value:
    if is_telling(key):
        return value.contains(key)
    return (value == key) | value.endswith(f":{key}") | value.startswith(f"{key}@")


def rows_that_keep_a_word(keys: Collection[str]) -> ibis.Table | None:
    """Signals in which an everyday word or number that is a key stands as a word still; None without such a key."""
    everyday = sorted(key for key in keys if not is_telling(key))
    if not everyday:
        return None
    forms = [rf"(^|[^\pL\pN_]){re.escape(key)}([^\pL\pN_]|$)" if key.isascii() else re.escape(key) for key in everyday]
    pattern = "|".join(forms)
    signals = table_named(SIGNALS)
    found = [signals[name].re_search(pattern) for name in STRINGS]
    lists = (signals.objects, signals.attrs.keys(), signals.attrs.values())
    found += [listed.filter(lambda item: item.re_search(pattern)).length() > 0 for listed in lists]
    return signals.filter(reduce(or_, found))


def names_key(value: str, keys: Collection[str]) -> bool:
    return value in keys or value.partition(":")[2] in keys


def as_word(keys: Collection[str]) -> re.Pattern[str] | None:
    """The keys as words of their own within a text; the longest first, as one may begin another."""
    telling = sorted((key for key in keys if is_telling(key)), key=len, reverse=True)
    forms = [re.escape(key) if is_unspaced(key) else rf"(?<!\w){re.escape(key)}(?!\w)" for key in telling]
    return re.compile("|".join(forms)) if forms else None


def clean_row(row: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """The row of the signals table without any mention of the keys; an equal row if it mentions none."""
    word = as_word(keys)
    cleaned = dict(row)
    for name in STRINGS:
        if row[name] is not None:
            cleaned[name] = clean_text(row[name], keys, word)
    if row["instrument"] is not None and row["instrument"].partition("@")[0] in keys:
        cleaned["instrument"] = f"{ERASED}@{row['instrument'].partition('@')[2]}"
    if cleaned["id"] is None:
        cleaned["id"] = f"erased:{row['row']}"
    if row["objects"] is not None:
        cleaned["objects"] = [item for item in row["objects"] if clean_text(item, keys, word) == item]
    if row["attrs"] is not None:
        cleaned["attrs"] = [pair for pair in row["attrs"] if all(clean_text(of, keys, word) == of for of in pair)]
    return cleaned


def clean_text(value: str | None, keys: Collection[str], word: re.Pattern[str] | None) -> str | None:
    if value is None or names_key(value, keys):
        return None
    return word.sub(ERASED, value) if word is not None else value

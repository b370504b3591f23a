"""Facts from other files of the same export."""

import pytest

from openxmo.core.errors import UnreadableInput
from tests.spec.mapping.conftest import Run
from tests.spec.mapping.forms import codes, signals, values

SHOP = """
source = "shop"
zone = "UTC"
[table.reviews]
file = "reviews*.csv"
[lookup.order]
file = "orders*.csv"
key = "order_id"
{required}
[lookup.customer]
file = "customers*.csv"
key = "id"
by = "{order.customer}"
[lookup.item]
file = "items*.csv"
key = "order_id"
many = true
[lookup.product]
file = "products*.csv"
key = "sku"
by = "{item.sku}"
[[signal]]
id = "{review}"
happened_at = "{order.day}"
kind = "X"
name = "csat"
scale = "1..5"
subject = "{customer.person}"
product = "{product.category}"
objects = [{ all = "seller:{item.seller}" }]
value = "{stars}"
[signal.attrs]
items = { count = "item" }
paid = { sum = "{item.price}" }
categories = { all = "{product.category}-{item.sku}" }
"""
FILES: dict[str, str | bytes] = {
    "reviews.csv": "review,order_id,stars\nr1,o1,5\nr2,o2,1\n",
    "orders.csv": "order_id,customer,day\no1,c1,2026-01-01\no2,c2,2026-01-02\n",
    "customers.csv": "id,person\nc1,ann\n",
    "items.csv": "order_id,sku,seller,price\no1,s1,x,2.5\no1,s2,y,3\no1,s3,x,1\n",
    "products.csv": "sku,category\ns1,toys\ns2,books\n",
}


def shop(required: str = "") -> str:
    return SHOP.replace("{required}", required).replace(
        '{ all = "{product.category}-{item.sku}" }', '{ all = "{item.sku}" }'
    )


def test_lookups_go_through_each_other(mapped: Run) -> None:
    rows = mapped(shop(), FILES)
    assert values(rows, "subject") == ["ann", None]
    assert values(rows, "product") == ["toys", None]  # of the order's first item


def test_a_key_with_rows_that_differ_rejects_what_asks_for_it_and_says_how_to_mend_it(mapped: Run) -> None:
    files = FILES | {"orders.csv": str(FILES["orders.csv"]) + "o1,c9,2026-01-09\n"}
    bad, good = mapped(shop(), files)
    assert bad.error is not None
    assert bad.error.code == "lookup_ambiguous"
    assert all(word in bad.error.reason for word in ("`order`", "`o1`", "many = true", "`key`"))
    assert good.signals[0]["happened_at"] == "2026-01-02T00:00:00+00:00"


def test_rows_of_one_key_that_agree_in_what_is_asked_for_are_one(mapped: Run) -> None:
    orders = "order_id,customer,day,note\no1,c1,2026-01-01,a\no1,c1,2026-01-01,b\no2,c2,2026-01-02,c\n"
    rows = mapped(shop(), FILES | {"orders.csv": orders})
    assert values(rows, "happened_at") == ["2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"]


def test_many_rows_are_listed_counted_and_summed(mapped: Run) -> None:
    first, second = signals(mapped(shop(), FILES))
    assert first["objects"] == ["seller:x", "seller:y"]
    assert first["attrs"] == {"items": "3", "paid": "6.5", "categories": "s1, s2, s3"}
    assert "objects" not in second
    assert second["attrs"] == {"items": "0"}


def test_a_list_goes_through_a_further_lookup_row_by_row(mapped: Run) -> None:
    mapping = shop().replace(
        'objects = [{ all = "seller:{item.seller}" }]', 'objects = [{ all = "{product.category}:{item.sku}" }]'
    )
    mapping = mapping.replace('{ all = "{item.sku}" }', '"x"')
    first, _ = signals(mapped(mapping, FILES))
    assert first["objects"] == ["toys:s1", "books:s2"]


def test_a_lookup_miss_is_an_error_where_it_is_required(mapped: Run) -> None:
    files = FILES | {"reviews.csv": "review,order_id,stars\nr1,o1,5\nr2,o7,1\nr3,,2\n"}
    rows = mapped(shop("required = true"), files)
    assert codes(rows) == [None, "lookup_miss", "lookup_miss"]
    assert rows[1].error is not None
    assert "`order` holds no row for `o7`" in rows[1].error.reason


def test_a_lookup_may_have_a_key_of_several_columns(mapped: Run) -> None:
    mapping = """
source = "s"
zone = "UTC"
[table.t]
file = "t.csv"
[lookup.price]
file = "price.csv"
key = ["sku", "land"]
by = ["{sku}", "{country}"]
[[signal]]
id = "{id}"
happened_at = "2026-01-01"
kind = "B"
name = "sale"
value = "{price.eur}"
"""
    rows = mapped(
        mapping, {"t.csv": "id,sku,country\n1,a,AT\n2,a,DE\n3,b,AT\n", "price.csv": "sku,land,eur\na,AT,1\na,DE,2\n"}
    )
    assert values(rows, "value") == [1.0, 2.0, None]


def test_a_file_may_be_table_and_lookup_and_files_come_in_any_order(mapped: Run) -> None:
    mapping = (
        shop()
        + '[[signal]]\ntable = "orders"\nid = "{order_id}"\nhappened_at = "{day}"\nkind = "O"\nname = "ordered"\n'
    )
    mapping = mapping.replace("[[signal]]\nid", '[[signal]]\ntable = "reviews"\nid', 1).replace(
        "[lookup.order]", '[table.orders]\nfile = "orders*.csv"\n[lookup.order]'
    )
    rows = mapped(mapping, dict(reversed(FILES.items())))
    assert values(rows, "id") == ["r1", "r2", "o1", "o2"]
    assert {row.file for row in rows} == {"reviews.csv", "orders.csv"}


def test_a_broken_row_of_a_lookup_file_is_reported(mapped: Run) -> None:
    rows = mapped(shop(), FILES | {"customers.csv": "id,person\nc1,ann\nc2\n"})
    assert [(row.file, row.line, row.error.code) for row in rows if row.error] == [("customers.csv", 3, "wrong_width")]
    assert values([row for row in rows if not row.error], "subject") == ["ann", None]


@pytest.mark.parametrize(
    ("left_out", "added", "said"),
    [
        ("customers.csv", None, "`customer` is not among those given"),
        ("reviews.csv", None, "None of the files"),
        (None, "holidays.csv", "no use for holidays.csv"),
    ],
)
def test_files_that_are_missing_or_too_many_are_named(
    mapped: Run, left_out: str | None, added: str | None, said: str
) -> None:
    files = {name: content for name, content in FILES.items() if name != left_out}
    with pytest.raises(UnreadableInput, match=said):
        mapped(shop(), files | ({added: "a\n1\n"} if added else {}))


def test_a_lookup_that_is_misspelt_is_told_with_the_nearest(mapped: Run) -> None:
    with pytest.raises(UnreadableInput, match=r"no column `ordr\.day`.*Did you mean `order\.day`"):
        mapped(shop().replace("{order.day}", "{ordr.day}"), FILES)

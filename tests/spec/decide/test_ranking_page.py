"""The example of the page on ranking is an items file that can be ranked."""

from pathlib import Path

from openxmo.core.decide.items import load_items
from openxmo.questions.rank import rank

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "ranking.md"


def test_the_example_of_the_page_is_ranked_by_all_four(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    path = tmp_path / "items.toml"
    path.write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    listed = load_items(path)
    assert listed.discount_rate == 0.08
    ranking = rank(listed.item, discount_rate=listed.discount_rate, seed=1, vocabulary=listed.facets)
    row = ranking.to_records()[0]
    assert [row[f"{name}_rank"] for name in ("wsjf", "rice", "kano", "money")] == [1, 1, 1, 1]
    assert row["npv"] > 0

"""The first five minutes."""
from tests.functional.office.conftest import People

def test_lead(people: People) -> None:
    maren = people["maren.holt"]
    print(maren.title, maren.answer)
    assert "23" in maren.answer

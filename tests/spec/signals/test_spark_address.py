"""A Spark server that is not there is said at once, and not waited for."""

import socket

import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.engines.spark import connect


@pytest.mark.parametrize("remote", ["nonsense", "http://localhost:15002", "sc://", "sc://host:port"])
def test_what_is_no_address_is_refused_with_the_form_of_one(remote: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        connect(remote)
    assert refused.value.mend == "Write it as sc://host:15002."


def test_a_server_that_does_not_run_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, and nobody listens
        remote = f"sc://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UnreadableInput, match=f"No Spark Connect server answers at {remote}"):
            connect(remote)


def test_a_second_session_is_never_the_first_one_again(spark_remote: str) -> None:
    first = connect(spark_remote)
    second = connect(spark_remote)
    try:
        assert second is not first
        first.stop()
        assert second.sql("select 1 as one").toArrow().to_pylist() == [{"one": 1}]
    finally:
        second.stop()

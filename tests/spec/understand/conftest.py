"""A Spark Connect server for the tests that ask for it."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def spark_remote() -> Iterator[str]:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()

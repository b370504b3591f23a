"""The store itself, a process: `python -m tests.functional.object_store.server PORT [careless]`.

A careless one does not heed `If-None-Match`, as some stores do not: a second writer overwrites a first.
"""

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple

SLOW = 0.2  # seconds, in which the other writer looks whether it comes first
App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Nothing."""


def careless(app: App) -> App:
    def answer(request: dict[str, Any], start: Any) -> Iterable[bytes]:
        if request.pop("HTTP_IF_NONE_MATCH", None) is not None:
            time.sleep(SLOW)
        return app(request, start)

    return answer


def main(port: str, kind: str = "careful") -> None:
    app = DomainDispatcherApplication(create_backend_app)
    served = careless(app) if kind == "careless" else app
    run_simple("127.0.0.1", int(port), served, threaded=True, request_handler=Silent)


if __name__ == "__main__":
    main(*sys.argv[1:])

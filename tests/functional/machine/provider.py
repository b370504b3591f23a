"""An identity provider on loopback, as OpenID Connect Core and Discovery 1.0 say, with the people that a test gives it.

Whoever is `at_the_desk` is signed in there and agrees at once. It says nothing of how a program proves itself, so it
takes HTTP Basic alone: that is what silence means.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "openxmo", "known-to-both"
Claims = dict[str, Any]


@dataclass
class Provider:
    """`people` by their number there, with what is told of each; `codes` are given out and not used yet."""

    people: dict[str, Claims]
    at_the_desk: str = ""
    secret: str = SECRET
    tells_apart: bool = True  # what it knows of people stands at an address of its own, else in the token
    address: str = ""
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # whose, and the challenge of PKCE
    tokens: dict[str, str] = field(default_factory=dict)

    def discover(self) -> Claims:
        named = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        if not self.tells_apart:
            named.pop("userinfo")
        endpoints = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in named.items()}
        return {"issuer": self.address, "jwks_uri": f"{self.address}/jwks", **endpoints}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is led to."""
        back = {"state": asked["state"]}
        if not self.at_the_desk:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': 'access_denied'})}"
        code = secrets.token_urlsafe()
        self.codes[code] = (self.at_the_desk, asked["code_challenge"])
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def give_token(self, asked: dict[str, str], credentials: str) -> tuple[int, Claims]:
        given = base64.b64decode(credentials.removeprefix("Basic ")).decode()
        whose, challenge = self.codes.pop(asked.get("code", ""), ("", ""))
        if given != f"{CLIENT}:{self.secret}":
            return 401, {"error": "invalid_client"}
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if not whose or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != challenge:
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe()
        self.tokens[token] = whose
        known = {} if self.tells_apart else self.people[whose]
        told = known | {
            "iss": self.address,
            "aud": CLIENT,
            "sub": whose,
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
        }
        id_token = jwt.encode(told, "the provider's own key, which it shows nobody", algorithm="HS256")
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": id_token}

    def tell(self, token: str) -> tuple[int, Claims]:
        whose = self.tokens.get(token.removeprefix("Bearer "))
        return (401, {}) if whose is None else (200, {"sub": whose, **self.people[whose]})


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(dict(_pairs(asked.query))))
            self.end_headers()
        elif asked.path == "/userinfo":
            self.answer(*self.provider.tell(self.headers.get("Authorization", "")))
        else:
            self.answer(200, self.provider.discover())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(*self.provider.give_token(dict(_pairs(body)), self.headers.get("Authorization", "")))

    def answer(self, status: int, document: Claims) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: a test reads what it was told."""


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    yield from ((name, values[-1]) for name, values in parse_qs(query).items())


@contextmanager
def providing(people: dict[str, Claims]) -> Iterator[Provider]:
    provider = Provider(people)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"provider": provider}))
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Who calls the API: a key, or somebody who is signed in; and with whose rights."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.keys import SCOPES, find_key, rights_for
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import access_of
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now

REMEMBERED = 2.0  # seconds for which a key that was found is not looked up again when signals are sent
MOST = 1000


@dataclass(frozen=True)
class Caller:
    """`as_user` is the person whose rights hold, None the operator; `scopes` None is a person in a browser."""

    name: str
    scopes: frozenset[str] | None
    as_user: str | None

    @property
    def by(self) -> str:
        """Who is told to have done it: the person, or the key itself."""
        return self.as_user or f"key:{self.name}"

    def check(self, scope: str) -> None:
        """`NotAllowed` for a key without this scope, and for one that acts as somebody who may not do it."""
        deed, rights = SCOPES[scope][0], rights_for(scope)
        if self.scopes is not None and scope not in self.scopes:
            raise NotAllowed(
                f"This key is not for this: it lacks the scope {scope}.",
                mend=f"Make one that may {deed}: `xmo key add NAME --scope {scope}`.",
            )
        if self.as_user is not None and rights and not self.access().has(*rights):
            raise NotAllowed(
                f"{self.as_user}, as whom this key acts, may not {deed}.",
                mend="Let it act as somebody who may, or make a key of its own for the program.",
            )

    def access(self) -> Access:
        if self.as_user is not None:
            return access_of(served_home(), self.as_user, at=now())
        return Access(self.by, (), frozenset(Right), None, None, ())


def caller_of_key(header: str) -> Caller | None:
    """The caller that an `Authorization` header names."""
    kind, _, presented = header.partition(" ")
    if kind.lower() != "bearer" or not presented.strip():
        return None
    key = find_key(presented.strip(), at=now())
    return None if key is None else Caller(key.name, frozenset(key.scopes), key.acts_as or None)


def find_caller(request: HttpRequest) -> Caller | None:
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header:
        return caller_of_key(header)
    if request.user.is_authenticated:
        name = request.user.get_username()
        return Caller(name, None, name)
    return None


def let_in(request: HttpRequest, caller: Caller) -> None:
    """Gives the request the office as the caller sees it, as the middleware does for people."""
    caller_access = SimpleLazyObject(caller.access)
    request.caller = caller  # type: ignore[attr-defined]
    request.access = caller_access  # type: ignore[attr-defined]
    request.office = SimpleLazyObject(  # type: ignore[attr-defined]
        lambda: Session(served_home(), as_user=caller.as_user, clock=now)
    )


@dataclass
class Recent:
    """Callers that were found a moment ago, so that a thousand posts a second look a key up once."""

    find: Callable[[str], Caller | None]
    found: "OrderedDict[str, tuple[float, Caller]]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, header: str) -> Caller | None:
        """A key that was withdrawn stops within `REMEMBERED` seconds; an unknown one is looked up every time."""
        at = time.monotonic()
        with self.lock:
            since, caller = self.found.get(header, (0.0, None))
        if caller is not None and at - since < REMEMBERED:
            return caller
        caller = self.find(header)
        with self.lock:
            self.found.pop(header, None)
            if caller is not None:
                self.found[header] = (at, caller)
                while len(self.found) > MOST:
                    self.found.popitem(last=False)
        return caller

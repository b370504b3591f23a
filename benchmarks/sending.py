"""Sends the same request over some connections for some seconds, one after the other on each, and counts answers.

The senders share the machine with the server, so what they take is taken from it: one thread, plain
sockets, and no more looking at the answer than whether it was accepted, and where it ends.
"""

import selectors
import socket
import time
from dataclasses import dataclass, field

PIECE = 1 << 20
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Connection:
    socket: socket.socket
    request: bytes
    left: memoryview = field(init=False)
    answer: bytes = b""
    count: int = 0

    def begin(self) -> None:
        self.left, self.answer = memoryview(self.request), b""
        self.go_on()

    def go_on(self) -> bool:
        """Sends what the socket takes now; whether that was the rest."""
        try:
            while self.left:
                self.left = self.left[self.socket.send(self.left[:PIECE]) :]
        except BlockingIOError:
            return False
        return True

    def read(self) -> bool:
        """Reads what has come; whether the answer is whole."""
        piece = self.socket.recv(PIECE)
        if not piece:
            raise RuntimeError("the server has closed the connection")
        self.answer += piece
        end = self.answer.find(HEAD_END)
        if end < 0:
            return False
        head = self.answer[:end].lower()
        if not head.startswith(b"http/1.1 202"):
            raise RuntimeError(self.answer.decode(errors="replace"))
        length = head[head.index(LENGTH) + len(LENGTH) :].split(b"\r\n", 1)[0]
        return len(self.answer) >= end + len(HEAD_END) + int(length)


def send_for(seconds: float, *, port: int, request: bytes, connections: int) -> float:
    """Requests a second that were accepted."""
    with selectors.DefaultSelector() as selector:
        open_ones = []
        for _ in range(connections):
            connection = Connection(connect(port), request)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            open_ones.append(connection)
        start = time.perf_counter()
        for connection in open_ones:
            connection.begin()
            watch(selector, connection)
        while time.perf_counter() < start + seconds:
            for key, ready in selector.select(timeout=1):
                serve(selector, key.data, ready)
        took = time.perf_counter() - start
        for connection in open_ones:
            connection.socket.close()
    return sum(connection.count for connection in open_ones) / took


def connect(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.setblocking(False)
    return made


def serve(selector: selectors.BaseSelector, connection: Connection, ready: int) -> None:
    if ready & selectors.EVENT_WRITE:
        connection.go_on()
        watch(selector, connection)
    if ready & selectors.EVENT_READ and connection.read():
        connection.count += 1
        connection.begin()
        watch(selector, connection)


def watch(selector: selectors.BaseSelector, connection: Connection) -> None:
    """For room to send as long as something is left to be sent; a change costs a call."""
    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.left else 0)
    if selector.get_key(connection.socket).events != wanted:
        selector.modify(connection.socket, wanted, connection)

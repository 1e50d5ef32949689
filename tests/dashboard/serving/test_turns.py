"""Requests work one after the other, and nobody waits for who waits for something else."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from dashboard.serving.turns import Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def test_all_of_many_are_answered_and_none_works_beside_another() -> None:
    working, met = Lock(), []

    def app(_environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        met.append(working.acquire(blocking=False))
        working.release()
        start("200 OK", [])
        return [b"done"]

    client = Client(Turns(app, patience_s=60))
    with ThreadPoolExecutor(5) as pool:
        said = list(pool.map(lambda _: client.get("/").data, range(50)))

    assert said == [b"done"] * 50
    assert all(met)


def test_who_waits_for_something_else_does_not_hold_up_others() -> None:
    second_is_in = Event()

    def app(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        start("200 OK", [])
        if environ["PATH_INFO"] == "/second":
            second_is_in.set()
        return [b"in time" if second_is_in.wait(20) else b"too late"]

    client = Client(Turns(app))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(client.get, "/first")
        assert client.get("/second").data == b"in time"

    assert first.result().data == b"in time"


def test_a_turn_ends_with_an_error_too() -> None:
    def app(_environ: "WSGIEnvironment", _start: "StartResponse") -> Iterable[bytes]:
        raise RuntimeError("broken")

    turns = Turns(app)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            Client(turns).get("/")

    assert not turns._turn.locked()

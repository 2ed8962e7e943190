"""The selector behind libcurl: what rests between two requests neither wakes nor misleads anybody."""

import os
import select
import socket
from collections.abc import Iterator

import pycurl
import pytest

from gateway.deliver.sockets import Sockets

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    sockets = Sockets()
    yield sockets
    sockets.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    near, far = socket.socketpair()
    yield near, far
    near.close()
    far.close()


def test_a_socket_is_ready_for_what_libcurl_waits_for(sockets: Sockets, pair: Pair) -> None:
    near, far = pair
    sockets.wait_for(pycurl.POLL_IN, near.fileno(), None, None)
    assert sockets.ready() == []
    far.send(b"x")
    assert sockets.ready() == [(near.fileno(), pycurl.CSELECT_IN)]
    sockets.wait_for(pycurl.POLL_INOUT, near.fileno(), None, None)
    assert sockets.ready() == [(near.fileno(), pycurl.CSELECT_IN | pycurl.CSELECT_OUT)]


def test_a_resting_socket_is_dropped_when_its_peer_stirs(sockets: Sockets, pair: Pair) -> None:
    near, far = pair
    sockets.wait_for(pycurl.POLL_IN, near.fileno(), None, None)
    sockets.wait_for(pycurl.POLL_REMOVE, near.fileno(), None, None)
    far.close()
    assert sockets.ready() == []
    assert select.select([sockets], [], [], 0) == ([], [], [])
    sockets.wait_for(pycurl.POLL_IN, near.fileno(), None, None)
    assert sockets.ready() == [(near.fileno(), pycurl.CSELECT_IN)]


def test_a_resting_socket_is_awake_again_when_libcurl_asks(sockets: Sockets, pair: Pair) -> None:
    near, far = pair
    for what in (pycurl.POLL_IN, pycurl.POLL_REMOVE, pycurl.POLL_IN):
        sockets.wait_for(what, near.fileno(), None, None)
    far.send(b"x")
    assert sockets.ready() == [(near.fileno(), pycurl.CSELECT_IN)]


def test_a_new_socket_with_an_old_number_is_watched(sockets: Sockets, pair: Pair) -> None:
    number = pair[0].fileno()
    sockets.wait_for(pycurl.POLL_IN, number, None, None)
    sockets.wait_for(pycurl.POLL_REMOVE, number, None, None)
    other, peer = socket.socketpair()
    with other, peer:
        os.dup2(other.fileno(), number)
        sockets.opened(number)
        sockets.wait_for(pycurl.POLL_IN, number, None, None)
        peer.send(b"x")
        assert sockets.ready() == [(number, pycurl.CSELECT_IN)]

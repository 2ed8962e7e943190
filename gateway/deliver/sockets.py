"""The sockets that libcurl waits for, in one selector, which itself is one descriptor to the event loop.

libcurl asks for a socket with each request and lets go of it with each answer. A pooled connection is
soon asked for again, so its socket stays registered in between ("resting"): two system calls and two
Python calls fewer per request. If something stirs on a resting socket, its peer has closed it, and it
is dropped from the selector then; libcurl finds out when it next wants to use the connection.

libcurl does not say when it closes a resting socket, and the system gives its number to the next one.
So every new socket must be announced with `opened`, which forgets the old holder of the number.
"""

import selectors

import pycurl


class Sockets:
    """Which of libcurl's sockets are ready.

    The event bits of `selectors` have the values of libcurl's POLL_IN, POLL_OUT, CSELECT_IN, CSELECT_OUT.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._registered: dict[int, int] = {}
        self._resting: set[int] = set()

    def fileno(self) -> int:
        """Readable whenever one of the sockets is ready."""
        return self._selector.fileno()

    def wait_for(self, what: int, descriptor: int, _multi: object, _data: object) -> None:
        """libcurl's socket callback: what it now wants to know of a socket."""
        if what == pycurl.POLL_REMOVE:
            self._resting.add(descriptor)
            return
        self._resting.discard(descriptor)
        registered = self._registered.get(descriptor)
        if registered == what:
            return
        if registered is None:
            self._selector.register(descriptor, what)
        else:
            self._selector.modify(descriptor, what)
        self._registered[descriptor] = what

    def opened(self, descriptor: int) -> None:
        """A new socket has this number; whatever had it before is closed."""
        if descriptor in self._registered:
            self._forget(descriptor)

    def ready(self) -> list[tuple[int, int]]:
        """Descriptors and event bits to tell libcurl of."""
        events = []
        for key, mask in self._selector.select(0):
            if key.fd in self._resting:
                self._forget(key.fd)
            else:
                events.append((key.fd, mask))
        return events

    def _forget(self, descriptor: int) -> None:
        self._resting.discard(descriptor)
        del self._registered[descriptor]
        self._selector.unregister(descriptor)

    def close(self) -> None:
        """Close the selector, not the sockets: they are libcurl's."""
        self._selector.close()

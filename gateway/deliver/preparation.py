"""What goes over the wire for one job: pure, from the endpoint, the stored bytes and the time."""

from gateway.deliver.exchange import Request
from gateway.deliver.rendering import render
from gateway.deliver.signing import sign_headers
from gateway.store.records import Endpoint, Job, RawElement

Headers = tuple[tuple[str, str], ...]
USER_AGENT = "social-gateway"


class Preparation:
    """Makes the requests of one endpoint as it is configured now; what never changes is made once."""

    __slots__ = ("_as_stored", "_endpoint", "_native", "_own", "wants_raw")

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._own: Headers = (("user-agent", USER_AGENT), *endpoint.headers.items())
        self._native: Headers = (("content-type", "application/json"), *self._own)
        self.wants_raw = endpoint.include_raw or endpoint.format == "raw"
        """The platform's own bytes are needed."""
        self._as_stored = endpoint.format == "native" and not endpoint.include_raw

    def request(self, job: Job, timestamp: int, raw: RawElement | None) -> Request | None:
        """The signed request; None: the endpoint's format leaves this event out.

        `timestamp` is the attempt's, in Unix seconds; id and body are the same on every attempt.
        """
        endpoint = self._endpoint
        if self._as_stored:
            return self._signed(job, timestamp, job.body, self._native)
        rendering = render(endpoint.format, job.body, endpoint=endpoint, raw=raw)
        if rendering is None:
            return None
        headers = (("content-type", rendering.content_type), *self._own, *rendering.headers)
        return self._signed(job, timestamp, rendering.body, headers)

    def _signed(self, job: Job, timestamp: int, body: bytes, headers: Headers) -> Request:
        endpoint = self._endpoint
        signature = sign_headers(job.webhook_id, timestamp, body, endpoint.secrets)
        return Request(
            url=endpoint.url, headers=headers + signature, body=body, timeout_ms=endpoint.timeout_ms
        )

"""What goes over the wire for one job: pure, from the endpoint, the stored bytes and the time."""

from gateway.deliver.exchange import Request
from gateway.deliver.rendering import render
from gateway.deliver.signing import sign_headers
from gateway.store.records import Endpoint, Job, RawElement

Headers = tuple[tuple[str, str], ...]
USER_AGENT = "social-gateway"
REPLAYED: Headers = (("webhook-replay", "true"),)
"""Not signed: it tells why a delivery comes now, and nothing about what is in it."""


class Preparation:
    """Makes the requests of one endpoint as it is configured now; what never changes is made once.

    The format is the job's own: the endpoint may have got another one between two attempts.
    """

    __slots__ = ("_endpoint", "_lasting_keys", "_native", "_own")

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        expires = any(secret.expires_at is not None for secret in endpoint.secrets)
        self._lasting_keys = None if expires else endpoint.signing_keys(0)
        self._own: Headers = (("user-agent", USER_AGENT), *_own_headers(endpoint))
        self._native: Headers = (("content-type", "application/json"), *self._own)

    def request(self, job: Job, timestamp: int, raw: RawElement | None) -> Request | None:
        """The signed request; None: the job's format leaves this event out.

        `timestamp` is the attempt's, in Unix seconds; id and body are the same on every attempt.
        """
        if job.format == "native" and raw is None:
            return self._signed(job, timestamp, job.body, self._native)
        rendering = render(job.format, job.body, endpoint=self._endpoint, raw=raw)
        if rendering is None:
            return None
        headers = (("content-type", rendering.content_type), *self._own, *rendering.headers)
        return self._signed(job, timestamp, rendering.body, headers)

    def _signed(self, job: Job, timestamp: int, body: bytes, headers: Headers) -> Request:
        endpoint = self._endpoint
        keys = self._lasting_keys
        if keys is None:
            keys = endpoint.signing_keys(timestamp * 1_000)
        signature = sign_headers(job.webhook_id, timestamp, body, keys)
        if job.replay:
            signature += REPLAYED
        return Request(
            url=endpoint.url, headers=headers + signature, body=body, timeout_ms=endpoint.timeout_ms
        )


def wants_raw(job: Job) -> bool:
    """Whether the platform's own bytes are needed for its request."""
    return job.include_raw or job.format == "raw"


def _own_headers(endpoint: Endpoint) -> Headers:
    """The customer's headers; an `Authorization` of its own takes the place of one among them."""
    headers = tuple(endpoint.headers.items())
    if endpoint.authorization is None:
        return headers
    others = tuple(header for header in headers if header[0].lower() != "authorization")
    return (*others, ("authorization", endpoint.authorization))

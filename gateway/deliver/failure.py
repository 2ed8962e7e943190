"""libcurl's error codes in the words of an attempt: pure, from facts to an error class and a sentence.

The sentences are the customer's: they name neither addresses nor our own insides.
"""

from enum import Enum

import pycurl

from gateway.deliver.exchange import Failure

_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl does not name: a header line longer than libcurl accepts."""

REFUSED = Failure(error="connect", detail="The receiver did not accept the connection.")
NOT_HTTP = Failure(error="reset", detail="The receiver did not answer in HTTP.")
OVERSIZED_HEADERS = Failure(error="too_large", detail="The answer's headers are larger than is accepted.")
REDIRECT = Failure(error="redirect", detail="The receiver answered with a redirect, which is not followed.")
BLOCKED = Failure(error="blocked_address", detail="The connection would have led to a forbidden address.")
NO_RESOURCES = Failure(error="internal", detail="The gateway has no free connection at the moment.")
NO_TUNNEL = Failure(error="internal", detail="The gateway's egress proxy opened no tunnel to the receiver.")
TOO_LATE = Failure(error="internal", detail="The gateway was too busy to send the request in time.")
STOPPED = Failure(error="internal", detail="The gateway stopped before the exchange was over.")
BROKEN = Failure(error="internal", detail="The gateway's HTTP client failed.")

_CONSTANT = {
    pycurl.E_COULDNT_CONNECT: REFUSED,
    pycurl.E_UNSUPPORTED_PROTOCOL: NOT_HTTP,  # an answer without a status line passes for HTTP/0.9
    pycurl.E_FTP_WEIRD_SERVER_REPLY: NOT_HTTP,  # CURLE_WEIRD_SERVER_REPLY
    pycurl.E_BAD_CONTENT_ENCODING: NOT_HTTP,
    _TOO_LARGE: OVERSIZED_HEADERS,
}
_TLS = frozenset(
    (
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
    )
)
_BROKEN_OFF = frozenset(
    (pycurl.E_RECV_ERROR, pycurl.E_SEND_ERROR, pycurl.E_PARTIAL_FILE, pycurl.E_GOT_NOTHING)
)


class Progress(Enum):
    """How far an exchange came, in words that follow "The receiver"."""

    NOTHING = "could not be connected to"
    CONNECTED = "accepted the connection but did not finish the TLS handshake"
    SENT = "took the request but did not begin to answer"
    ANSWERING = "began to answer but did not finish"


def failure_of(code: int, message: str, progress: Progress, timeout_ms: int) -> Failure:
    """The failure that libcurl reports with this code and message."""
    if constant := _CONSTANT.get(code):
        return constant
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return Failure(error="timeout", detail=f"The receiver {progress.value} within {timeout_ms} ms.")
    if code in _TLS:
        return Failure(error="tls", detail=f"No trusted TLS connection: {message}.")
    if code in _BROKEN_OFF:
        when = "answer was complete" if progress is Progress.ANSWERING else "answer began"
        return Failure(error="reset", detail=f"The connection was closed before the {when}.")
    return Failure(error="internal", detail=f"The request could not be made (libcurl error {code}).")

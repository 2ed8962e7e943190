"""Verifies deliveries. The standard library is enough for `whsec_`; `whpk_` needs `cryptography`.

WEBHOOK_SECRET=whsec_… PORT=9000 python verify.py
"""

import hmac
import os
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300


def verify(key: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether the gateway signed these very bytes, and less than five minutes ago. Names in lower case."""
    timestamp = headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    content = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    entries = [entry.partition(",") for entry in headers.get("webhook-signature", "").split()]
    version, fits = ("v1a", fits_ed25519) if key.startswith("whpk_") else ("v1", fits_hmac)
    return any(entry[0] == version and fits(key, content, entry[2]) for entry in entries)


def fits_hmac(key: str, content: bytes, signature: str) -> bool:
    expected = b64encode(hmac.digest(b64decode(key.removeprefix("whsec_")), content, "sha256"))
    return hmac.compare_digest(expected, signature.encode())


def fits_ed25519(key: str, content: bytes, signature: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public_key = Ed25519PublicKey.from_public_bytes(b64decode(key.removeprefix("whpk_")))
    try:
        public_key.verify(b64decode(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


# A server to try it with:


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        verified = verify(os.environ["WEBHOOK_SECRET"], headers, body, time.time())
        if verified:
            # One write: several requests are answered at once.
            print(body.decode() + "\n", end="", flush=True)
        self.send_response(204 if verified else 401)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()

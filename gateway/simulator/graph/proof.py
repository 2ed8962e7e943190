"""`appsecret_proof`: hex HMAC-SHA256 with the app secret as key and the access token as message."""

import hashlib
import hmac

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call


def check(call: Call, *, always: bool = False) -> None:
    """Refuse a wrong proof, and a missing one where the app or the edge asks for it. Raises GraphError."""
    token = call.token()
    app = call.meta.apps[token.app]
    given = call.text("appsecret_proof")
    if not given and (always or app.requires_proof):
        raise errors.messenger(100, message="API calls from the server require an appsecret_proof argument")
    secrets = {app.secret, app.instagram_secret} if token.kind == "instagram" else {app.secret}
    expected = [
        hmac.digest(secret.encode(), token.value.encode(), hashlib.sha256).hex() for secret in secrets
    ]
    if given and given not in expected:
        raise errors.messenger(100, message="Invalid appsecret_proof provided in the API argument")

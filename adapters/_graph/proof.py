"""`appsecret_proof`: that who has the token also has the app's secret. Meta, "Secure Graph API Requests"."""

import hashlib
import hmac


def appsecret_proof(token: str, app_secret: str) -> str:
    """The hex digest of HMAC-SHA256 with the app secret as the key and the access token as the message."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()

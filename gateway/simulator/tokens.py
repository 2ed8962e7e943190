"""Access tokens: whose they are, what they allow, how they end."""

from collections.abc import Iterator

from msgspec import Struct

MESSENGER_PERMISSIONS = frozenset({
    "pages_messaging", "pages_manage_metadata", "pages_show_list", "pages_read_engagement",
    "pages_user_locale", "pages_user_timezone", "pages_user_gender", "instagram_basic",
    "instagram_manage_messages",
})  # fmt: skip
INSTAGRAM_PERMISSIONS = frozenset({"instagram_business_basic", "instagram_business_manage_messages"})
WHATSAPP_PERMISSIONS = frozenset({"whatsapp_business_messaging", "whatsapp_business_management"})

EXPIRED = 463
PASSWORD_CHANGED = 460
APP_REMOVED = 458
INVALID = 467


class Token(Struct, kw_only=True):
    """One access token."""

    value: str
    kind: str
    """`page`, `instagram` (Instagram Login), `system` (WhatsApp), `user` (Facebook Login), `app`."""
    owner: str
    """The id of the Page, Instagram account, business, user or app it speaks for."""
    app: str
    permissions: frozenset[str]
    expires_ms: int | None = None
    ended: int | None = None
    """The subcode of error 190 that calls now get: the token was revoked."""

    def __repr__(self) -> str:
        return f"Token(kind={self.kind!r}, owner={self.owner!r})"


class Tokens:
    """All tokens ever given."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens.values())

    def add(self, token: Token) -> Token:
        """Hand it out."""
        self._tokens[token.value] = token
        return token

    def find(self, value: str) -> Token | None:
        """The token of these characters, whatever has become of it."""
        return self._tokens.get(value)

    def of(self, owner: str) -> Token:
        """The newest token that speaks for an asset. Raises KeyError."""
        for token in reversed(self._tokens.values()):
            if token.owner == owner:
                return token
        raise KeyError(owner)

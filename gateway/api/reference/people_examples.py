"""One example of every object of the API that is about people, by the name of its schema."""

from typing import Any

_CONVERSATION = {
    "id": "conv_fb_m4k7x2q5v3n6t7r2z4c5",
    "platform": "facebook",
    "page_id": "104857600000001",
    "started": True,
    "last_inbound_at": 1767225661,
    "aliases": [],
}
_CONTACT = {
    "id": "usr_0f3f6a52-6c0c-4a8e-9d53-1f6f3f0f8a11",
    "platform": "facebook",
    "name": "Rosa Lind",
    "username": None,
    "locale": "pt_BR",
    "asid": None,
    "is_active": True,
    "identities": [
        {
            "kind": "psid",
            "value": "7316482059174832",
            "scope": "104857600000001",
            "is_active": True,
            "stale_reason": None,
            "stale_since": None,
            "former": False,
        }
    ],
    "consents": [
        {
            "page_id": "104857600000001",
            "topic": "Weekly offers",
            "state": "opted_in",
            "source": "notification_messages",
            "at": 1767225661,
            "expires_at": None,
        }
    ],
    "profile": {
        "fields": {"first_name": "Rosa", "last_name": "Lind", "locale": "pt_BR"},
        "missing": None,
        "fetched_at": 1767225670,
        "fresh_until": 1767312070,
    },
    "conversations": [_CONVERSATION],
    "shared": False,
    "created_at": 1767225661,
}
_IDENTITY = {"kind": "asid", "value": "10209318255312345", "scope": "2210"}
_ERASURE = {
    "code": "9f2c4e61b7d8a3050c1e2f3a4b5c6d7e",
    "state": "running",
    "events": 0,
    "requested_at": 1767225661,
    "finished_at": None,
}

PEOPLE: dict[str, Any] = {
    "StoredContact": _CONTACT,
    "ContactConversation": _CONVERSATION,
    "NamedIdentity": _IDENTITY,
    "Login": {"asid": "10209876543210123", "app_id": "2210348790001"},
    "MatchedLogin": {
        "identities": [{"kind": "psid", "value": "7001234567890123", "scope": "104857600000001"}],
        "contacts": [_CONTACT],
    },
    "Merge": {"contact_id": "usr_1c8f6a52-6c0c-4a8e-9d53-1f6f3f0f8a12"},
    "IdentityConfirmation": {"suspect": "usr_1c8f6a52-6c0c-4a8e-9d53-1f6f3f0f8a12"},
    "Erasure": _ERASURE,
    "NewErasure": {"platform": "facebook", **_IDENTITY},
}

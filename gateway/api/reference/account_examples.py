"""Examples of accounts and what is done with them."""

from typing import Any

_ACCOUNT = {
    "id": "acc_7k2mzqv4t6x3n5c7b2d4f6h3jl",
    "customer_id": "default",
    "platform": "facebook",
    "page_id": "104857600000001",
    "name": "Rosa's Flowers",
    "waba_id": None,
    "app_id": None,
    "degraded": None,
    "fetching_since": None,
    "has_access_token": True,
    "created_at": 1767225600,
}

ACCOUNTS: dict[str, Any] = {
    "Account": _ACCOUNT,
    "NewAccount": {
        "platform": "facebook",
        "page_id": "104857600000001",
        "name": "Rosa's Flowers",
        "access_token": "EAAGm0PX4ZCpsBO1qkZC",
    },
    "AccountImport": {"access_token": "EAAGm0PX4ZCpsBO1qkZC", "platforms": ["facebook"], "dry_run": True},
    "ImportReport": {
        "dry_run": True,
        "data": [
            {
                "platform": "facebook",
                "page_id": "104857600000001",
                "name": "Rosa's Flowers",
                "waba_id": None,
                "result": "found",
                "account_id": None,
                "subscribed": False,
                "code": None,
                "detail": None,
            }
        ],
    },
    "AccountHealth": {
        "account_id": _ACCOUNT["id"],
        "platform": "facebook",
        "page_id": "104857600000001",
        "healthy": False,
        "checked_at": 1767225600,
        "fetching_since": None,
        "findings": [
            {
                "code": "not_subscribed",
                "detail": "The app is not subscribed to the account: Meta tells us nothing of it.",
                "remedy": "gateway doctor --fix, or POST /v1/accounts/{id}/subscribe.",
                "fixable": True,
            }
        ],
    },
    "BackfillStep": {"since": 1767225600},
    "BackfillProgress": {"stored": 12, "duplicates": 3, "next_cursor": None},
    "AccountMove": {"customer_id": "default"},
    "UsageReport": {
        "month": "2026-01",
        "data": [
            {
                "customer_id": "default",
                "platform": "facebook",
                "page_id": "104857600000001",
                "account_id": "acc_7k2mzqv4t6x3n5c7b2d4f6h3jl",
                "messages_received": 1204,
                "messages_sent": 977,
                "conversations": 312,
            }
        ],
    },
}

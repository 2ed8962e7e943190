"""One example of every object of the API that is about customers, by the name of its schema."""

from typing import Any

_NAMED = {"name": "Rosa's Flowers", "metadata": {"plan": "small"}}
_KEEP = {"raw": False, "content": True, "profile": ["first_name", "locale"]}
CUSTOMERS: dict[str, Any] = {
    "Customer": {
        "id": "cus_2x5v7q3n4k6m7t2r5z3c4b6d7f",
        **_NAMED,
        "keep": _KEEP,
        "created_at": 1767225600,
    },
    "NewCustomer": _NAMED,
    "CustomerChange": {"keep": _KEEP},
    "Keep": _KEEP,
    "KeepChange": {"content": False},
}

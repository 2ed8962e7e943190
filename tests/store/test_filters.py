"""Which events an endpoint takes."""

import pytest

from gateway.store.records import Endpoint

EVENT = ("message.received", "facebook", "1001")


@pytest.mark.parametrize(
    ("filters", "taken"),
    [
        ({}, True),
        ({"events": ("message.received",)}, True),
        ({"events": ("status.update", "message.*")}, True),
        ({"events": ("message.echo",)}, False),
        ({"platforms": ("facebook",)}, True),
        ({"platforms": ("whatsapp",)}, False),
        ({"page_ids": ("1001", "1002")}, True),
        ({"page_ids": ("1002",)}, False),
        ({"events": ("message.*",), "platforms": ("facebook",), "page_ids": ("1002",)}, False),
    ],
)
def test_an_endpoint_takes_what_all_of_its_filters_let_through(
    filters: dict[str, tuple[str, ...]], taken: bool
) -> None:
    base = {"id": "ep_1", "customer_id": "cus_1", "secrets": (), "created_at": 0}
    assert Endpoint(**base, **filters).wants(*EVENT) is taken  # type: ignore[arg-type]


def test_an_event_of_no_page_is_for_endpoints_that_name_none() -> None:
    base = Endpoint(id="ep_1", customer_id="cus_1", secrets=(), created_at=0, events=("endpoint.*",))
    assert base.wants("endpoint.failing", "", "")

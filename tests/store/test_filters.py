"""Which events an endpoint takes."""

import pytest
from msgspec.structs import replace

from gateway.store.records import Endpoint

PLAIN = Endpoint(id="ep_1", customer_id="cus_1", secrets=(), created_at=0)
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
    assert replace(PLAIN, **filters).wants(*EVENT) is taken


def test_an_event_of_no_page_is_for_endpoints_that_name_none() -> None:
    assert replace(PLAIN, events=("endpoint.*",)).wants("endpoint.failing", "", "")

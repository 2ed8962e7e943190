"""How near the limits are, from Meta's headers."""

import pytest

from adapters._graph.usage import usage
from adapters.sending import Usage


def test_every_header_is_read() -> None:
    headers = {
        "x-app-usage": '{"call_count":28,"total_time":25,"total_cputime":31.7}',
        "x-page-usage": '{"call_count":5}',
        "x-business-use-case-usage": (
            '{"1001":[{"type":"messenger","call_count":100,"total_time":3,'
            '"estimated_time_to_regain_access":5}],"77":[{"type":"whatsapp","call_count":1}]}'
        ),
    }
    assert usage(headers) == (
        Usage(kind="app", percent=31),
        Usage(kind="page", percent=5),
        Usage(kind="business", percent=100, id="1001", type="messenger", regain_access_seconds=300),
        Usage(kind="business", percent=1, id="77", type="whatsapp"),
    )


@pytest.mark.parametrize("written", ["", "x", "[]", "{}", '{"call_count":"many"}', '{"1":{}}', '{"1":[5]}'])
def test_what_cannot_be_read_is_left_out(written: str) -> None:
    assert usage({"x-app-usage": written, "x-business-use-case-usage": written}) == ()

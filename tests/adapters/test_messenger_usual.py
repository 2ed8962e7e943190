"""The short way through the decoder gives what the long way gives."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import facebook, instagram
from adapters._messenger.channel import Channel
from adapters._messenger.decoding import general
from adapters._messenger.usual import usual
from tests.adapters.envelopes import PAGE, PSID, TIME, body, envelope, inbound, outbound
from tests.adapters.samples import platform, samples
from tests.adapters.shapes import ITEMS

CHANNELS = {"facebook": facebook.CHANNEL, "instagram": instagram.CHANNEL}
ADDRESSED = st.builds(
    lambda item, address: item | address,
    ITEMS,
    st.sampled_from([inbound(), outbound(), {"sender": {"id": PSID}, "recipient": {"id": PAGE}}, {}]),
)


def _same(raw: bytes, channel: Channel) -> bool:
    short = usual(raw, channel)
    return short is None or [short] == general(raw, channel)


@given(ADDRESSED, st.sampled_from([PAGE, PSID, "0", ""]))
def test_both_ways_agree_on_any_item(item: dict[str, Any], page: str) -> None:
    assert _same(body(envelope(item, page=page)), facebook.CHANNEL)


@pytest.mark.parametrize("sample", samples(), ids=lambda path: path.stem)
def test_both_ways_agree_on_every_sample(sample: Path) -> None:
    channel = CHANNELS.get(platform(sample), facebook.CHANNEL)
    assert _same(sample.read_bytes(), channel)


@pytest.mark.parametrize(
    "item",
    [
        inbound(message={"mid": "m", "text": "x"}),
        inbound(message={"mid": "m", "attachments": [{"type": "image", "payload": {"url": "u"}}]}),
        outbound(message={"mid": "m", "text": "x", "is_echo": True, "app_id": 5}),
        inbound(delivery={"mids": ["m"], "watermark": TIME}),
        inbound(read={"watermark": TIME}),
        inbound(postback={"mid": "m", "title": "t", "payload": "p"}),
        inbound(reaction={"mid": "m", "action": "react", "emoji": "x"}),
    ],
)
def test_what_is_frequent_goes_the_short_way(item: dict[str, Any]) -> None:
    assert usual(body(envelope(item)), facebook.CHANNEL) is not None


@pytest.mark.parametrize(
    "raw",
    [
        envelope(inbound(message={"mid": "m"}), inbound(message={"mid": "m"})),
        envelope(inbound(message={"mid": "m"}), container="standby"),
        envelope(inbound(message={"mid": "m"}), page="0"),
        envelope(inbound(message={"mid": "m"}), platform="instagram"),
        envelope(inbound(message={"mid": "m"})) | {"more": {}},
        envelope(inbound(message={"mid": "m"}) | {"timestamp": "soon"}),
        envelope(inbound(message={})),
        envelope(inbound(new={})),
    ],
)
def test_what_is_otherwise_goes_the_long_way(raw: Any) -> None:
    assert usual(body(raw), facebook.CHANNEL) is None

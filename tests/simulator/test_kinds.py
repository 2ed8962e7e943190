"""Every kind of webhook: signed, posted, and understood by the adapters as what it is meant to be."""

import pytest

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound, Secrets
from gateway.simulator import KINDS
from tests.adapters.samples import platform, samples
from tests.simulator.callbacks import Post
from tests.simulator.towns import Town, town

NO_KIND = {
    "batch": "several elements in one envelope: the manner `hold`",
    "container": "shapes that only documentation and fuzzers print",
    "quarantined": "not what Meta sends",
    "unknown": "not what Meta sends",
    "optout": "Meta documents no such payload",
    "shape": "shapes that only documentation and fuzzers print",
    "contacts": "a value without anything in it, seen in third-party recordings only",
    "consumer_profile": "Meta documents no such payload",
    "test": "the dashboard's own constants, with entry id 0",
}
EXPECTED = {
    ("facebook", "text"): "message.received",
    ("facebook", "inbox_echo"): "message.echo",
    ("facebook", "stop"): "contact.opted_out",
    ("facebook", "comment_removed"): "comment.deleted",
    ("facebook", "control_requested"): "thread.control_requested",
    ("instagram", "unsent"): "message.deleted",
    ("instagram", "hint"): "message.hinted",
    ("instagram", "seen"): "status.update",
    ("whatsapp", "template_button"): "message.received",
    ("whatsapp", "unreaction"): "reaction.removed",
    ("whatsapp", "number_changed"): "contact.identity_changed",
    ("whatsapp", "history"): "history.imported",
    ("whatsapp", "errors"): "account.update",
}


def asset_of(made: Town, platform_: str) -> str:
    return {"facebook": made.page.id, "instagram": made.account.id, "whatsapp": made.number.id}[platform_]


def decoded(made: Town, platform_: str, post: Post) -> list[Decoded]:
    """What the adapter makes of a webhook, once its signature holds."""
    app = made.meta.app
    secret = app.instagram_secret if platform_ == "instagram" else app.secret
    signature = (b"x-hub-signature-256", post.headers["x-hub-signature-256"].encode())
    inbound = Inbound(post.body, [signature])
    ADAPTERS[platform_].verify(inbound, Secrets(app_secrets=(secret,), verify_token=""))
    return [one for one in ADAPTERS[platform_].decode(inbound) if isinstance(one, Decoded)]


@pytest.mark.anyio
@pytest.mark.parametrize("platform_", KINDS)
async def test_the_adapter_knows_every_kind(platform_: str) -> None:
    async with town() as made:
        asset = asset_of(made, platform_)
        for kind in KINDS[platform_]:
            (sent,) = await made.acts.does("anna", asset, kind)
            assert sent.status == 200, kind
            elements = decoded(made, platform_, made.callback.posts[-1])
            assert elements, kind
            for element in elements:
                assert element.event.event != "unknown", (kind, element.envelope)
                assert element.event.page_id in (asset, made.meta.asset(asset).entry_id), kind


@pytest.mark.anyio
async def test_a_kind_is_the_event_that_its_name_says() -> None:
    async with town() as made:
        for (platform_, kind), event in EXPECTED.items():
            await made.acts.does("anna", asset_of(made, platform_), kind)
            found = decoded(made, platform_, made.callback.posts[-1])
            assert found[0].event.event == event, kind


def test_every_family_of_samples_has_a_kind_or_a_reason() -> None:
    for sample in samples():
        family = sample.name.partition("__")[0]
        families = {kind.family for kind in KINDS[platform(sample)].values()}
        assert family in families or family in NO_KIND, sample

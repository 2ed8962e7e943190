"""Envelopes that other projects recorded or made up: nothing is lost, and what they expect holds.

The corpus lies beside the repository (`../shared/fixtures`) and is not part of it.
"""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound, Secrets
from adapters.event import Event

UNKNOWN = {
    "facebook/Yoctol-bottender__messenger-otherRequest.json": "the container `other` does not exist",
    "facebook/Yoctol-bottender__messenger-standbyRequest.json": "two parties, and nothing that happened",
    "facebook/botman-driver-facebook__it-calls-checkout-update-event.json": "a product that was withdrawn",
    "facebook/botman-driver-facebook__it-calls-generic-event-for-unkown-facebook-events.json": "made up",
    "facebook/botman-driver-facebook__it-returns-the-message-2.json": "an empty item",
    "facebook/messenger4j-messenger4j__shouldHandleEventTypeThatIsUnsupported.json": "made up",
    "facebook/messenger4j-messenger4j__shouldThrowExceptionIfObjectTypeIsNotPage.json": "a made-up `object`",
    "whatsapp/david-lev-pywa__template-components-update-element.json": "repeats itself beside `entry`",
    "whatsapp/fazer-ai-chatwoot__chatwoot-wa-None.json": "an empty entry",
    "whatsapp/fazer-ai-chatwoot__chatwoot-wa-None-2.json": "whose number, and nothing that happened",
    "whatsapp/fazer-ai-chatwoot__chatwoot-wa-None-3.json": "whose number, and nothing that happened",
    "whatsapp/fazer-ai-chatwoot__chatwoot-wa-entry-not-list.json": "an empty entry",
}
"""Files with an `unknown`, and why; everything that Meta documents has a name."""

COUNTS = {
    "facebook/Yoctol-bottender__messenger-otherRequest.json": (1, "an item of an unknown container counts"),
    "whatsapp/LimaLb01-endpoint-flow__metadocs-flows-CLIENT-ERROR-RATE.json": (1, "its `errors` are details"),
    "whatsapp/LimaLb01-endpoint-flow__metadocs-flows-ENDPOINT-ERROR-RATE.json": (
        1,
        "its `errors` are details",
    ),
    "whatsapp/david-lev-pywa__call-terminate-call-terminate.json": (1, "the error is the call's"),
    "whatsapp/david-lev-pywa__message-interactive-message-with-err.json": (1, "the error is the message's"),
    "whatsapp/david-lev-pywa__template-components-update-element.json": (2, "repeats itself beside `entry`"),
    "whatsapp/fazer-ai-chatwoot__chatwoot-wa-entry-not-list.json": (1, "an empty entry counts"),
}
"""Files with another number of events than the index has items, and why."""

NOT_THE_PAGE = (
    "the test looks at `recipient`, which we give as `to`; the page is the one that the entry names"
)
NOT_FROM = "the test looks at the contact's wa_id, not at the message's own `from`"
DISAGREEMENTS = {
    **{
        f"facebook/messenger4j-messenger4j__shouldHandle{case}.json": NOT_THE_PAGE
        for case in (
            "TextEchoMessageEvent",
            "TemplateEchoMessageEvent",
            "TextMessageEventWithPriorMessage",
            "PostbackEvent",
            "PostbackEventWithoutReferral",
            "InstantGameEvent",
        )
    },
    **{
        f"instagram/fazer-ai-chatwoot__chatwoot-{case}-event.json": NOT_THE_PAGE
        for case in (
            "instagram-message-create",
            "instagram-message-standby",
            "instagram-message-unsend",
            "instagram-message-attachment",
            "instagram-story-mention",
            "messaging-seen",
            "instagram-message-unsupported",
        )
    },
    "whatsapp/netflie-whatsapp-cloud-api__a-notification.json": NOT_FROM,
    "whatsapp/netflie-whatsapp-cloud-api__a-forwarded-notification.json": NOT_FROM,
    "whatsapp/netflie-whatsapp-cloud-api__test-build-from-payload-can-keep-wa-id-priority-when-user-id-is-present"
    ".json": NOT_FROM,
}
"""Where another project's test expects something else than EVENTS says, and what."""


def _rows(shared: Path, table: str) -> list[dict[str, str]]:
    with (shared / "fixtures" / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _events(shared: Path, name: str) -> list[Event]:
    body = (shared / "fixtures" / name).read_bytes()
    decoded = ADAPTERS[name.partition("/")[0]].decode(Inbound(body))
    assert all(isinstance(element, Decoded) for element in decoded), name
    return [element.event for element in decoded if isinstance(element, Decoded)]


def test_every_object_in_a_container_is_an_event(shared: Path) -> None:
    for row in _rows(shared, "INDEX.tsv"):
        listed = int(row["entries/items"].partition("/")[2])
        expected, _ = COUNTS.get(row["file"], (listed, ""))
        assert len(_events(shared, row["file"])) == expected, row["file"]


def test_everything_that_meta_documents_has_a_name(
    shared: Path, record_property: Callable[[str, object], None]
) -> None:
    coverage: Counter[str] = Counter()
    unknown = set()
    for row in _rows(shared, "INDEX.tsv"):
        for event in _events(shared, row["file"]):
            coverage[f"{event.event} {event.platform}"] += 1
            unknown |= {row["file"]} if event.event == "unknown" else set()
    for kind, count in sorted(coverage.items()):
        record_property(kind, count)
    assert unknown == UNKNOWN.keys()


def test_what_other_projects_expect_holds(shared: Path) -> None:
    disagreements = set()
    for row in _rows(shared, "EXPECT.tsv"):
        events = _events(shared, row["file"])
        stated: list[tuple[str, set[str | None]]] = [
            (row["expected_sender_id"], {event.from_ for event in events}),
            (row["expected_channel_id"], {event.page_id for event in events}),
            (row["expected_message_id"], {mid for event in events for mid in _message_ids(event)}),
        ]
        if any(expected and expected not in found for expected, found in stated):
            disagreements.add(row["file"])
    assert disagreements == DISAGREEMENTS.keys()


def _message_ids(event: Event) -> list[str | None]:
    told: list[str | None] = [*event.status.message_ids] if event.status else []
    told += [event.message.id] if event.message else []
    return told + ([event.reaction.target.message_id] if event.reaction else [])


def test_a_recorded_signature_holds(shared: Path) -> None:
    body = (shared / "fixtures/whatsapp/david-lev-pywa__signed-real-text.json").read_bytes()
    header = b"sha256=54edfa1d7259e0eb13c677cc7d73d1b5c86cfa12433d19156e058ab9251bc441"
    secrets = Secrets(app_secrets=("1222e786b144d0e85b9f365372d93676",), verify_token="")
    ADAPTERS["whatsapp"].verify(Inbound(body, ((b"x-hub-signature-256", header),)), secrets)


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_file_of_the_corpus_is_in_its_index(shared: Path, name: str) -> None:
    files = {f"{name}/{path.name}" for path in (shared / "fixtures" / name).glob("*.json")}
    assert files == {row["file"] for row in _rows(shared, "INDEX.tsv") if row["platform"] == name}

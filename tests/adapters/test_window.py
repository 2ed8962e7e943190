"""When a business may write: told from the last act of the person, and the present moment."""

import msgspec
import pytest

from adapters import ADAPTERS
from adapters.outgoing import Outgoing
from adapters.window import DAY, HOUR, CanSend, can_send, decide

WROTE = 1_767_225_600
TEXT = {"type": "text", "body": "Hi"}
TEMPLATE = {"type": "template", "name": "hello", "language": "en"}


def _outgoing(**members: object) -> Outgoing:
    return msgspec.convert({"to": {"kind": "psid", "value": "1"}, "message": TEXT, **members}, Outgoing)


@pytest.mark.parametrize("platform", ADAPTERS)
@pytest.mark.parametrize("sender", ["bot", "human"])
def test_within_a_day_everything_may_go_out(platform: str, sender: str) -> None:
    decision = decide(ADAPTERS[platform].WINDOW, _outgoing(sender=sender), WROTE, WROTE + DAY - 1)
    assert (decision.allowed, decision.message_tag) == (True, None)


@pytest.mark.parametrize("platform", ADAPTERS)
def test_with_no_act_of_the_person_on_record_the_platform_decides(platform: str) -> None:
    window = ADAPTERS[platform].WINDOW
    assert decide(window, _outgoing(), None, WROTE).allowed
    assert can_send(window, None, WROTE) == CanSend(
        state="unknown", free_form_until=None, human_agent_until=None, template_only=False
    )


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_after_a_day_only_a_human_may_write_and_the_tag_says_so(platform: str) -> None:
    window = ADAPTERS[platform].WINDOW
    bot = decide(window, _outgoing(), WROTE, WROTE + 25 * HOUR)
    human = decide(window, _outgoing(sender="human"), WROTE, WROTE + 25 * HOUR)
    assert (bot.allowed, bot.code) == (False, "outside_window")
    assert (human.allowed, human.message_tag) == (True, "HUMAN_AGENT")


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_after_seven_days_nobody_may_write(platform: str) -> None:
    window = ADAPTERS[platform].WINDOW
    assert decide(window, _outgoing(sender="human"), WROTE, WROTE + 7 * DAY).code == "outside_window"
    assert can_send(window, WROTE, WROTE + 7 * DAY).state == "closed"


def test_whatsapp_takes_templates_only_after_a_day_whoever_writes() -> None:
    window = ADAPTERS["whatsapp"].WINDOW
    late = WROTE + DAY
    assert decide(window, _outgoing(sender="human"), WROTE, late).code == "outside_window"
    assert decide(window, _outgoing(message=TEMPLATE), WROTE, late).allowed
    assert can_send(window, WROTE, late) == CanSend(
        state="closed", free_form_until=late, human_agent_until=None, template_only=True
    )


@pytest.mark.parametrize(
    "members",
    [
        {"to": {"kind": "comment", "value": "1_2"}},
        {"to": {"kind": "user_ref", "value": "ref"}},
        {"messaging_type": "UTILITY", "override": {"message": {"template": {"name": "shipped"}}}},
        {"message": {"type": "mark_read"}},
        {"message": {"type": "native", "content": {}}},
        {"override": {"tag": "NEW_TAG"}},
    ],
)
def test_what_has_rules_of_its_own_is_left_to_the_platform(members: dict[str, object]) -> None:
    assert decide(ADAPTERS["facebook"].WINDOW, _outgoing(**members), WROTE, WROTE + 90 * DAY).allowed


@pytest.mark.parametrize("platform", ADAPTERS)
@pytest.mark.parametrize(
    "members",
    [
        {"messaging_type": "UTILITY"},
        {"override": {"messaging_type": "UTILITY"}},
        {"override": {"type": "text"}},
        {"override": {"tag": None}},
        {"override": {"tag": ""}},
        {"override": {"tag": ["HUMAN_AGENT"]}},
        {"override": {"tag": "human_agent"}},
    ],
)
def test_what_only_looks_like_a_rule_of_its_own_opens_nothing(
    platform: str, members: dict[str, object]
) -> None:
    decision = decide(ADAPTERS[platform].WINDOW, _outgoing(**members), WROTE, WROTE + 30 * DAY)
    assert decision.code == "outside_window"


def test_a_new_tag_opens_nothing_where_there_are_no_tags() -> None:
    tagged = _outgoing(override={"tag": "NEW_TAG"})
    assert not decide(ADAPTERS["whatsapp"].WINDOW, tagged, WROTE, WROTE + 2 * DAY).allowed


def test_a_tagged_message_goes_out_for_seven_days() -> None:
    tagged = _outgoing(message_tag="CUSTOMER_FEEDBACK")
    window = ADAPTERS["facebook"].WINDOW
    assert decide(window, tagged, WROTE, WROTE + 2 * DAY).allowed
    assert not decide(window, tagged, WROTE, WROTE + 8 * DAY).allowed


def test_the_summary_says_until_when() -> None:
    assert can_send(ADAPTERS["instagram"].WINDOW, WROTE, WROTE + DAY) == CanSend(
        state="human_agent",
        free_form_until=WROTE + DAY,
        human_agent_until=WROTE + 7 * DAY,
        template_only=False,
    )

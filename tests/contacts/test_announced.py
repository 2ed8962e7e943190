"""What WhatsApp announces of a number reaches the decision: the old one is marked as given up."""

import json
from typing import Any

import pytest

from adapters import whatsapp
from adapters.base import Decoded, Identity, Inbound


def announced(**told: Any) -> Decoded:
    """The system message, as it comes from number 491708."""
    item = {"from": "491708", "id": "wamid.1", "timestamp": "1767225600", "type": "system", "system": told}
    value = {"metadata": {"phone_number_id": "555001"}, "messages": [item]}
    entry = {"id": "900", "changes": [{"field": "messages", "value": value}]}
    (found,) = whatsapp.decode(Inbound(json.dumps({"object": whatsapp.OBJECT, "entry": [entry]}).encode()))
    assert isinstance(found, Decoded)
    return found


@pytest.mark.parametrize("number", ["491888", "+491888"])
def test_a_changed_number_is_given_up(number: str) -> None:
    person = announced(type="user_changed_number", wa_id=number).person
    assert person is not None
    assert person.former == (Identity("wa_id", "491708", "900"),)


@pytest.mark.parametrize("told", [{"user_id": "DE.2"}, {"user_id": "DE.2", "wa_id": "+491708"}])
def test_a_new_user_id_gives_up_the_old_one_and_no_number(told: dict[str, str]) -> None:
    person = announced(type="user_changed_user_id", previous_user_id="DE.1", **told).person
    assert person is not None and person.asserted
    assert person.former == (Identity("bsuid", "DE.1", "900"),)

"""The world of `gateway dev`: one business on three channels of a simulated Meta, and somebody on each.

Every run gets fresh message ids, for a gateway drops what it has seen before.
"""

from typing import Any

from msgspec import Struct

from gateway.simulator import Acts, Meta
from gateway.simulator.numbers import Number


class Hello(Struct, frozen=True, kw_only=True):
    """A first message: from whom, on which channel."""

    platform: str
    page: str
    sender: str
    name: str
    text: str


HELLOS = (
    Hello(
        platform="facebook",
        page="102938475610293",
        sender="7241893650021847",
        name="Ada Novák",
        text="Hello! Is the blue kettle back in stock?",
    ),
    Hello(
        platform="instagram",
        page="17841400731859264",
        sender="928374650192837465",
        name="Iman Haddad",
        text="Love the new colours 💙",
    ),
    Hello(
        platform="whatsapp",
        page="293847561029384",
        sender="46701740605",
        name="Zoë Lindqvist",
        text="Hej! When does my order arrive?",
    ),
)
WABA = "384756102938475"
DISPLAY = "15550192837"


class Said(Struct, frozen=True, kw_only=True):
    """A message that was posted, and what the gateway said to it."""

    platform: str
    message_id: str
    size: int
    status: int | None


def world(app_secret: str) -> Meta:
    """The three channels and the three people."""
    meta = Meta(secret=app_secret)
    facebook, instagram, whatsapp = HELLOS
    meta.add_page(facebook.page)
    meta.add_instagram_account(instagram.page)
    meta.add_number(whatsapp.page, DISPLAY, WABA)
    for hello in HELLOS:
        person = meta.add_person(hello.platform, hello.name, phone=hello.sender)
        person.scoped[hello.page] = hello.sender
    return meta


def accounts(meta: Meta) -> list[dict[str, Any]]:
    """The channels as `POST /v1/accounts` takes them, each with the token that sends from it."""
    made = []
    for id, asset in meta.assets.items():
        waba = {"waba_id": asset.waba.id} if isinstance(asset, Number) else {}
        made.append({"platform": asset.platform, "page_id": id, "access_token": meta.token(id).value} | waba)
    return made


async def say(meta: Meta, hello: Hello) -> Said:
    """Post the message as Meta does, signed."""
    (posted,) = await Acts(meta).sends(hello.platform, hello.page, hello.text)
    thread = meta.threads.of(meta.asset(hello.page), meta.person(hello.platform))
    return Said(
        platform=hello.platform,
        message_id=thread.messages[-1].id,
        size=len(posted.body),
        status=posted.status,
    )

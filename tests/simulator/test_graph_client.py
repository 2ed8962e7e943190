"""The gateway's own Graph client speaks to the simulated Meta as it does to the real one."""

import pytest

from adapters.sending import FilePart, Request
from gateway.graph import Graph, NotAnswered
from gateway.simulator import Fault
from tests.simulator.towns import Town, town

pytestmark = pytest.mark.anyio


def message(made: Town) -> Request:
    return Request(
        method="POST",
        host="graph.facebook.com",
        path=f"/{made.page.id}/messages",
        json={"recipient": {"id": made.psid()}, "messaging_type": "RESPONSE", "message": {"text": "hi"}},
    )


async def test_a_message_goes_out_once_however_its_answer_fares() -> None:
    async with town(subscribed=False) as made, Graph(made.url, "v25.0") as graph:
        await made.acts.sends("anna", made.page.id, "hello")
        token = made.meta.token(made.page.id).value
        assert (await graph.call(message(made), token)).status == 200
        made.meta.faults.add(Fault(kind="reset", after_accept=True))
        with pytest.raises(NotAnswered):
            await graph.call(message(made), token)
        assert len(made.meta.received_by("anna")) == 2


async def test_a_file_goes_up_as_a_form() -> None:
    async with town(subscribed=False) as made, Graph(made.url, "v25.0") as graph:
        upload = Request(
            method="POST",
            host="graph.facebook.com",
            path=f"/{made.number.id}/media",
            form={"messaging_product": "whatsapp", "type": "application/pdf"},
            file=FilePart(field="file", filename="Größe.pdf", mime_type="application/pdf"),
        )
        answer = await graph.call(upload, made.meta.token(made.number.id).value, b"%PDF-1.7\r\n")
        assert answer.status == 200
        medium = made.meta.shelf.find(answer.body.decode().split('"')[3], made.meta.clock.now_ms())
        assert medium is not None
        assert medium.content == b"%PDF-1.7\r\n"

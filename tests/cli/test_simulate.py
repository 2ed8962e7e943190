"""`gateway simulate`: one webhook to one's own callback, or a whole Meta."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys

import httpx
import pytest

from gateway.cli.commands import main
from tests.patience import SOON
from tests.servers import ROOT
from tests.simulator.callbacks import VERIFY_TOKEN, listening


async def simulate(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, while this one answers it."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "gateway", "simulate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )


@pytest.mark.anyio
async def test_one_webhook_of_a_kind_is_posted_and_its_answer_printed() -> None:
    async with listening() as callback:
        given = ["--from", "46701740605", "--page", "123", "--text", "Hej", "--secret", "s", "--seed", "1"]
        run = await simulate("whatsapp", "text", *given, "--to-url", callback.url + "{platform}", "--json")
        assert run.returncode == 0, run.stderr
        shown = json.loads(run.stdout)
        (post,) = callback.posts
        value = post.envelope["entry"][0]["changes"][0]["value"]
    assert (shown["status"], shown["url"], shown["body"]) == (200, callback.url + "whatsapp", post.envelope)
    assert value["metadata"]["phone_number_id"] == "123"
    assert (value["messages"][0]["from"], value["messages"][0]["text"]) == ("46701740605", {"body": "Hej"})


@pytest.mark.anyio
async def test_a_callback_that_says_no_is_a_failure() -> None:
    async with listening() as callback:
        callback.answer = lambda _: 403
        run = await simulate(
            "facebook", "postback", "--set", "payload=P", "--secret", "s", "--to-url", callback.url
        )
        assert (run.returncode, run.stdout) == (
            1,
            f"→ facebook postback, {len(callback.posts[0].body)} bytes: 403\n",
        )
        assert callback.posts[0].envelope["entry"][0]["messaging"][0]["postback"]["payload"] == "P"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["whatsapp", "telepathy"], "there is no whatsapp webhook"),
        (["whatsapp", "text"], "--to-url and --secret"),
        (["whatsapp", "text", "--to-url", "http://x", "--secret", "s", "--set", "a"], "NAME=VALUE"),
    ],
)
def test_misuse_is_said_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_the_kinds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--list"]) == 0
    assert "whatsapp   voice" in capsys.readouterr().out
    assert main(["simulate", "--list", "--json"]) == 0
    assert "inbox_echo" in json.loads(capsys.readouterr().out)["instagram"]


@pytest.mark.anyio
async def test_a_whole_meta_is_served_until_it_is_stopped() -> None:
    async with listening() as callback:
        to = ["--to-url", callback.url, "--verify-token", VERIFY_TOKEN, "--secret", "s"]
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "gateway", "simulate", "--port", "0", "--json", *to],
            cwd=ROOT,
            env=os.environ,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(2 * SOON):
                shown = json.loads(await process.stdout.readline())
                await _said(shown)
                assert len(callback.posts) == 1
                process.terminate()
                assert await process.wait() == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


async def _said(shown: dict[str, dict[str, dict[str, str]]]) -> None:
    page = shown["assets"]["facebook"]["id"]
    async with httpx.AsyncClient(base_url=str(shown["url"]), trust_env=False) as http:
        given = {"person": "anna", "asset": page, "text": "Hello"}
        assert (await http.post("/_simulator/sends", json=given)).status_code == 200
        token = {"authorization": f"Bearer {shown['assets']['facebook']['access_token']}"}
        assert (await http.get("/v25.0/me", headers=token)).json()["id"] == page

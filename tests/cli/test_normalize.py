"""`gateway normalize`: events on stdout, quarantine on stderr, 0 unless the input is not JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.commands import main

REFERENCE = (
    '{"object":"page","entry":[{"id":"PAGE_ID","time":1747231892123,"messaging":[{"sender":{"id":'
    '"12345678901234"},"recipient":{"id":"PAGE_ID"},"timestamp":1747231892100,"message":{"mid":'
    '"m_abc123...","text":"Hello! I need help with my order."}}]}]}'
)


class Run:
    """What one call printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.events: list[dict[str, Any]] = [json.loads(line) for line in out.split("\n") if line]
        self.err = err


def normalize(capsys: pytest.CaptureFixture[str], *arguments: str) -> Run:
    code = main(["normalize", *arguments])
    captured = capsys.readouterr()
    return Run(code, captured.out, captured.err)


def write(folder: Path, text: str) -> str:
    path = folder / "envelope.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_reference_message_has_every_promised_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = normalize(capsys, write(tmp_path, REFERENCE))
    (event,) = run.events
    assert run.code == 0
    assert event["conversation_id"].startswith("conv_fb_")
    assert {
        "platform": "facebook",
        "event": "message.received",
        "timestamp": 1747231892,
        "timestamp_ms": 1747231892100,
        "from": "12345678901234",
        "page_id": "PAGE_ID",
        "signature_verified": False,
    }.items() <= event.items()
    assert {
        "type": "text",
        "body": "Hello! I need help with my order.",
        "id": "m_abc123...",
    }.items() <= event["message"].items()


def test_what_only_a_store_knows_is_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (event,) = normalize(capsys, write(tmp_path, REFERENCE)).events
    assert not {"sequence", "contact", "received_at_ms", "window"} & event.keys()


def test_a_quarantined_element_is_one_json_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = REFERENCE.replace('"messaging":[', '"messaging":[7,')
    run = normalize(capsys, write(tmp_path, text))
    assert (run.code, len(run.events)) == (0, 1)
    assert json.loads(run.err)["pointer"] == "/entry/0/messaging/0"


def test_an_object_that_no_platform_has_is_an_unknown_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = normalize(capsys, write(tmp_path, REFERENCE.replace('"page"', '"toaster"', 1)))
    assert (run.code, [event["event"] for event in run.events], run.err) == (0, ["unknown"], "")


@pytest.mark.parametrize("text", ["\\ud83d", "\\u0000"])
def test_what_the_server_reads_is_read_here_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    run = normalize(capsys, write(tmp_path, REFERENCE.replace("Hello!", text)))
    assert (run.code, [event["event"] for event in run.events]) == (0, ["message.received"])


def test_the_platform_can_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = REFERENCE.replace('"object":"page",', "", 1)
    run = normalize(capsys, "--platform", "instagram", write(tmp_path, text))
    assert [event["platform"] for event in run.events] == ["instagram"]


@pytest.mark.parametrize("text", ["not json", "", "{", '{"a":1}{"b":2}'])
def test_what_is_not_json_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    run = normalize(capsys, write(tmp_path, text))
    assert (run.code, run.events, run.err.count("\n")) == (2, [], 1)


def test_a_file_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    run = normalize(capsys, "no-such-file.json")
    assert (run.code, run.events) == (2, [])


def test_every_recorded_envelope_goes_through(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(shared.glob("fixtures/*/*.json")):
        run = normalize(capsys, str(path))
        assert run.code == 0, path.name
        assert run.events or run.err, path.name

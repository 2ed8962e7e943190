from bench.wire import header, message

WHOLE = b"POST / HTTP/1.1\r\nWebhook-Id: evt_A\r\nContent-Length: 5\r\n\r\nhello"


def test_a_message_is_complete_only_with_its_last_byte() -> None:
    assert [message(WHOLE[:length]) for length in range(len(WHOLE))] == [None] * len(WHOLE)
    assert message(WHOLE) == (WHOLE[: -len("\r\nhello")], b"hello")


def test_a_header_is_found_whatever_its_case_and_keeps_its_value() -> None:
    head = WHOLE[: -len("\r\nhello")]
    assert header(head, b"webhook-id") == b"evt_A"
    assert header(head, b"content-length") == b"5"
    assert header(head, b"id") == b""

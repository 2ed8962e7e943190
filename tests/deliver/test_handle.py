"""The second belt: libcurl's own choice of an address is compared with the vetted one."""

import socket

import certifi
import pycurl
import pytest

from gateway.deliver.exchange import Request
from gateway.deliver.handle import Handle
from gateway.deliver.target import parse_url
from gateway.deliver.transfer import Transfer


def test_a_connection_to_any_other_address_than_the_vetted_one_is_not_opened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        url = f"http://127.0.0.1:{receiver.getsockname()[1]}/"
        request = Request(url=url, headers=(), body=b"{}", timeout_ms=5_000)
        target = parse_url(url)
        transfer = Transfer(
            request=request, done=lambda _: None, target=target, started=0.0, addresses=("127.0.0.1",)
        )
        handle = Handle(certifi.where(), lambda _: None)
        handle.prepare(transfer, 5_000)
        transfer.addresses = ("192.0.2.1",)
        with pytest.raises(pycurl.error) as caught:
            handle.curl.perform()
        code, message = caught.value.args
        result = handle.exchange(code, message, 0.0)
        assert (result.status, result.error) == (None, "blocked_address")
        receiver.settimeout(0)
        with pytest.raises(BlockingIOError):
            receiver.accept()

"""A proxy as it is written in the settings."""

import pytest

from gateway.deliver.proxy import Proxy, parse_proxy


def test_host_port_and_credentials_are_read() -> None:
    assert parse_proxy("http://out.example:3128") == Proxy(url="http://out.example:3128")
    assert parse_proxy("http://us:p%40ss@[::1]:1/") == Proxy(url="http://[::1]:1", user="us", password="p@ss")


@pytest.mark.parametrize(
    "text",
    [
        "out:3128",
        "http://hush@out",
        "socks5://hush@out:1",
        "http://hush:@out:x",
        "http://hush@out:1/p",
        "http://out:1/?hush",
    ],
)
def test_what_is_no_proxy_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        parse_proxy(text)
    assert "hush" not in str(refusal.value)


def test_repr_shows_no_password() -> None:
    assert repr(parse_proxy("http://us:hush@out:1")) == "Proxy(url='http://out:1')"

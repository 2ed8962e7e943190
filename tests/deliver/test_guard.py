"""Which addresses and URLs a customer may name."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.deliver.addresses import is_public
from gateway.deliver.guard import Guard, check_url
from gateway.deliver.target import InvalidUrl, parse_url


def _words(text: str) -> list[str]:
    return text.split()


FORBIDDEN = _words("""
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
    127.255.255.254 168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1
    192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:7f00:1 ::5efe:7f00:1 64:ff9b::7f00:1
    64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1
    2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fe80::1%eth0 fec0::1 ff02::1
""")
PUBLIC = _words("""
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 172.15.255.255
    172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
    2001:200::1 2606:4700:4700::1111 2a00:1450:4001:81b::200e 64:ff9b::808:808 ::ffff:8.8.8.8
""")
FORBIDDEN_NOTATIONS = _words("""
    127.0.0.1 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f.1 2130706433 0x7f000001 017700000001 127.0.0.1. 0X7F.1
    [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1]
    0 0.0.0.0 0xa9fea9fe 2852039166 0251.0376.0251.0376 [fd00:ec2::254] 3232235521 10.1
""")


@pytest.mark.parametrize("address", FORBIDDEN)
def test_these_addresses_are_forbidden(address: str) -> None:
    assert Guard(()).forbids(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_these_addresses_are_public(address: str) -> None:
    assert not Guard(()).forbids(address)


@given(st.ip_addresses())
def test_what_python_calls_not_global_is_never_public(address: IPv4Address | IPv6Address) -> None:
    assume(not (isinstance(address, IPv6Address) and address.ipv4_mapped))
    assert address.is_global or not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_address_is_judged_as_itself(inner: IPv4Address) -> None:
    for prefix in ("64:ff9b::", "::ffff:"):
        assert is_public(ip_address(f"{prefix}{inner}")) == is_public(inner)


@pytest.mark.parametrize("host", FORBIDDEN_NOTATIONS)
def test_every_notation_of_a_forbidden_address_is_refused_when_written_down(host: str) -> None:
    with pytest.raises(InvalidUrl, match="private or reserved"):
        check_url(f"http://{host}/", https_only=False, allow_networks=())


@given(st.ip_addresses(v=4), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_numbers_are_read_as_addresses(address: IPv4Address, notation: str) -> None:
    assert parse_url(f"http://{notation.format(int(address))}/").literal == str(address)


def test_the_operator_lets_networks_through() -> None:
    guard = Guard((ip_network("10.1.0.0/16"), ip_network("fd00::/8")))
    assert not guard.forbids("10.1.2.3")
    assert not guard.forbids("64:ff9b::10.1.2.3")
    assert not guard.forbids("::ffff:10.1.2.3")
    assert not guard.forbids("fd12::1")
    assert guard.forbids("10.2.0.1")
    assert guard.forbids("127.0.0.1")


def test_one_forbidden_address_condemns_the_name_without_being_told() -> None:
    refusal = Guard(()).refusal("shop.example", ("8.8.8.8", "10.9.8.7"))
    assert refusal
    assert refusal.startswith("shop.example resolves to a private or reserved address.")
    assert "10.9.8.7" not in refusal
    assert Guard(()).refusal("shop.example", ("8.8.8.8", "1.1.1.1")) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.shop.example/a/b?c=d&e=%20",
        "http://localhost:8080",
        "https://HOOKS.example:443/",
        "https://_dmarc.xn--bcher-kva.example./",
        "https://[2606:4700:4700::1111]:8443/x",
        "https://8.8.8.8/",
        "https://shop.example/#part",
    ],
)
def test_these_urls_may_be_written_down(url: str) -> None:
    check_url(url, https_only=False, allow_networks=())


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "RFC 3986"),
        ("shop.example/hook", "begins with http"),
        ("ftp://shop.example/", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("//shop.example/", "begins with http"),
        ("https://", "not a name"),
        ("https:///hook", "not a name"),
        ("https://user@shop.example/", "user name"),
        ("https://user:word@shop.example/", "user name"),
        ("https://8.8.8.8@127.0.0.1/", "user name"),
        ("https://shop.example:0/", "port"),
        ("https://shop.example:65536/", "port"),
        ("https://shop.example:http/", "port"),
        ("https://shop.example\\@127.0.0.1/", "RFC 3986"),
        ("https://shop.example/\r\nx: y", "RFC 3986"),
        ("https://shop.example/a b", "RFC 3986"),
        ("https://bücher.example/", "RFC 3986"),
        ("https://127%2e0%2e0%2e1/", "not a name"),
        ("https://shop..example/", "not a name"),
        ("https://[::1/", "cannot be read"),
        ("https://[::1%25eth0]/", "not a name"),
        ("https://1.2.3.4.5/", "looks like an address"),
        ("https://1.2.3.256/", "looks like an address"),
        ("https://shop.example.0x7f/", "looks like an address"),
        ("https://" + "a" * 64 + ".example/", "not a name"),
        ("https://" + "a." * 127 + "example/", "not a name"),
        ("https://shop.example/" + "a" * 2048, "2048"),
    ],
)
def test_these_urls_may_not(url: str, complaint: str) -> None:
    with pytest.raises(InvalidUrl, match=complaint):
        check_url(url, https_only=False, allow_networks=())


def test_an_operator_can_insist_on_https() -> None:
    check_url("https://shop.example/", https_only=True, allow_networks=())
    with pytest.raises(InvalidUrl, match="https:// URLs only"):
        check_url("http://shop.example/", https_only=True, allow_networks=())


@given(st.text())
def test_a_url_is_read_or_refused_and_nothing_else(text: str) -> None:
    for url in (text, f"https://{text}", f"https://shop.example/{text}"):
        try:
            target = parse_url(url)
        except InvalidUrl:
            continue
        assert parse_url(target.url) == target

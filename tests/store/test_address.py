"""What `GATEWAY_STORE` can say of a Redis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.address import Host, Login, RedisAddress, Tls, parse_redis


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://one", RedisAddress(kind="single", hosts=(Host("one", 6379),))),
        (
            "redis://:p%40ss@[::1]:7000/2?shards=4&timeout=1.5",
            RedisAddress(
                kind="single",
                hosts=(Host("::1", 7000),),
                database=2,
                login=Login(password="p@ss"),
                shards=4,
                timeout_s=1.5,
            ),
        ),
        (
            "rediss://user:pass@one?ca=/etc/ca.pem&unsafe=volatile,evicting",
            RedisAddress(
                kind="single",
                hosts=(Host("one", 6379),),
                login=Login(username="user", password="pass"),
                tls=Tls(ca="/etc/ca.pem"),
                unsafe=frozenset({"volatile", "evicting"}),
            ),
        ),
        (
            "redis+sentinel://one,two:26380/gateway/3?sentinel_password=s",
            RedisAddress(
                kind="sentinel",
                hosts=(Host("one", 26379), Host("two", 26380)),
                service="gateway",
                database=3,
                sentinel_login=Login(password="s"),
            ),
        ),
        (
            "rediss+cluster://one:7000,two:7001",
            RedisAddress(kind="cluster", hosts=(Host("one", 7000), Host("two", 7001)), tls=Tls()),
        ),
    ],
)
def test_an_address_is_read(url: str, address: RedisAddress) -> None:
    assert parse_redis(url) == address


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("redis:/one", "is not redis://host:6379"),
        ("redis+ring://one", "is not redis://host:6379"),
        ("redis://", "host that cannot be read"),
        ("redis://one:0", "host that cannot be read"),
        ("redis://user@one", "user name without a password"),
        ("redis://one,two", "names several hosts"),
        ("redis://one/first", "not the number of a database"),
        ("redis+sentinel://one", "does not say what the sentinels call the master"),
        ("redis+cluster://one/1", "a cluster has only one"),
        ("redis://one?ca=/ca.pem", "has options for TLS"),
        ("rediss://one?key=/key.pem", "has the option key without cert"),
        ("redis://one?password=hunter2", "has an option that is none of"),
        ("redis://one?shards=0", "has an option shards"),
        ("redis://one?timeout=0", "has an option timeout"),
        ("redis://one?unsafe=hunter2", "has an option unsafe"),
    ],
)
def test_what_is_wrong_is_said_with_the_remedy(url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as error:
        parse_redis(url)
    assert "hunter2" not in str(error.value)


def test_an_address_shows_no_password() -> None:
    address = parse_redis("rediss+sentinel://me:hunter2@one/gateway?sentinel_password=hunter3&ca=/ca.pem")
    assert "hunter" not in repr(address) + str(address)
    assert str(address) == "rediss+sentinel://one:26379/gateway"


@given(st.text(max_size=40).map("redis://me:hunter2@".__add__))
def test_whatever_is_wrong_the_password_is_not_quoted(url: str) -> None:
    try:
        shown = str(parse_redis(url))
    except ValueError as error:
        shown = str(error)
    assert "hunter2" not in shown

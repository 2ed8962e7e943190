"""TLS: the certificate goes by the URL's name, the connection by the vetted address."""

import ssl
from pathlib import Path

import pytest

from gateway.deliver.exchange import Exchange
from tests.deliver.certificates import Authority
from tests.deliver.hostile import OK, Connection, always, exchange, hang, names, sending, serving

pytestmark = pytest.mark.anyio
NAMES = {"shop.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


async def _met(tls: ssl.SSLContext, bundle: Path | None, host: str = "shop.example") -> Exchange:
    async with (
        serving(always(OK), tls=tls) as url,
        sending(names(NAMES), str(bundle) if bundle else None) as transport,
    ):
        return await exchange(transport, url.replace("127.0.0.1", host))


async def test_a_trusted_certificate_for_the_name_is_accepted(authority: Authority) -> None:
    result = await _met(authority.context("shop.example"), authority.bundle)
    assert (result.status, result.error, result.body) == (200, None, b"{}")


async def test_the_server_is_asked_for_the_name(authority: Authority) -> None:
    asked: list[str | None] = []
    context = authority.context("shop.example")
    context.sni_callback = lambda _, name, __: asked.append(name)
    await _met(context, authority.bundle)
    assert asked == ["shop.example"]


async def test_an_address_needs_a_certificate_for_the_address(authority: Authority) -> None:
    assert (await _met(authority.context("127.0.0.1"), authority.bundle, "127.0.0.1")).status == 200
    assert (await _met(authority.context("shop.example"), authority.bundle, "127.0.0.1")).error == "tls"


async def test_an_unknown_authority_is_not_trusted(authority: Authority) -> None:
    result = await _met(authority.context("shop.example"), None)
    assert (result.status, result.error) == (None, "tls")
    assert "certificate" in (result.detail or "")


async def test_a_certificate_for_another_name_is_refused(authority: Authority) -> None:
    assert (await _met(authority.context("other.example"), authority.bundle)).error == "tls"


async def test_an_expired_certificate_is_refused(authority: Authority) -> None:
    result = await _met(authority.context("shop.example", days=-1), authority.bundle)
    assert result.error == "tls"
    assert "expired" in (result.detail or "")


async def test_a_verified_connection_is_not_used_for_another_name_on_the_same_address(
    authority: Authority,
) -> None:
    async with (
        serving(always(OK), tls=authority.context("shop.example")) as url,
        sending(names(NAMES), str(authority.bundle)) as transport,
    ):
        first = await exchange(transport, url.replace("127.0.0.1", "shop.example"))
        second = await exchange(transport, url.replace("127.0.0.1", "other.example"))
    assert (first.status, second.error) == (200, "tls")


async def test_many_deliveries_share_one_handshake(authority: Authority) -> None:
    handshakes: list[str | None] = []
    context = authority.context("shop.example")
    context.sni_callback = lambda _, name, __: handshakes.append(name)
    async with (
        serving(always(OK), tls=context) as url,
        sending(names(NAMES), str(authority.bundle)) as transport,
    ):
        for _ in range(5):
            assert (await exchange(transport, url.replace("127.0.0.1", "shop.example"))).status == 200
    assert handshakes == ["shop.example"]


async def test_old_tls_is_refused(authority: Authority) -> None:
    context = authority.context("shop.example")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert (await _met(context, authority.bundle)).error == "tls"


async def test_a_receiver_without_tls_is_a_tls_error() -> None:
    async def answer(connection: Connection) -> None:
        await connection.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        await connection.gone()

    async with serving(answer) as url, sending() as transport:
        result = await exchange(transport, url.replace("http:", "https:"))
    assert result.error == "tls"


async def test_a_handshake_that_never_ends_is_left_at_the_deadline() -> None:
    async def answer(_: Connection) -> None:
        await hang()

    async with serving(answer) as url, sending() as transport:
        result = await exchange(transport, url.replace("http:", "https:"), timeout_ms=300)
    assert result.error == "timeout"
    assert "TLS handshake" in (result.detail or "")

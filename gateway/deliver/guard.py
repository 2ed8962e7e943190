"""The network guard: a customer's URL must not reach into the operator's own networks (SSRF).

The same judgement at two times: when an endpoint is written down (`check_url`, which judges literal
addresses at once) and at every attempt, of every address that the host's name has at that moment
(`forbids`). A name may point anywhere by tomorrow; only the second one protects.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address

from gateway.deliver.addresses import Network, is_public, reached
from gateway.deliver.target import InvalidUrl, parse_url

_REMEDY = "The operator can allow its network with GATEWAY_ALLOW_NETWORKS."


class Guard:
    """Judges addresses. Public ones pass, all others only if the operator allows their network."""

    def __init__(self, allow_networks: Sequence[Network]) -> None:
        self._allowed = tuple(allow_networks)
        self._judged = lru_cache(maxsize=4096)(self._judge)

    def forbids(self, address: str) -> bool:
        """Whether nothing may connect to this address, given as text."""
        return self._judged(address)

    def _judge(self, text: str) -> bool:
        address = ip_address(text)
        host = reached(address)
        if any(address in network or host in network for network in self._allowed):
            return False
        return not is_public(host)

    def refusal(self, host: str, addresses: Sequence[str]) -> str | None:
        """Why a host with these addresses is refused, as a sentence for the customer; None if it is not.

        One forbidden address is enough: a name with a public and a private address is an attack or a
        mistake. The sentence does not say which address, as the name may be a stranger's probe.
        """
        if not any(map(self.forbids, addresses)):
            return None
        verb = "is" if host in addresses else "resolves to"
        return f"{host} {verb} a private or reserved address. {_REMEDY}"


def check_url(url: str, *, https_only: bool, allow_networks: Sequence[Network]) -> None:
    """Raise InvalidUrl, with a sentence for the customer, unless an endpoint may have this URL."""
    target = parse_url(url)
    if https_only and not target.secure:
        raise InvalidUrl("This gateway delivers to https:// URLs only.")
    if target.literal is None:
        return
    if refusal := Guard(allow_networks).refusal(target.host, (target.literal,)):
        raise InvalidUrl(refusal)

"""The registry of platforms: one line each. mypy checks every module against the contract here."""

from adapters import facebook, instagram, whatsapp
from adapters.base import Adapter

ADAPTERS: dict[str, Adapter] = {
    facebook.NAME: facebook,
    instagram.NAME: instagram,
    whatsapp.NAME: whatsapp,
}
"""By `platform`."""

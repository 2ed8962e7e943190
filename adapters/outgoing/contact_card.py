"""Contact cards."""

from typing import Annotated

from msgspec import Meta

from adapters.outgoing.form import Form, Name, Url


class CardName(Form, frozen=True, kw_only=True):
    """WhatsApp wants the whole name and at least one part of it."""

    formatted_name: Name
    first_name: Name | None = None
    last_name: Name | None = None
    middle_name: Name | None = None
    prefix: Name | None = None
    suffix: Name | None = None


class CardPhone(Form, frozen=True, kw_only=True):
    """A telephone number; with a `wa_id` the person can be written to with a tap."""

    phone: Name
    type: Name | None = None
    wa_id: Name | None = None


class CardEmail(Form, frozen=True, kw_only=True):
    """An email address."""

    email: Name
    type: Name | None = None


class CardUrl(Form, frozen=True, kw_only=True):
    """A web page."""

    url: Url
    type: Name | None = None


class CardOrganization(Form, frozen=True, kw_only=True):
    """Where they work."""

    company: Name | None = None
    department: Name | None = None
    title: Name | None = None


class CardAddress(Form, frozen=True, kw_only=True):
    """A postal address."""

    street: Name | None = None
    city: Name | None = None
    state: Name | None = None
    zip: Name | None = None
    country: Name | None = None
    country_code: Name | None = None
    type: Name | None = None


class ContactCard(Form, frozen=True, kw_only=True):
    """One person or business."""

    name: CardName
    phones: tuple[CardPhone, ...] = ()
    emails: tuple[CardEmail, ...] = ()
    addresses: tuple[CardAddress, ...] = ()
    urls: tuple[CardUrl, ...] = ()
    org: CardOrganization | None = None
    birthday: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class ContactsMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="contacts"):
    """Contact cards; a text where the channel has none."""

    contacts: Annotated[tuple[ContactCard, ...], Meta(min_length=1)]

"""What fills the blanks of a WhatsApp template."""

from typing import Any

from adapters.outgoing.form import Form, Latitude, Longitude, Name
from adapters.outgoing.media import Source


class TextParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """Text; `name` where the template's blanks have names instead of numbers."""

    text: Name
    name: Name | None = None


class CurrencyParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="currency"):
    """An amount of money in thousandths, and how to write it where the phone cannot."""

    code: Name
    """ISO 4217."""
    amount_1000: int
    fallback: Name
    name: Name | None = None


class DateTimeParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="date_time"):
    """A moment, in words."""

    fallback: Name
    name: Name | None = None


class ImageParameter(Source, frozen=True, kw_only=True, tag_field="type", tag="image"):
    """A picture in the header."""


class VideoParameter(Source, frozen=True, kw_only=True, tag_field="type", tag="video"):
    """A video in the header."""


class FileParameter(Source, frozen=True, kw_only=True, tag_field="type", tag="file"):
    """A document in the header."""

    filename: Name | None = None


class LocationParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="location"):
    """A place in the header."""

    latitude: Latitude
    longitude: Longitude
    title: Name
    address: Name


class PayloadParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="payload"):
    """What comes back when a quick reply button is tapped."""

    payload: Name


class CouponCodeParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="coupon_code"):
    """What the button copies."""

    coupon_code: Name


class OfferParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="limited_time_offer"):
    """When the offer ends, in Unix milliseconds."""

    expiration_time_ms: int


class ActionParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="action"):
    """What a flow, catalog or product list button opens, in Meta's own words."""

    action: dict[str, Any]


class ProductParameter(Form, frozen=True, kw_only=True, tag_field="type", tag="product"):
    """A product in the header of a card."""

    product_retailer_id: Name
    catalog_id: Name


Parameter = (
    TextParameter
    | CurrencyParameter
    | DateTimeParameter
    | ImageParameter
    | VideoParameter
    | FileParameter
    | LocationParameter
    | PayloadParameter
    | CouponCodeParameter
    | OfferParameter
    | ActionParameter
    | ProductParameter
)

"""Template messages: Meta's components out of ours.

{"type":"template","template":{"name":"…","language":{"code":"en_US"},"components":[
 {"type":"body","parameters":[{"type":"text","text":"…","parameter_name":"first_name"}]},
 {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"…"}]}]}}
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters._rendering import Body, Rendering, rendered, without_absent
from adapters.outgoing import TemplateMessage
from adapters.outgoing.parameter import (
    ActionParameter,
    CouponCodeParameter,
    CurrencyParameter,
    DateTimeParameter,
    FileParameter,
    ImageParameter,
    LocationParameter,
    OfferParameter,
    Parameter,
    PayloadParameter,
    ProductParameter,
    TextParameter,
    VideoParameter,
)
from adapters.outgoing.template import ButtonComponent, CarouselComponent, Component
from adapters.whatsapp.send.media import source


def template(message: TemplateMessage) -> Rendering:
    """A template with its blanks filled in."""
    components = [_component(component) for component in message.components]
    body = {"name": message.name, "language": {"code": message.language}, "components": components or None}
    return rendered({"type": "template", "template": without_absent(body)})


def _component(given: Component) -> Body:
    if isinstance(given, CarouselComponent):
        cards = [
            {"card_index": card.index, "components": [_component(each) for each in card.components]}
            for card in given.cards
        ]
        return {"type": "carousel", "cards": cards}
    parameters = [_parameter(each) for each in given.parameters]
    if isinstance(given, ButtonComponent):
        button: Body = {"type": "button", "sub_type": given.kind, "index": str(given.index)}
        return {**button, "parameters": parameters} if parameters else button
    return {"type": given.__struct_config__.tag, "parameters": parameters}


def _parameter(given: Parameter) -> Body:
    return without_absent(_PARAMETERS[type(given)](given))


def _text(given: TextParameter) -> Body:
    return {"type": "text", "text": given.text, "parameter_name": given.name}


def _currency(given: CurrencyParameter) -> Body:
    amount = {"fallback_value": given.fallback, "code": given.code, "amount_1000": given.amount_1000}
    return {"type": "currency", "currency": amount, "parameter_name": given.name}


def _date_time(given: DateTimeParameter) -> Body:
    return {
        "type": "date_time",
        "date_time": {"fallback_value": given.fallback},
        "parameter_name": given.name,
    }


def _image(given: ImageParameter) -> Body:
    return {"type": "image", "image": source(given)}


def _video(given: VideoParameter) -> Body:
    return {"type": "video", "video": source(given)}


def _file(given: FileParameter) -> Body:
    return {"type": "document", "document": without_absent({**source(given), "filename": given.filename})}


def _location(given: LocationParameter) -> Body:
    place = {
        "latitude": str(given.latitude),
        "longitude": str(given.longitude),
        "name": given.title,
        "address": given.address,
    }
    return {"type": "location", "location": place}


def _payload(given: PayloadParameter) -> Body:
    return {"type": "payload", "payload": given.payload}


def _coupon_code(given: CouponCodeParameter) -> Body:
    return {"type": "coupon_code", "coupon_code": given.coupon_code}


def _offer(given: OfferParameter) -> Body:
    offer = {"expiration_time_ms": given.expiration_time_ms}
    return {"type": "limited_time_offer", "limited_time_offer": offer}


def _action(given: ActionParameter) -> Body:
    return {"type": "action", "action": given.action}


def _product(given: ProductParameter) -> Body:
    product = {"product_retailer_id": given.product_retailer_id, "catalog_id": given.catalog_id}
    return {"type": "product", "product": product}


_PARAMETERS: Mapping[type[Parameter], Callable[[Any], Body]] = {
    TextParameter: _text,
    CurrencyParameter: _currency,
    DateTimeParameter: _date_time,
    ImageParameter: _image,
    VideoParameter: _video,
    FileParameter: _file,
    LocationParameter: _location,
    PayloadParameter: _payload,
    CouponCodeParameter: _coupon_code,
    OfferParameter: _offer,
    ActionParameter: _action,
    ProductParameter: _product,
}

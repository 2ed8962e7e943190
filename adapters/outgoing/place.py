"""Places."""

from adapters.outgoing.form import Form, Latitude, Longitude, Name


class LocationMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="location"):
    """A place on the map, in degrees."""

    latitude: Latitude
    longitude: Longitude
    name: Name | None = None
    address: Name | None = None


class LocationRequestMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="location_request"):
    """Asks where the person is."""

    body: Name

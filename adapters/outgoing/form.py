"""What all forms share: strict decoding, and the bounds that hold on every channel."""

from typing import Annotated

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1)]
"""Text that cannot be empty."""
Url = Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=2048)]
PhoneNumber = Annotated[str, Meta(pattern=r"^\+?[0-9][0-9 ()-]{3,24}$")]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of everything a customer writes: a misspelt field is an error that names it."""

"""The addresses behind media: WhatsApp's need the token and expire, Messenger's are signed by themselves."""

from starlette.requests import Request
from starlette.responses import Response

from gateway.simulator.byte_range import part_of
from gateway.simulator.graph.nodes import own_assets
from gateway.simulator.media import PIXEL
from gateway.simulator.meta import Meta

UNAUTHORIZED = 401
GONE = 404


class Files:
    """Answers with the bytes of a file, or as Meta does where there are none."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    async def attachment(self, request: Request) -> Response:
        """A file of WhatsApp, for the number's own token; 404 once the address has expired."""
        token = self._meta.tokens.find(request.headers.get("authorization", "").removeprefix("Bearer "))
        if token is None or token.ended is not None:
            return Response(status_code=UNAUTHORIZED)
        now_ms = self._meta.clock.now_ms()
        medium = self._meta.shelf.find(request.query_params.get("mid", ""), now_ms)
        owned = {asset.id for asset in own_assets(self._meta, token)}
        if medium is None or medium.asset not in owned or now_ms >= medium.url_until_ms:
            return Response(status_code=GONE)
        if request.query_params.get("hash") != medium.url_token:
            return Response(status_code=GONE)
        return part_of(request, medium.content, medium.mime_type)

    async def public(self, request: Request) -> Response:
        """A file or a picture whose address says that one may have it."""
        if person := request.query_params.get("person"):
            return self._picture(person, int(request.query_params.get("oe", "0")))
        name = request.path_params["name"].partition("_")[0]
        medium = self._meta.shelf.find(name, self._meta.clock.now_ms())
        if medium is None or request.query_params.get("oh") != medium.url_token:
            return Response("URL signature expired", status_code=403)
        return part_of(request, medium.content, medium.mime_type)

    def _picture(self, person: str, expiry: int) -> Response:
        """Everybody's picture differs in its last bytes."""
        if person not in self._meta.people or self._meta.clock.now_s() >= expiry:
            return Response("URL signature expired", status_code=403)
        return Response(PIXEL + person.encode(), media_type="image/png")

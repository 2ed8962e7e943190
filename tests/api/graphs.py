"""A simulated Meta behind the API of the tests: a gateway that serves the app of a small town."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.services import Services
from tests.api.conftest import caring
from tests.simulator.towns import Town, town


@asynccontextmanager
async def facing(services: Services) -> AsyncIterator[tuple[Town, Services]]:
    """The town, and services that ask it for everything."""
    async with town(subscribed=False) as made, Graph(made.url, "v25.0") as graph:
        secrets = ("a-secret-of-before", made.meta.app.secret)
        settings = replace(services.settings, app_secrets=secrets, graph_url=made.url)
        async with Downloads(made.url, settings.allow_networks) as downloads:
            care = caring(services.store, services.directory, graph, settings, services.intake)
            yield made, replace(services, settings=settings, graph=graph, downloads=downloads, care=care)


def page(made: Town, **fields: object) -> dict[str, object]:
    """The town's Page with its token, as one connects it."""
    return account(made, "facebook", made.page.id, **fields)


def account(made: Town, platform: str, page_id: str, **fields: object) -> dict[str, object]:
    """An account of the town with its token."""
    token = made.meta.token(page_id).value
    return {"platform": platform, "page_id": page_id, "access_token": token} | fields

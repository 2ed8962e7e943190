"""Apps: the Meta apps that the operator serves under paths of their own."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from adapters import ADAPTERS
from gateway.api.answers import answer, done, seconds, view
from gateway.api.bodies import Input
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import Problem, ProblemKind, invalid, not_found
from gateway.identifiers import new_id
from gateway.store import records

AppId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
AppSecret = Annotated[str, Meta(pattern=r"^[!-~]+$", min_length=8, max_length=200)]
"""It is asked with in a header too: printable ASCII, as Meta makes them."""
VerifyToken = Annotated[str, Meta(min_length=8, max_length=200)]


class App(Struct, frozen=True, kw_only=True):
    """A Meta app, without its secrets."""

    id: str
    name: str
    secret_count: int
    """How many app secrets are accepted: two during a rotation."""
    webhook_paths: tuple[str, ...]
    """Where this app's webhooks go, after the address of this server."""
    created_at: int


class NewApp(Input, frozen=True, kw_only=True):
    """A Meta app to serve. The secrets are kept encrypted and never shown again."""

    name: Annotated[str, Meta(max_length=200)] = ""
    id: AppId | None = None
    """Best the app id that Meta gave. With the id of a known app, that app is replaced."""
    app_secrets: Annotated[tuple[AppSecret, ...], Meta(min_length=1, max_length=5)]
    verify_token: VerifyToken
    """What you type into Meta's webhook form."""


async def put_app(call: Call[NewApp]) -> Response:
    """Serve a Meta app, or replace the secrets of one that is served already."""
    given, services = call.given, call.services
    if given.verify_token in given.app_secrets:
        raise invalid("verify_token", "equals an app secret, and Meta sends it in a URL")
    async with call.configuring():
        known = services.directory.apps.get(given.id or "")
        app = records.App(
            id=given.id or new_id("app"),
            name=given.name,
            app_secrets=given.app_secrets,
            verify_token=given.verify_token,
            created_at=services.clock() if known is None else known.created_at,
        )
        await services.store.put_app(app)
    return answer(_show(app), 201 if known is None else 200)


async def list_apps(call: Call[ListQuery]) -> Response:
    """List the apps."""
    return answer(listing(call.services.directory.apps.values(), call.given, _show))


async def get_app(call: Call[Query]) -> Response:
    """Show one app."""
    return answer(_show(_app(call)))


async def delete_app(call: Call[Query]) -> Response:
    """Serve an app no longer. Refused while accounts are bound to it."""
    async with call.configuring():
        app = _app(call)
        if any(account.app_id == app.id for account in call.services.directory.accounts.values()):
            raise Problem(ProblemKind.APP_IN_USE, "Bind its accounts to another app, or delete them.")
        await call.services.store.delete_app(app.id)
    return done()


def _app(call: Call[Query]) -> records.App:
    app = call.services.directory.apps.get(call.path["id"])
    if app is None:
        raise not_found("app", call.path["id"])
    return app


def _show(app: records.App) -> App:
    return view(
        App,
        app,
        secret_count=len(app.app_secrets),
        webhook_paths=tuple(f"/webhooks/{platform}/{app.id}" for platform in ADAPTERS),
        created_at=seconds(app.created_at),
    )


OPERATIONS = (
    Operation("POST", "/v1/apps", put_app, {201: App, 200: App}, access="operator", body=NewApp),
    Operation("GET", "/v1/apps", list_apps, {200: Listing[App]}, access="operator", query=ListQuery),
    Operation("GET", "/v1/apps/{id}", get_app, {200: App}, access="operator"),
    Operation(
        "DELETE",
        "/v1/apps/{id}",
        delete_app,
        {204: None},
        access="operator",
        problems=(ProblemKind.APP_IN_USE,),
    ),
)

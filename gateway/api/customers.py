"""Customers: the tenants. Only the operator sees that there is more than one."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec.structs import asdict, replace
from starlette.responses import Response

from adapters.profile import Profile
from gateway.api.answers import answer, seconds, view
from gateway.api.bodies import Input
from gateway.api.endpoint_forms import Metadata
from gateway.api.endpoint_rules import takes_raw
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import Problem, ProblemKind, invalid, not_found
from gateway.identifiers import new_id
from gateway.store import records

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Fields = Annotated[tuple[str, ...], Meta(max_length=100)]


class Keep(Struct, frozen=True, kw_only=True):
    """What is stored for a customer beyond what delivering takes."""

    raw: bool
    """The platform's own bytes of each element."""
    content: bool
    """What is in events after they have been delivered."""
    profile: tuple[str, ...] | None
    """Of what the platform tells of people: these fields, in its own names. Null: all."""


class Customer(Struct, frozen=True, kw_only=True):
    """A tenant."""

    id: str
    name: str
    metadata: dict[str, str]
    keep: Keep
    created_at: int


class KeepChange(Input, frozen=True, kw_only=True):
    """What to store from now on; what is absent stays as it is, at first all is stored."""

    raw: bool | UnsetType = UNSET
    """False: the platform's own bytes are not stored. Endpoints of format `raw` or with `include_raw` need
    them."""
    content: bool | UnsetType = UNSET
    """False: an event loses its content as soon as it has been delivered to all of its endpoints, those
    that came before as well. It stays listed, with `content_removed`."""
    profile: Fields | UnsetType | None = UNSET
    """Which fields of people's profiles are asked for and stored, such as `first_name`; empty: none."""


class NewCustomer(Input, frozen=True, kw_only=True):
    """A tenant to make."""

    name: Name
    metadata: Metadata = field(default_factory=dict)
    keep: KeepChange = KeepChange()


class CustomerChange(Input, frozen=True, kw_only=True):
    """What to change of a customer; what is absent stays as it is."""

    name: Name | UnsetType = UNSET
    metadata: Metadata | UnsetType = UNSET
    keep: KeepChange = KeepChange()


async def create_customer(call: Call[NewCustomer]) -> Response:
    """Make a customer. From the second one on, pages no longer connect themselves."""
    customer = records.Customer(
        id=new_id("cus"),
        name=call.given.name,
        metadata=call.given.metadata,
        created_at=call.services.clock(),
        keep=_kept(records.Keeping(), call.given.keep),
    )
    async with call.configuring():
        await call.services.store.put_customer(customer)
    return answer(_show(customer), 201)


async def change_customer(call: Call[CustomerChange]) -> Response:
    """Change a customer: its name, its metadata, and what is stored for it."""
    given = {name: value for name, value in asdict(call.given).items() if value is not UNSET}
    async with call.configuring():
        present = _customer(call)
        customer = replace(present, **given | {"keep": _kept(present.keep, call.given.keep)})
        if not customer.keep.raw:
            _refuse_raw(call, customer.id)
        await call.services.store.put_customer(customer)
    return answer(_show(customer))


async def list_customers(call: Call[ListQuery]) -> Response:
    """List the customers."""
    return answer(listing(call.services.directory.customers.values(), call.given, _show))


async def get_customer(call: Call[Query]) -> Response:
    """Show one customer."""
    return answer(_show(_customer(call)))


def _customer(call: Call[Query] | Call[CustomerChange]) -> records.Customer:
    customer = call.services.directory.customers.get(call.path["id"])
    if customer is None:
        raise not_found("customer", call.path["id"])
    return customer


def _kept(present: records.Keeping, given: KeepChange) -> records.Keeping:
    """Raises Problem (422)."""
    for name in given.profile or ():
        if name not in Profile.__struct_fields__:
            detail = f"{name[:60]!r} is none of {', '.join(Profile.__struct_fields__)}"
            raise invalid("keep.profile", detail)
    return replace(present, **{name: value for name, value in asdict(given).items() if value is not UNSET})


def _refuse_raw(call: Call[CustomerChange], customer_id: str) -> None:
    """Raise Problem (409) while an endpoint needs what would be stored no more."""
    endpoints = call.services.directory.endpoints.values()
    needing = [one.id for one in endpoints if one.customer_id == customer_id and takes_raw(one)]
    if needing:
        detail = f"Change their `format` and `include_raw` first: {', '.join(needing[:10])}."
        raise Problem(ProblemKind.RAW_IN_USE, detail)


def _show(customer: records.Customer) -> Customer:
    return view(Customer, customer, keep=view(Keep, customer.keep), created_at=seconds(customer.created_at))


OPERATIONS = (
    Operation("POST", "/v1/customers", create_customer, {201: Customer}, access="operator", body=NewCustomer),
    Operation(
        "GET",
        "/v1/customers",
        list_customers,
        {200: Listing[Customer]},
        access="operator",
        query=ListQuery,
    ),
    Operation("GET", "/v1/customers/{id}", get_customer, {200: Customer}, access="operator"),
    Operation(
        "PATCH",
        "/v1/customers/{id}",
        change_customer,
        {200: Customer},
        access="operator",
        body=CustomerChange,
        problems=(ProblemKind.RAW_IN_USE,),
    ),
)

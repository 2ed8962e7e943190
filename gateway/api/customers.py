"""Customers: the tenants. Only the operator sees that there is more than one."""

from typing import Annotated

from msgspec import Meta, Struct, field
from starlette.responses import Response

from gateway.api.answers import answer, seconds, view
from gateway.api.bodies import Input
from gateway.api.endpoint_forms import Metadata
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import not_found
from gateway.identifiers import new_id
from gateway.store import records


class Customer(Struct, frozen=True, kw_only=True):
    """A tenant."""

    id: str
    name: str
    metadata: dict[str, str]
    created_at: int


class NewCustomer(Input, frozen=True, kw_only=True):
    """A tenant to make."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    metadata: Metadata = field(default_factory=dict)


async def create_customer(call: Call[NewCustomer]) -> Response:
    """Make a customer. From the second one on, pages no longer connect themselves."""
    customer = records.Customer(
        id=new_id("cus"),
        name=call.given.name,
        metadata=call.given.metadata,
        created_at=call.services.clock(),
    )
    async with call.configuring():
        await call.services.store.put_customer(customer)
    return answer(_show(customer), 201)


async def list_customers(call: Call[ListQuery]) -> Response:
    """List the customers."""
    return answer(listing(call.services.directory.customers.values(), call.given, _show))


async def get_customer(call: Call[Query]) -> Response:
    """Show one customer."""
    customer = call.services.directory.customers.get(call.path["id"])
    if customer is None:
        raise not_found("customer", call.path["id"])
    return answer(_show(customer))


def _show(customer: records.Customer) -> Customer:
    return view(Customer, customer, created_at=seconds(customer.created_at))


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
)

"""Tenants, for the operator."""

import httpx
import pytest

from tests.api.conftest import OTHER

pytestmark = pytest.mark.anyio


async def test_a_customer_is_made_and_shown(operator: httpx.AsyncClient) -> None:
    made = await operator.post("/v1/customers", json={"name": "Rosa", "metadata": {"plan": "small"}})
    shown = await operator.get(f"/v1/customers/{made.json()['id']}")
    assert made.status_code == 201
    assert shown.json() == made.json()
    assert made.json()["metadata"] == {"plan": "small"}


async def test_the_first_customer_is_there_from_the_start(operator: httpx.AsyncClient) -> None:
    listed = (await operator.get("/v1/customers")).json()["data"]
    assert {one["id"] for one in listed} == {"default", OTHER}


async def test_a_customer_has_a_name(operator: httpx.AsyncClient) -> None:
    answer = await operator.post("/v1/customers", json={"name": ""})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "name")


async def test_a_list_goes_on_where_the_page_before_ended(operator: httpx.AsyncClient) -> None:
    for name in ("a", "b", "c"):
        await operator.post("/v1/customers", json={"name": name})
    whole = (await operator.get("/v1/customers?order=asc")).json()["data"]
    pages, cursor = [], ""
    while cursor is not None:
        query = f"order=asc&limit=2{cursor and '&cursor=' + cursor}"
        page = (await operator.get(f"/v1/customers?{query}")).json()
        pages += page["data"]
        cursor = page["next_cursor"]
    assert (len(whole), pages) == (5, whole)


async def test_a_cursor_of_no_list_is_a_fault(operator: httpx.AsyncClient) -> None:
    answer = await operator.get("/v1/customers?cursor=%25%25")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")

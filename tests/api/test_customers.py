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


async def test_of_a_new_customer_everything_is_kept(operator: httpx.AsyncClient) -> None:
    made = await operator.post("/v1/customers", json={"name": "Rosa"})
    assert made.json()["keep"] == {"raw": True, "content": True, "profile": None}


async def test_what_is_kept_is_changed_one_by_one(operator: httpx.AsyncClient) -> None:
    made = await operator.post("/v1/customers", json={"name": "Rosa", "keep": {"content": False}})
    path = f"/v1/customers/{made.json()['id']}"
    await operator.patch(path, json={"keep": {"raw": False}})
    changed = await operator.patch(path, json={"name": "Lind", "keep": {"profile": ["locale"]}})
    assert changed.json()["keep"] == {"raw": False, "content": False, "profile": ["locale"]}
    assert (changed.json()["name"], (await operator.get(path)).json()) == ("Lind", changed.json())
    everything = await operator.patch(path, json={"keep": {"profile": None}})
    assert everything.json()["keep"]["profile"] is None


async def test_a_field_that_no_profile_has_is_a_fault(operator: httpx.AsyncClient) -> None:
    answer = await operator.patch("/v1/customers/default", json={"keep": {"profile": ["shoe_size"]}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "keep.profile")


async def test_who_is_not_there_cannot_be_changed(operator: httpx.AsyncClient) -> None:
    answer = await operator.patch("/v1/customers/cus_nobody", json={"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("takes", [{"format": "raw"}, {"include_raw": True}])
async def test_raw_elements_are_kept_as_long_as_an_endpoint_takes_them(
    operator: httpx.AsyncClient, takes: dict[str, object]
) -> None:
    url = {"url": "https://shop.example.com/hooks"}
    made = (await operator.post("/v1/endpoints", json=url | takes)).json()
    refused = await operator.patch("/v1/customers/default", json={"keep": {"raw": False}})
    assert (refused.status_code, refused.json()["code"]) == (409, "raw_in_use")
    assert made["id"] in refused.json()["detail"]
    path = f"/v1/endpoints/{made['id']}"
    await operator.patch(path, json={"format": "native", "include_raw": False})
    taken = await operator.patch("/v1/customers/default", json={"keep": {"raw": False}})
    assert taken.status_code == 200
    for again in (
        await operator.patch(path, json=takes),
        await operator.post("/v1/endpoints", json=url | takes),
    ):
        assert (again.status_code, again.json()["errors"][0]["field"]) == (422, *takes)


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

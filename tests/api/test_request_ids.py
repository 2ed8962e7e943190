"""Every answer has an id that leads to its line in the log."""

import logging

import httpx
import pytest

from gateway.services import Services

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/customers"),
        ("POST", "/v1/customers"),
        ("GET", "/healthz"),
        ("GET", "/docs"),
        ("GET", "/no/such/path"),
        ("PUT", "/v1/customers"),
    ],
)
async def test_every_answer_has_an_id_of_its_own(operator: httpx.AsyncClient, method: str, path: str) -> None:
    answers = [await operator.request(method, path) for _ in range(2)]
    first, second = (answer.headers.get_list("request-id") for answer in answers)
    assert len(first) == len(second) == 1
    assert first[0].startswith("req_")
    assert first != second


@pytest.mark.parametrize("path", ["/v1/customers/none", "/v1/events?limit=0", "/no/such/path"])
async def test_a_problem_names_its_request(operator: httpx.AsyncClient, path: str) -> None:
    answer = await operator.get(path)
    assert answer.json()["request_id"] == answer.headers["request-id"]


async def test_an_id_from_outside_counts_for_nothing(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/healthz", headers={"request-id": "mine\tand mine alone"})
    assert "mine" not in answer.headers["request-id"]


async def test_what_fails_on_our_side_can_be_found_in_the_log(
    operator: httpx.AsyncClient, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    await services.store.close()
    with caplog.at_level(logging.INFO, "gateway"):
        answers = [await operator.get("/v1/events"), await operator.get("/readyz")]
    assert [answer.status_code for answer in answers] == [503, 503]
    for answer in answers:
        assert f"request={answer.headers['request-id']}" in caplog.text

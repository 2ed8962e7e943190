"""The slots of the whole process: whoever holds many leaves some to the others."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.deliver.ceiling import Ceiling
from gateway.deliver.dispatcher import IN_FLIGHT_LIMIT
from gateway.deliver.lane import Lane
from gateway.store.records import Endpoint

NOW = 1_000_000
ENDPOINT = Endpoint(id="ep_1", customer_id="cus_1", url="https://a.example/", secrets=(), created_at=0)


def hanging(endpoints: int, ceiling: Ceiling, *, concurrency: int = 20) -> list[int]:
    """So many endpoints take all the slots that they get and answer nothing; how many each has."""
    lanes = [Lane(replace(ENDPOINT, concurrency=concurrency), ceiling) for _ in range(endpoints)]
    taken = [0] * endpoints
    for _ in range(concurrency):
        for number, lane in enumerate(lanes):
            taken[number] += lane.reserve(NOW)
    return taken


def test_few_endpoints_take_all_that_their_concurrency_allows() -> None:
    assert hanging(10, Ceiling(IN_FLIGHT_LIMIT)) == [20] * 10


@given(endpoints=st.integers(1, 1_500), concurrency=st.sampled_from([1, 20, 100]))
def test_endpoints_that_never_answer_leave_slots_to_the_others(endpoints: int, concurrency: int) -> None:
    ceiling = Ceiling(IN_FLIGHT_LIMIT)
    taken = hanging(endpoints, ceiling, concurrency=concurrency)
    assert min(taken) >= 1 and sum(taken) == IN_FLIGHT_LIMIT - ceiling.free
    assert Lane(ENDPOINT, ceiling).reserve(NOW)


def test_a_hundred_leave_150_of_2000_slots_and_a_thousand_a_dozen() -> None:
    for endpoints, left in ((100, 150), (1_000, 12)):
        ceiling = Ceiling(IN_FLIGHT_LIMIT)
        hanging(endpoints, ceiling, concurrency=100)
        assert ceiling.free >= left, endpoints


def test_an_endpoint_without_a_slot_gets_the_last_one() -> None:
    ceiling = Ceiling(1)
    assert ceiling.room(busy=0) == 1 and ceiling.room(busy=1) <= 0

"""Which problems an operation can answer, for the reference document."""

from collections.abc import Iterator, Sequence

from gateway.api.operations import Operation
from gateway.api.problems import MEDIA_TYPE, ProblemKind
from gateway.api.reference.headers import of_problem
from gateway.api.schema import Schema

_BODY_KINDS = (
    ProblemKind.INCOMPLETE_BODY,
    ProblemKind.BODY_TOO_LARGE,
    ProblemKind.UNSUPPORTED_MEDIA_TYPE,
)

_KEY_KINDS = (ProblemKind.IDEMPOTENCY_KEY_IN_USE, ProblemKind.IDEMPOTENCY_KEY_REUSED)


def _kinds(operation: Operation) -> set[ProblemKind]:
    """All problems that an operation can answer."""
    if operation.access == "open":
        return (
            {ProblemKind.INTERNAL}
            if operation.tolerant
            else {ProblemKind.INTERNAL, ProblemKind.INVALID_REQUEST}
        )
    refusal = ProblemKind.OPERATOR_ONLY if operation.access == "operator" else ProblemKind.SCOPE_MISSING
    always = {ProblemKind.UNAUTHORIZED, refusal, ProblemKind.NOT_FOUND, ProblemKind.INVALID_REQUEST}
    failures = {ProblemKind.INTERNAL, ProblemKind.STORE_UNAVAILABLE}
    particular = set(operation.problems)
    if operation.body or operation.file_bytes:
        particular.update(_BODY_KINDS)
    if operation.body:
        particular.add(ProblemKind.INVALID_JSON)
    if operation.takes_key:
        particular.update(_KEY_KINDS)
    return always | failures | particular


def by_status(operation: Operation) -> Iterator[tuple[int, list[ProblemKind]]]:
    """Status → the problems that an operation can answer with it."""
    kinds = sorted(_kinds(operation), key=lambda kind: (kind.status, kind.value))
    for status in dict.fromkeys(kind.status for kind in kinds):
        yield status, [kind for kind in kinds if kind.status == status]


def name_of(kinds: Sequence[ProblemKind]) -> str:
    """What the document calls a response that is one of these problems."""
    return "_or_".join(kind.value for kind in kinds)


def problem_responses(operations: Sequence[Operation]) -> Iterator[tuple[str, Schema]]:
    """Every combination of problems that some operation has under one status, by name."""
    groups = {name_of(kinds): kinds for one in operations for _, kinds in by_status(one)}
    problem = {"$ref": "#/components/schemas/ProblemDocument"}
    for name, kinds in sorted(groups.items()):
        description = " ".join(f"`{kind.value}`: {kind.title}" for kind in kinds)
        yield (
            name,
            {
                "description": description,
                "headers": of_problem(),
                "content": {MEDIA_TYPE: {"schema": problem}},
            },
        )

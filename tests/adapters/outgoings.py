"""Any outgoing message that the forms allow, made from the forms themselves."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from adapters.outgoing import Outgoing

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
_JSON = st.dictionaries(_TEXT, st.none() | st.booleans() | st.integers(-9, 9) | _TEXT, max_size=2)


def outgoings() -> st.SearchStrategy[Outgoing]:
    """Every form with every member, in and out of the bounds of single platforms."""
    forms = _of(inspect.type_info(Outgoing))
    return forms.map(_converted).filter(lambda outgoing: outgoing is not None)


def _converted(form: Any) -> Any:
    """None where two members exclude each other."""
    try:
        return msgspec.convert(form, Outgoing)
    except msgspec.ValidationError:
        return None


def _of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    maker = _MAKERS.get(type(kind))
    return maker(kind) if maker is not None else _JSON


def _text(kind: inspect.StrType) -> st.SearchStrategy[str]:
    if kind.pattern is None:
        return _TEXT
    return st.from_regex(kind.pattern.replace(r"[^\s]", "[a-z/]"), fullmatch=True)


def _integer(kind: inspect.IntType) -> st.SearchStrategy[int]:
    return st.integers(kind.ge or 0, 10**13 if kind.le is None else kind.le)


def _list(kind: inspect.VarTupleType) -> st.SearchStrategy[Any]:
    return st.lists(_of(kind.item_type), min_size=kind.min_length or 0, max_size=4)


def _struct(kind: inspect.StructType) -> st.SearchStrategy[Any]:
    required = {field.encode_name: _of(field.type) for field in kind.fields if field.required}
    optional = {field.encode_name: _of(field.type) for field in kind.fields if not field.required}
    tag = dict(_tag(kind))
    return st.fixed_dictionaries(required, optional=optional).map(lambda members: {**members, **tag})


def _tag(kind: inspect.StructType) -> Iterator[tuple[str, Any]]:
    if kind.tag_field is not None:
        yield kind.tag_field, kind.tag


_MAKERS: dict[type[inspect.Type], Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.Metadata: lambda kind: _of(kind.type),
    inspect.StrType: _text,
    inspect.IntType: _integer,
    inspect.FloatType: lambda kind: st.floats(kind.ge, kind.le),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.NoneType: lambda _: st.none(),
    inspect.LiteralType: lambda kind: st.sampled_from(kind.values),
    inspect.UnionType: lambda kind: st.one_of([_of(each) for each in kind.types]),
    inspect.VarTupleType: lambda kind: st.lists(
        _of(kind.item_type), min_size=kind.min_length or 0, max_size=4
    ),
    inspect.StructType: _struct,
}

"""Row rules: small safe expressions over the fields of a record, such as ship_date >= order_date.

An expression is parsed by Python's grammar and only what stands in this module is understood:
names of fields (or field("Ship date")), numbers, texts, lists; + - * / %, comparisons, `in`,
and, or, not; the functions of FUNCTIONS. It is evaluated over whole columns, nothing is executed.
A missing cell makes a comparison unknown, and what is unknown breaks no rule.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.values.text import Mask

LONGEST = 2_000  # characters of a rule
LARGEST = 300  # nodes of a rule
Typed = Mapping[str, pa.Array]
Value = Any  # pa.Array or pa.Scalar

_COMPARE: dict[type, Callable[[Value, Value], Value]] = {
    ast.Eq: pc.equal,
    ast.NotEq: pc.not_equal,
    ast.Lt: pc.less,
    ast.LtE: pc.less_equal,
    ast.Gt: pc.greater,
    ast.GtE: pc.greater_equal,
}
_ARITHMETIC: dict[type, Callable[[Value, Value], Value]] = {
    ast.Add: pc.add_checked,
    ast.Sub: pc.subtract_checked,
    ast.Mult: pc.multiply_checked,
}


@dataclass(frozen=True, slots=True)
class RowRule:
    """`fields` are those it reads."""

    text: str
    message: str
    fields: tuple[str, ...]
    tree: ast.expr = field(repr=False)

    def broken(self, typed: Typed, rows: int) -> Mask | None:
        """The rows for which the rule is false."""
        return _false(_evaluate(self.tree, typed), rows)


def row_rule(descriptor: Mapping[str, Any], empty: Typed) -> RowRule:
    """A rule read, and tried on columns without rows; raises RecipeError."""
    text = descriptor["rule"]
    tree = _parse(text)
    fields: dict[str, None] = {}
    for node in ast.walk(tree):
        if (name := _field_name(node)) is not None:
            fields[name] = None
    for name in fields:
        if name not in empty:
            raise _refusal(text, f"there is no field “{name}”")
    try:
        result = _evaluate(tree, empty)
        if not pa.types.is_boolean(result.type):
            raise _refusal(text, "it is neither true nor false")
    except (pa.ArrowException, NotImplementedError) as error:
        raise _refusal(text, _why(str(error))) from error
    return RowRule(text, str(descriptor.get("message", "")), tuple(fields), tree)


def _why(said: str) -> str:
    """What Arrow says of values that do not go together, in plain words."""
    types = re.search(r"types \((.*)\)", said)
    return f"it puts together {types[1]}" if types else said.splitlines()[0]


def _parse(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise _refusal(text[:60] + "…", f"it has more than {LONGEST:,} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refusal(text, "it cannot be understood") from error
    if sum(1 for _ in ast.walk(tree)) > LARGEST:
        raise _refusal(text, f"it has more than {LARGEST} parts")
    return tree


def _refusal(text: str, why: str) -> RecipeError:
    return RecipeError(
        f"The row rule “{text}” cannot be used: {why}.", "Write one like ship_date >= order_date."
    )


def _field_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "field":
        if len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            return str(node.args[0].value)
        raise _refusal(ast.unparse(node), "field() takes one name in quotes")
    if isinstance(node, ast.Name) and node.id not in (*FUNCTIONS, "field"):
        return node.id
    return None


def _evaluate(node: ast.expr, typed: Typed) -> Value:
    name = _field_name(node)
    if name is not None:
        return typed[name]
    for kind, read in _READERS.items():
        if isinstance(node, kind):
            return read(node, typed)
    raise _refusal(ast.unparse(node), f"“{ast.unparse(node)}” is no part of a rule")


def _constant(node: ast.Constant, typed: Typed) -> Value:
    if node.value is None or isinstance(node.value, bool | int | float | str):
        return pa.scalar(node.value)
    raise _refusal(ast.unparse(node), "only numbers, texts, True and False are constants")


def _compare(node: ast.Compare, typed: Typed) -> Value:
    result = None
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        one = _compare_two(operator, left, right, typed)
        result = one if result is None else pc.and_kleene(result, one)
        left = right
    return result


def _compare_two(operator: ast.cmpop, left: ast.expr, right: ast.expr, typed: Typed) -> Value:
    if isinstance(operator, ast.In | ast.NotIn):
        return _contained(left, right, isinstance(operator, ast.NotIn), typed)
    compare = _COMPARE.get(type(operator))
    if compare is None:
        raise _refusal(ast.unparse(left), "“is” is no part of a rule; use missing(…)")
    a, b = _alike(_evaluate(left, typed), _evaluate(right, typed))
    return compare(a, b)


def _contained(left: ast.expr, right: ast.expr, negated: bool, typed: Typed) -> Value:
    if not isinstance(right, ast.List | ast.Tuple):
        raise _refusal(ast.unparse(right), "“in” needs a list of values")
    value = _evaluate(left, typed)
    result: Value = pa.scalar(False)
    for item in right.elts:
        a, b = _alike(value, _evaluate(item, typed))
        result = pc.or_kleene(result, pc.equal(a, b))
    return pc.invert(result) if negated else result


def _alike(a: Value, b: Value) -> tuple[Value, Value]:
    """Text beside a date or time is read as one, so that dates can be written in quotes."""
    if pa.types.is_timestamp(a.type) and pa.types.is_string(b.type) and isinstance(b, pa.Scalar):
        return a, _moment(b)
    if pa.types.is_timestamp(b.type) and pa.types.is_string(a.type) and isinstance(a, pa.Scalar):
        return _moment(a), b
    return a, b


def _moment(text: pa.Scalar) -> pa.Scalar:
    try:
        moment = datetime.fromisoformat(text.as_py())
    except ValueError:
        raise _refusal(text.as_py(), f"“{text.as_py()}” is no date like 2025-04-30") from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return pa.scalar(zoned, pa.timestamp("ms", tz="UTC"))


def _logic(node: ast.BoolOp, typed: Typed) -> Value:
    join = pc.and_kleene if isinstance(node.op, ast.And) else pc.or_kleene
    result = _evaluate(node.values[0], typed)
    for value in node.values[1:]:
        result = join(result, _evaluate(value, typed))
    return result


def _unary(node: ast.UnaryOp, typed: Typed) -> Value:
    value = _evaluate(node.operand, typed)
    if isinstance(node.op, ast.Not):
        return pc.invert(value)
    if isinstance(node.op, ast.USub):
        return pc.negate(value)
    raise _refusal(ast.unparse(node), f"“{ast.unparse(node)}” is no part of a rule")


def _binary(node: ast.BinOp, typed: Typed) -> Value:
    left, right = _evaluate(node.left, typed), _evaluate(node.right, typed)
    if isinstance(node.op, ast.Div):
        return pc.divide(_double(left), _double(right))
    if isinstance(node.op, ast.Mod):
        a, b = _double(left), _double(right)
        return pc.subtract(a, pc.multiply(pc.floor(pc.divide(a, b)), b))
    operate = _ARITHMETIC.get(type(node.op))
    if operate is None:
        raise _refusal(ast.unparse(node), f"“{ast.unparse(node)}” is no part of a rule")
    try:
        return operate(_wide(left), _wide(right))
    except pa.ArrowInvalid:  # too large, or with too many digits: doubles judge it well enough
        return operate(_double(left), _double(right))


def _wide(value: Value) -> Value:
    if pa.types.is_integer(value.type):
        return pc.cast(value, pa.int64())
    if pa.types.is_decimal128(value.type):
        return pc.cast(value, pa.decimal256(34, value.type.scale))
    return value


def _double(value: Value) -> Value:
    return pc.cast(value, pa.float64())


def _call(node: ast.Call, typed: Typed) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    function = FUNCTIONS.get(name)
    if function is None or node.keywords or len(node.args) != 1:
        raise _refusal(ast.unparse(node), f"there is no function like {ast.unparse(node)}")
    return function(_evaluate(node.args[0], typed))


FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "abs": pc.abs,
    "date": lambda value: _moment(value) if isinstance(value, pa.Scalar) else value,
    "length": pc.utf8_length,
    "lower": pc.utf8_lower,
    "missing": pc.is_null,
    "round": pc.round,
    "upper": pc.utf8_upper,
    "year": pc.year,
}
_READERS: dict[type, Callable[[Any, Typed], Value]] = {
    ast.Constant: _constant,
    ast.Compare: _compare,
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Call: _call,
}


def _false(result: Value, rows: int) -> Mask | None:
    if isinstance(result, pa.Scalar):
        return np.ones(rows, bool) if result.as_py() is False else None
    broken = pc.invert(result)
    if not pc.any(broken).as_py():
        return None
    found: Mask = pc.fill_null(broken, False).to_numpy(zero_copy_only=False)
    return found

"""The mongo shell's way of writing a query, made JSON: bare keys, 'single quotes', ObjectId(…)."""

import re

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<call>\b(?:new\s+)?(?:ObjectId|ISODate|Date|NumberDecimal|NumberLong|NumberInt)
          \(\s*(?P<argument>"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?)\s*\))
      | (?P<key>[A-Za-z_$][\w$.]*)(?=\s*:)""",
    re.VERBOSE,
)
_CALLS = {
    "ObjectId": "$oid",
    "ISODate": "$date",
    "Date": "$date",
    "NumberDecimal": "$numberDecimal",
    "NumberLong": "$numberLong",
    "NumberInt": "$numberInt",
}


def to_json(text: str) -> str:
    """`{region: 'North'}` → `{"region": "North"}`; what is JSON already stays as it is."""
    return _TOKEN.sub(_replace, text)


def _replace(found: re.Match[str]) -> str:
    if found["string"]:
        return _double(found["string"])
    if found["key"]:
        return f'"{found["key"]}"'
    name = found["call"].split("(")[0].removeprefix("new").strip()
    value = found["argument"].strip("\"'")
    if name in ("ISODate", "Date") and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        value += "T00:00:00Z"
    return f'{{"{_CALLS[name]}": "{value}"}}'


def _double(text: str) -> str:
    if text[0] == '"':
        return text
    inner = text[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{inner}"'

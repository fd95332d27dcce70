"""A small judge of JSON Schema, as far as the published schema of tables uses it."""

from typing import Any

KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "null": type(None),
}


def misfits(
    content: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "$"
) -> list[str]:
    """Return where content does not follow a schema."""
    root = root or schema
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "const" in schema or "enum" in schema:
        return [] if content in schema.get("enum", [schema.get("const")]) else [at]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(content, tuple(KINDS[kind] for kind in kinds)):
        return [at]
    if isinstance(content, list):
        return [
            one
            for n, item in enumerate(content)
            for one in misfits(item, schema["items"], root, f"{at}[{n}]")
        ]
    return _of_object(content, schema, root, at) if isinstance(content, dict) else []


def _of_object(content: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}.{name}" for name in schema.get("required", ()) if name not in content]
    for name, value in content.items():
        own = known.get(name, rest)
        if own is False:
            found.append(f"{at}.{name}")
        elif isinstance(own, dict):
            found += misfits(value, own, root, f"{at}.{name}")
    return found

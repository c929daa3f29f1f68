"""A JSON schema whose objects have no other fields than those that it names."""


def closed(schema):
    """Changes the schema, and gives it back."""
    if isinstance(schema, dict):
        for value in schema.values():
            closed(value)
        if "properties" in schema and isinstance(schema["properties"], dict) and schema.get("type") in ("object", ["object", "null"]):
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        for value in schema:
            closed(value)
    return schema

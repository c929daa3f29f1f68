"""Validates the JSON of `contend` against the schema that is published with it: contend_json_is_valid.py LOCKSTORM SOURCE.

A second time every object is closed, so that a field that the schema does not describe is noticed here. Exit status 77,
which ctest takes for skipped, where the validator is absent."""
import copy
import json
import pathlib
import subprocess
import sys

from closed import closed

lockstorm, source = sys.argv[1], pathlib.Path(sys.argv[2])
try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is absent (cmake/packages-dev.txt): skipped")
    sys.exit(77)


schema = json.loads((source / "docs/schema/contend.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validators = [jsonschema.Draft202012Validator(one) for one in (schema, closed(copy.deepcopy(schema)))]
examples = source / "examples/contend"


def check(*arguments):
    run = subprocess.run([lockstorm, "contend", *map(str, arguments), "--json", "-"], capture_output=True, text=True)
    assert run.returncode == 0, f"{arguments}: {run.returncode} {run.stderr}"
    document = json.loads(run.stdout)
    for validator in validators:
        errors = list(validator.iter_errors(document))
        assert not errors, f"{arguments}: {errors[0].message[:400]} at {list(errors[0].path)}"
    return document


assert check(examples / "team.yaml", "--runs", 3)["jobs"] > 0
assert len(check(examples, "--runs", 2)["results"]) == 2
assert check("s3/dynamodb/terraform/lock-wait", "--advise", "--runs", 1)["dynamodb_per_second"]["tried"]
wrong = check(examples / "team.yaml", "--runs", 2)
wrong["wait"]["p50_s"] = "soon"
assert list(validators[0].iter_errors(wrong)), "the schema takes anything"

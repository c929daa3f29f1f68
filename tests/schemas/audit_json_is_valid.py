"""Validates the JSON of audits against the schema that is published with them: audit_json_is_valid.py LOCKSTORM SOURCE.

A second time every object is closed, so that a field that the schema does not describe is noticed here. Exit status 77,
which ctest takes for skipped, where the validator is absent."""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

from closed import closed

lockstorm, source = sys.argv[1], pathlib.Path(sys.argv[2])
try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is absent (cmake/packages-dev.txt): skipped")
    sys.exit(77)


schema = json.loads((source / "docs/schema/audit.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
open_one = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
closed_one = jsonschema.Draft202012Validator(closed(copy.deepcopy(schema)), format_checker=jsonschema.FormatChecker())

examples, data = source / "examples", source / "tests/data"
AUDITS = (
    [examples / "s3-dynamodb"],
    [examples / "consul", "--lock-timeout", "30s"],
    [examples / "pg", "--jobs-in-ci", "3", "--faults", "none,crash"],
    [data / "golden/live", "--faults", "none,crash,operator", "--all"],
    [examples / "oci", "--tool", "terraform", "--faults", "none,interrupt"],
    [examples / "s3-dynamodb", "--runner", "persistent", "--faults", "none,network"],
)
with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    (here / "tree/broken").mkdir(parents=True)
    (here / "tree/broken/main.tf").write_text('terraform {\n  backend "s3" {\n')
    (here / "tree/module").mkdir()
    (here / "tree/module/main.tf").write_text('variable "x" {}\n')
    (here / "tree/state").mkdir()
    (here / "tree/state/main.tf").write_text('terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n    use_lockfile = true\n    region = "auto"\n    use_path_style = true\n  }\n}\n')
    workflows = here / "tree/.github/workflows"
    workflows.mkdir(parents=True)
    (workflows / "a.yml").write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: terraform -chdir=state apply}]\n")
    seen = set()
    for number, (path, *options) in enumerate((*AUDITS, [here / "tree", "--faults", "none"])):
        out = here / f"{number}.json"
        run = subprocess.run([lockstorm, "audit", str(path), *options, "--json", str(out)], capture_output=True, text=True)
        assert out.exists(), f"{path} {options}: {run.returncode} {run.stderr}"
        document = json.loads(out.read_text())
        for validator in (open_one, closed_one):
            for error in sorted(validator.iter_errors(document), key=lambda e: list(e.path))[:5]:
                print(f"{path} {options}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
                sys.exit(1)
        seen |= document.keys()
        audits = document.get("audits", [document.get("audit")])
        assert any(audit["findings"] for audit in audits), f"{path}: nothing was found, so nothing was validated"
        for audit in audits:
            names = {result["scenario"]: result for result in document["results"]}
            for finding in audit["findings"]:
                shown = names[finding["configuration"]]
                assert shown["properties"][finding["property"]]["verdict"] == "violated", finding
                assert [state["path"] for state in finding["states"]] == [state["path"] for state in audit["states"]], finding
    assert seen == set(schema["properties"]), f"fields that no audit here has: {set(schema['properties']) - seen}"
print("valid")

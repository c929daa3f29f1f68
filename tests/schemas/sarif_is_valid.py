"""Validates the SARIF that lockstorm writes against the published schema (scripts/schemas brings it), and what GitHub and GitLab
ask of results besides: sarif_is_valid.py LOCKSTORM SCHEMA SOURCE.

Exit status 77, which ctest takes for skipped, where the schema or the validator is absent."""
import json
import pathlib
import subprocess
import sys
import tempfile

lockstorm, schema_file, source = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
if not schema_file.exists():
    print(f"{schema_file} is absent: run scripts/schemas")
    sys.exit(77)
try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is absent (cmake/packages-dev.txt)")
    sys.exit(77)
schema = json.loads(schema_file.read_text())


def check_audit(run):
    rules = run["tool"]["driver"]["rules"]
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}
    for rule in rules:
        assert 0 < float(rule["properties"]["security-severity"]) <= 10, rule["id"]
        assert rule["help"]["text"] and rule["help"]["markdown"] and len(rule["fullDescription"]["text"]) <= 1024, rule["id"]
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith(("/", "..")) and place["region"]["startLine"] >= 1, place
        assert result["partialFingerprints"]["primaryLocationLineHash"], result["ruleId"]
        assert len(result["message"]["text"]) <= 2048, result["ruleId"]


with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder) / "out.sarif"
    for arguments in (["audit", str(source / "examples/s3-dynamodb")],
                      ["audit", str(source / "examples/consul"), str(source / "tests/data/golden/live"), "--faults", "none,crash,pause"],
                      ["verify", "s3/unlocked", "s3/lockfile/*"]):
        run = subprocess.run([lockstorm, *arguments, "--sarif", str(out)], capture_output=True)
        assert run.returncode == 1, run.stderr.decode()
        document = json.loads(out.read_text())
        jsonschema.validate(document, schema)
        assert document["runs"][0]["results"], "nothing was found, so nothing was validated"
        if arguments[0] == "audit":
            check_audit(document["runs"][0])
print("valid")

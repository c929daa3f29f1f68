"""Validates the SARIF that lockstorm writes against the published schema (scripts/schemas brings it).

Exit status 77, which ctest takes for skipped, where the schema or the validator is absent."""
import json
import pathlib
import subprocess
import sys
import tempfile

lockstorm, schema_file, configuration = sys.argv[1:4]
if not pathlib.Path(schema_file).exists():
    print(f"{schema_file} is absent: run scripts/schemas")
    sys.exit(77)
try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is absent (cmake/packages-dev.txt)")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder) / "out.sarif"
    run = subprocess.run([lockstorm, "audit", configuration, "--sarif", str(out)], capture_output=True)
    assert run.returncode == 1, run.stderr.decode()
    document = json.loads(out.read_text())
    jsonschema.validate(document, json.loads(pathlib.Path(schema_file).read_text()))
    assert document["runs"][0]["results"], "nothing was found, so nothing was validated"
print("valid")

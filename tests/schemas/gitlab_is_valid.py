"""Holds GitLab's code quality report to what GitLab documents of it, which publishes no schema (docs.gitlab.com, "Code Quality
report format"): gitlab_is_valid.py LOCKSTORM SOURCE."""
import json
import pathlib
import subprocess
import sys
import tempfile

lockstorm, source = sys.argv[1], pathlib.Path(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder) / "gl-code-quality-report.json"
    subprocess.run([lockstorm, "audit", str(source / "examples/s3-dynamodb"), str(source / "tests/data/golden/live"), "--gitlab", str(out)],
                   stdout=subprocess.DEVNULL, check=False)
    raw = out.read_bytes()
report = json.loads(raw)
assert not raw.startswith(b"\xef\xbb\xbf"), "a byte order mark is not read"
assert isinstance(report, list) and report, "nothing was found, so nothing was checked"
for entry in report:
    assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}, entry
    assert entry["severity"] in ("info", "minor", "major", "critical", "blocker"), entry
    assert all(isinstance(entry[key], str) and entry[key] for key in ("description", "check_name", "fingerprint")), entry
    path = entry["location"]["path"]
    assert path and not path.startswith(("/", "./", "../")), "relative to the repository, without ./: " + path
    assert isinstance(entry["location"]["lines"]["begin"], int) and entry["location"]["lines"]["begin"] >= 1, entry
assert len({entry["fingerprint"] for entry in report}) == len(report), "of equal fingerprints GitLab shows one"
print(f"{len(report)} entries are as documented")

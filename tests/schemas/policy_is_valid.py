#!/usr/bin/env python3
"""Holds the schema of .lockstorm.yaml and its reader to each other: policy_is_valid.py LOCKSTORM SOURCE. 77: skipped, and says why."""

import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"{missing.name} is not installed (cmake/packages-dev.txt): skipped")
    sys.exit(77)

GOOD = [
    "# nothing is decided yet\n",
    "jobs: 1\nfaults: [none, crash, operator]\nrunner: persistent\nlock_timeout: 1h30m\ntool: opentofu\n",
    "lock_timeout: 0\nfail_on: never\nbaseline: known.json\nexclude: [sandbox, 'live/old-*']\n",
    "store: {honours_if_none_match: true, versioning: enabled}\n",
    "accept:\n  - {rule: LS-S3-310, reason: moved in March, expires: 2027-03-01, paths: [live/app]}\n  - {rule: LS-GCS-*, reason: x}\n",
    "faults: [operator]\n",
]
BAD = [
    "- jobs\n",
    "job: 1\n",
    "jobs: 0\n",
    "jobs: 7\n",
    "jobs: two\n",
    "faults: crash\n",
    "faults: [crsh]\n",
    "faults: []\n",
    "runner: big\n",
    "tool: tofu\n",
    "lock_timeout: 5\n",
    "lock_timeout: soon\n",
    "store: amazon\n",
    "exclude: legacy\n",
    "exclude: []\n",
    "exclude: ['']\n",
    "fail_on: hihg\n",
    "baseline: ''\n",
    "accept: {rule: LS-S3-310, reason: x}\n",
    "accept: [LS-S3-310]\n",
    "accept: [{rule: LS-S3-310}]\n",
    "accept: [{reason: x}]\n",
    "accept: [{rule: LS-S3-310, reason: ' '}]\n",
    "accept: [{rule: LS-S3-310, reason: x, until: 2027-03-01}]\n",
    "accept: [{rule: LS-S3-310, reason: x, expires: soon}]\n",
    "accept: [{rule: LS-S3-310, reason: x, paths: live}]\n",
    "accept: [{rule: all, reason: x}]\n",
    "accept: [{rule: LS-*, reason: x}]\n",
]


def as_json(value):
    """What editors take a YAML file for: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def main():
    lockstorm, source = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    schema = json.loads((source / "docs/schema/lockstorm-policy.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    example = (source / "examples/ci/.lockstorm.yaml").read_text()
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        # A backend of which there is little to verify: the policy is what is looked at.
        (Path(directory) / "main.tf").write_text('terraform {\n  backend "inmem" {}\n}\n')
        for text, good in [(text, True) for text in [example, *GOOD]] + [(text, False) for text in BAD]:
            (Path(directory) / "policy.yaml").write_text(text)
            (Path(directory) / "known.json").write_text('{"format": "lockstorm-baseline", "version": 1, "findings": []}')
            valid = validator.is_valid(as_json(yaml.safe_load(text)))
            done = subprocess.run([lockstorm, "audit", "--faults", "none", "--config", "policy.yaml", "."],
                                  cwd=directory, capture_output=True, text=True, check=False)
            read = not (done.returncode == 65 and "policy.yaml" in done.stderr)
            if (valid, read) != (good, good):
                failures += 1
                print(f"{text!r}: the schema {'takes' if valid else 'refuses'} it, the command {'does' if read else 'does not'}: {done.stderr}")
    print(f"{1 + len(GOOD) + len(BAD)} policies, {failures} on which schema and command are not right")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

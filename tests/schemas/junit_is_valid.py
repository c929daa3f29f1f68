#!/usr/bin/env python3
"""JUnit reports of `lockstorm` against Jenkins' published schema: junit_is_valid.py LOCKSTORM SCHEMA CONFIGURATION. 77: skipped, and says why."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

lockstorm, schema, configuration = sys.argv[1:]
if not Path(schema).exists():
    print(f"{schema} is not there (scripts/schemas brings it): skipped")
    sys.exit(77)
if shutil.which("xmllint") is None:
    print("xmllint is not installed (libxml2-utils): skipped")
    sys.exit(77)
with tempfile.TemporaryDirectory() as directory:
    for number, (arguments, part) in enumerate(((["audit", configuration], "<failure"), (["audit", configuration], "<skipped"), (["verify", "s3/lockfile/*"], "<testcase"))):
        report = Path(directory) / f"{number}.xml"
        subprocess.run([lockstorm, *arguments, "--junit", report], stdout=subprocess.DEVNULL, check=False)
        checked = subprocess.run(["xmllint", "--noout", "--schema", schema, report], capture_output=True, text=True, check=False)
        if checked.returncode != 0:
            print(f"{arguments}: {checked.stderr}")
            sys.exit(1)
        # The schema would let an empty report pass, too.
        if part not in report.read_text():
            print(f"{arguments}: the report has no {part}>")
            sys.exit(1)
print("all reports are valid")

"""Has Microsoft's SARIF validator, with its rules for GitHub's code scanning, read what audits write:
sarif_multitool.py LOCKSTORM MULTITOOL SOURCE. 77: skipped, and says why."""
import pathlib
import re
import subprocess
import sys
import tempfile

lockstorm, multitool, source = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
# There is no page of the tool that a link could lead to.
EXPECTED = {"SARIF2005"}

if not multitool.exists():
    print(f"{multitool} is absent (scripts/schemas brings it from npm): skipped")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder) / "out.sarif"
    subprocess.run([lockstorm, "audit", str(source / "tests/data/golden/live"), "--faults", "none,crash", "--sarif", str(out)],
                   stdout=subprocess.DEVNULL, check=False)
    command = [str(multitool), "validate", str(out), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except OSError as error:
        print(f"{multitool} cannot be run here ({error}): skipped")
        sys.exit(77)
    said = ended.stdout + ended.stderr
    if "Analysis completed" not in said:
        print(f"{multitool} does not get as far as reading the file here: skipped\n{said[:2000]}")
        sys.exit(77)
    # A file that is wrong, so that silence means something.
    out.write_text(out.read_text().replace('"startLine": ', '"startLine": -', 1))
    wrong = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
found = re.findall(r": (error|warning) (\w+): (.*)", said)
for level, rule, text in found:
    if rule not in EXPECTED:
        print(f"{level} {rule}: {text}")
        sys.exit(1)
if ended.returncode != 0 or not re.search(r": error ", wrong.stdout + wrong.stderr):
    print(f"ended with {ended.returncode}; of a wrong file it says\n{wrong.stdout[:2000]}")
    sys.exit(1)
print(f"nothing but {sorted({rule for _, rule, _ in found})}")

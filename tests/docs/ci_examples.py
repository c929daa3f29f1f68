#!/usr/bin/env python3
"""Holds examples/ci to the command: ci_examples.py LOCKSTORM EXAMPLES. Every `lockstorm ...` line must parse, every script of a
checkout that a line calls must be there. `audit` lines really run, in a
repository with the example's policy: green on an S3 backend with a lock file, red on one without a lock, and write what they say."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed: skipped")
    sys.exit(77)


def scripts(node):
    """All shell of a document: GitHub's `run`, GitLab's `script` and `before_script`."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script", "before_script"):
                yield from value if isinstance(value, list) else value.splitlines()
            else:
                yield from scripts(value)
    elif isinstance(node, list):
        for item in node:
            yield from scripts(item)


def block(lock):
    return f'terraform {{\n  backend "s3" {{\n    bucket = "states"\n    key    = "app"\n    region = "eu-west-1"\n{lock}  }}\n}}\n'


def audit_is_right(lockstorm, examples, words):
    """Whether the gate is green where it should be, and red where it should be."""
    for lock, status, says in ("    use_lockfile = true\n", 0, "Passes by .lockstorm.yaml"), ("", 1, "Fails by .lockstorm.yaml: LS-S3-"):
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            (root / ".git").mkdir()
            shutil.copy(examples / "ci/.lockstorm.yaml", root)
            (root / "main.tf").write_text(block(lock))
            done = subprocess.run([lockstorm, *words], cwd=root, capture_output=True, text=True, check=False)
            written = [word for option, word in zip(words, words[1:]) if option.startswith("--") and "." in word and word != "."]
            missing = [name for name in written if not (root / name).exists() or not (root / name).stat().st_size]
            if done.returncode != status or says not in done.stdout or missing:
                print(f"{block(lock)}: ended with {done.returncode}, not {status}; not written: {missing}\n{done.stdout}{done.stderr}")
                return False
    return True


def main():
    lockstorm, examples = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    checked = failed = 0
    for file in sorted(examples.glob("ci/*.yml")):
        for line in scripts(yaml.safe_load(file.read_text())):
            for script in re.findall(r"/opt/lockstorm/(scripts/\S+)", line):
                checked += 1
                if not os.access(examples.parent / script, os.X_OK):
                    failed += 1
                    print(f"{file}: there is no {script}")
            if not re.match(r"\s*lockstorm\s", line):
                continue
            words = shlex.split(re.split(r"\s(?:>|\|\|)\s", line.strip())[0])[1:]
            if words[0] == "audit":
                good = audit_is_right(lockstorm, examples, words)
            else:  # parsed, not run: --help comes after everything else has been taken in
                done = subprocess.run([lockstorm, *words, "--no-such-option"], capture_output=True, text=True, check=False)
                good = done.returncode == 64 and "'--no-such-option'" in done.stderr
            checked += 1
            if not good:
                failed += 1
                print(f"{file}: `{line.strip()}` is not right")
    print(f"{checked} command lines, {failed} that the command does not take")
    return 1 if failed or checked < 6 else 0


if __name__ == "__main__":
    sys.exit(main())

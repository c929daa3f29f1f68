"""What the tests of `lockstorm campaign` share: small campaigns, and how what they print is compared."""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

QUIET = "backend: {type: s3, use_lockfile: true}\nclient: {count: 2}\n"
LOUD = "backend: {type: s3}\nclient: {count: 2}\n"


def without_times(text):
    """Times are measured: they differ from run to run, and nothing else does."""
    text = re.sub(r"Time:( +)[0-9.]+ s", r"Time:\1T s", text)
    text = re.sub(r'"seconds": [0-9.e+-]+', '"seconds": 0', text)
    return re.sub(r'"states_per_second": [0-9]+', '"states_per_second": 0', text)


class Folder:
    """A directory with scenarios and specs in which the command is run."""

    def __init__(self, lockstorm):
        self.lockstorm = os.path.abspath(lockstorm)
        self.path = tempfile.mkdtemp(prefix="lockstorm-campaign-")
        self.write("quiet.yaml", QUIET)
        self.write("loud.yaml", LOUD)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text):
        with open(self.file(name), "w") as file:
            file.write(text)

    def read(self, name):
        with open(self.file(name)) as file:
            return file.read()

    def spec(self, name, scenarios="loud.yaml, quiet.yaml", runs=3200, shards=8, more=""):
        self.write(name, f"hunt: {{scenarios: [{scenarios}], runs: {runs}, seed: 7}}\n"
                         f"shards: {shards}\nlost_after: 2s\n{more}")

    def environment(self):
        return {**os.environ, "NO_COLOR": "1"}

    def start(self, *words, **more):
        return subprocess.Popen([self.lockstorm, *words], cwd=self.path, env=self.environment(), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def run(self, *words, **more):
        return subprocess.run([self.lockstorm, *words], cwd=self.path, env=self.environment(), text=True,
                              capture_output=True, timeout=600, **more)

    def one_machine(self, scenarios, runs):
        """What one process writes: its report and its JSON, without times."""
        hunted = self.run("hunt", "--all", "--seed", "7", "--runs", str(runs), *scenarios, "--json", "whole.json")
        return without_times(hunted.stdout), without_times(self.read("whole.json"))

    def index(self, name):
        return sqlite3.connect(self.file(name + "/campaign.sqlite"), timeout=60)

    def change(self, name, sql, *values):
        index = self.index(name)
        with index:
            index.execute(sql, values)
        index.close()

    def status(self, name):
        told = self.run("campaign", "status", name, "--json", "status.json")
        return told, json.loads(self.read("status.json"))

    def wait_for(self, name, condition, seconds=120):
        """Until the status of the campaign is as wanted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.path.exists(self.file(name + "/campaign.sqlite")):
                _, status = self.status(name)
                if condition(status):
                    return status
            time.sleep(0.05)
        raise AssertionError(f"{name}: it did not come to that in {seconds} s")


class Checks:
    """Goes on after a failure, and says all of them at the end."""

    def __init__(self):
        self.failures = []

    def equal(self, got, wanted, what):
        if got != wanted:
            self.failures.append(f"{what}:\n  got    {str(got)[:2000]}\n  wanted {str(wanted)[:2000]}")

    def holds(self, condition, what):
        if not condition:
            self.failures.append(what)

    def contains(self, text, part, what):
        if part not in text:
            self.failures.append(f"{what}: '{part}' is not in\n{text[:2000]}")

    def end(self):
        for failure in self.failures:
            print("FAILED", failure)
        print("ok" if not self.failures else f"{len(self.failures)} failed")
        sys.exit(1 if self.failures else 0)

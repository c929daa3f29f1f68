"""Runs the built command for the tests that attack it, and keeps all that it wrote."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

# A command ends with one of these, whatever its input (README, "Exit status"): never 70, never by a signal.
ANSWERS = {0, 1, 2, 3, 4, 64, 65}
FORMATS = ("json", "junit", "sarif", "markdown", "perfetto", "badge", "html")
AUDIT_FORMATS = (*FORMATS, "gitlab")


# What a developer has set for the tools is no part of a test: audits read it.
OF_THE_TOOLS = ("TF_", "TG_", "AWS_", "ARM_", "PG_", "KUBE_", "GOOGLE_", "ALICLOUD_", "ALIBABA_", "OSS_", "TENCENTCLOUD_")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_TOOLS)}


class Ended:
    """How one run ended: status (negative: by that signal; None: not in time), and what it wrote, in bytes."""

    def __init__(self, words, status, out, err, files):
        self.words, self.status, self.out, self.err, self.files = words, status, out, err, files

    @property
    def aborted(self):
        return self.status is None or self.status not in ANSWERS

    def everything(self):
        yield "standard output", self.out
        yield "standard error", self.err
        yield from self.files.items()

    def __str__(self):
        return f"{self.words} ended with {self.status}: {self.err[-600:]!r}"


class Folder:
    """A directory of its own for one run or several; files that are there before a run are its input."""

    def __init__(self, binary):
        self.binary = str(pathlib.Path(binary).resolve())
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="lockstorm-attack-"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name, content):
        file = os.path.join(os.fsencode(self.path), os.fsencode(name))
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
        return name

    def run(self, *words, seconds=120, environment=None, preexec=None):
        before = set(self._names())
        process = subprocess.Popen([self.binary, *words], cwd=self.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env={**ENVIRONMENT, "NO_COLOR": "1", **(environment or {})},
                                   preexec_fn=preexec)
        try:
            out, err = process.communicate(timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
            status = None
        files = {}
        for name in set(self._names()) - before:
            with open(os.path.join(os.fsencode(self.path), name), "rb") as stream:
                files[os.fsdecode(name)] = stream.read()
            os.unlink(os.path.join(os.fsencode(self.path), name))
        return Ended(words, status, out, err, files)

    def run_in_every_format(self, *words, formats=FORMATS, **rest):
        for name in formats:
            words += (f"--{name}", f"out.{name}")
        return self.run(*words, **rest)

    def _names(self):
        root = os.fsencode(self.path)
        for folder, _, names in os.walk(root):
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), root)


class Failures:
    """Collects what went wrong and says it at the end."""

    def __init__(self):
        self.count, self.checked = 0, 0

    def check(self, good, *what):
        self.checked += 1
        if good:
            return
        self.count += 1
        if self.count <= 20:
            print("FAILED:", *what)

    def end(self, what):
        print(f"{what}; {self.checked} checks, {self.count} failed")
        return 1 if self.count else 0

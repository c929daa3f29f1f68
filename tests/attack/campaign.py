"""The campaign behind scripts/attack: mutated inputs, kills, full and closed descriptors, small limits, canaries and
random valid scenarios against the built command, until the time is up.

Nothing may abort (end by a signal that was not sent, or with a status that is no answer), nothing may be lost (an
output file is the old one or a whole new one), no canary may come out, and what is printed is fit for a terminal
and a log. An attack that succeeds is kept with its input and its command line."""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import canaries
import smuggling
from command import ANSWERS, Failures, Folder
from valid_scenarios import Campaign as Valid

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
LEAST = ("--memory", "32M", "--jobs", "1")
TELLING = [b"{", b"}", b"[", b"]", b'"', b"'", b"\\", b":", b",", b"#", b"%{", b"${", b"\n", b"\t", b"\0", b"\xff", b"\xc3", b"\x1b[2J",
           b"\n::error::x", b"-1", b"1e400", b"99999999999999999999", b"null", b"NaN", b"<<EOT\n", b"&a", b"*a", b"!!", b"---\n", "‮".encode()]


def corpus():
    """(words with FILE, its name, seeds) of every reader that the command line reaches."""
    files = lambda *patterns: [file.read_bytes() for pattern in patterns for file in sorted(SOURCE.glob(pattern))]
    scenarios = files("fuzz/corpus/scenario/*", "scenarios/library/s3/*.yaml", "scenarios/library/pg/*.yaml", "examples/fixes/*/*.yaml")
    native = files("fuzz/corpus/configuration/*.tf", "tests/data/terraform_config/*/*/main.tf", "examples/*/main.tf")
    in_json = files("fuzz/corpus/configuration/*.json", "tests/data/terraform_config/*/*/*.tf.json")
    histories = files("tests/data/histories/*.jsonl", "tests/data/histories/*.edn", "tests/data/histories/*.log")
    workflows = files("tests/data/pipelines/*.yml", "tests/data/pipelines/*.yaml")
    certificates, replays, bench = files("fuzz/corpus/certificate/*"), files("fuzz/corpus/replay/*"), files("fuzz/corpus/bench/*", "tests/data/bench/*")
    out = ("--json", "out.json")
    return [
        (("verify", "in.yaml", *LEAST, *out, "--sarif", "out.sarif", "--junit", "out.junit", "--markdown", "out.markdown"), "in.yaml", scenarios),
        (("hunt", "in.yaml", "--runs", "40", *out), "in.yaml", scenarios),
        (("simulate", "in.yaml", *out), "in.yaml", scenarios),
        (("audit", "in.tf", "--faults", "none", *LEAST, *out, "--html", "out.html"), "in.tf", native),
        (("audit", "in.tf.json", "--faults", "none", *LEAST, *out), "in.tf.json", in_json),
        (("judge", "in.jsonl", *out, "--html", "out.html", "--max-states", "20000"), "in.jsonl", histories),
        (("judge", "in.jsonl", "--model", "register", *out, "--max-states", "20000"), "in.jsonl", histories),
        (("judge", str(SOURCE / "tests/data/histories/lock.jsonl"), "--initial", "in.json"), "in.json", histories + [b'{"state": null, "lock": "a"}']),
        (("pipeline", "in.yml", *out), "in.yml", workflows),
        (("audit", ".", "--faults", "none", *LEAST, *out, "--sarif", "out.sarif"), ".github/workflows/in.yml", workflows),
        (("accept", "in.jsonl", *out), "in.jsonl", histories),
        (("certify", "in.cert", *LEAST), "in.cert", certificates),
        (("replay", "in.txt", *out), "in.txt", replays),
        (("merge", "in.json", *out, "--badge", "out.badge"), "in.json", []),
        (("bench", "--repetitions", "1", "--filter", "^none$", "--baseline", "in.json"), "in.json", bench),
        (("bench", "--repetitions", "1", "--filter", "^none$", "--history", "in.json"), "in.json", bench),
        (("hunt", "s3/unlocked", "--runs", "20", "--corpus", "kept"), "kept/a.replay", replays),
    ]


class Mutator:
    def __init__(self, source):
        self.random = source

    def change(self, content, other):
        r = self.random
        data = bytearray(content)
        for _ in range(r.choice((1, 1, 2, 3, 8))):
            at = r.randint(0, len(data))
            kind = r.randint(0, 7)
            if kind == 0 and data:
                data[r.randrange(len(data))] ^= 1 << r.randrange(8)
            elif kind == 1:
                data[at:at] = r.choice(TELLING)
            elif kind == 2:
                del data[at:]
            elif kind == 3:
                del data[at:at + r.randint(1, 20)]
            elif kind == 4:
                data[at:at] = data[at:at + r.randint(1, 40)] * r.choice((1, 1, 2, 50))
            elif kind == 5 and other:
                data[at:] = other[r.randint(0, len(other)):]
            elif kind == 6:
                data[at:at] = r.choice(TELLING) * r.choice((1, 3, 300, 5000))
            elif kind == 7 and data:
                words = bytes(data).split(b" ")
                r.shuffle(words)
                data = bytearray(b" ".join(words))
        return bytes(data)


class Attack:
    def __init__(self, lockstorm, seed, keep):
        self.lockstorm, self.seed, self.keep = lockstorm, seed, pathlib.Path(keep)
        self.counts, self.failed = collections.Counter(), collections.Counter()
        self.lock = threading.Lock()
        self.readers = corpus()
        with Folder(lockstorm) as folder:
            part = folder.run("hunt", "s3/unlocked", "--runs", "40", "--shard", "1/2", "--json", "p").files["p"]
        self.readers = [(w, n, s or [part]) for w, n, s in self.readers]
        self.valid = Valid(lockstorm, seed, self.keep / "scenarios")
        self.valid_lock = threading.Lock()

    def fail(self, what, folder, detail, words=()):
        with self.lock:
            self.failed[what] += 1
            number = sum(self.failed.values())
        place = self.keep / f"{number}-{what}"
        if number <= 200:
            shutil.rmtree(place, ignore_errors=True)
            if folder is not None:
                shutil.copytree(folder.path, place)
            place.mkdir(parents=True, exist_ok=True)
            (place / "how").write_text(f"{shlex.join(['lockstorm', *map(str, words)])}\n{detail}\n", errors="backslashreplace")
        if number <= 30:
            print(f"FAILED ({what}), kept in {place}: {str(detail)[:500]}", flush=True)

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] += number

    def look(self, ended, folder, what):
        if ended.aborted:
            self.fail(f"{what}-aborted", folder, ended, ended.words)
        for name, text in ended.everything():
            if canaries.CANARY.encode() in text:
                self.fail(f"{what}-canary", folder, f"in {name}", ended.words)
        for name, text in (("standard output", ended.out), ("standard error", ended.err)):
            shown = text.decode("utf-8", "replace")
            if smuggling.raw(shown) or b"\xef\xbf\xbd" not in text and "�" in shown or any(smuggling.COMMAND.search(line) for line in shown.split("\n")):
                self.fail(f"{what}-smuggled", folder, f"{name}: {text[:400]!r}", ended.words)
        for name, text in ended.files.items():
            if name.endswith((".json", ".sarif", ".badge")) and not is_json(text):
                self.fail(f"{what}-broken-output", folder, f"{name}: {text[:200]!r}", ended.words)

    # ---- one attack of each kind

    def inputs(self, r):
        words, name, seeds = r.choice(self.readers)
        content = Mutator(r).change(r.choice(seeds), r.choice(seeds))
        if r.random() < 0.2 and name.endswith((".tf", ".yaml")):
            content = content.replace(b'"', b'"' + canaries.URL.encode(), 1)
        with Folder(self.lockstorm) as folder:
            folder.write(name, content)
            self.look(folder.run(*words), folder, "input")
        self.count("mutated inputs")

    def kills(self, r):
        words = r.choice((("verify", "s3/*", "pg/*"), ("hunt", "crowds/*", "--runs", "2000"), ("audit", str(SOURCE / "examples/s3-dynamodb")),
                          ("matrix",), ("verify", "lock-table/*", "--certificate", "out.cert", "--gtest", "tests"),
                          ("hunt", "s3/*", "--runs", "200", "--corpus", "kept")))
        sent = r.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
        outputs = ("out.json", "out.sarif", "out.badge")
        with Folder(self.lockstorm) as folder:
            for name in outputs:
                folder.write(name, '{"old": true}\n')
            options = [word for name in outputs for word in (f"--{name[4:]}", name)]
            process = subprocess.Popen([self.lockstorm, *words, *options], cwd=folder.path, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            time.sleep(r.choice((r.uniform(0, 0.05), r.uniform(0, 0.6), r.uniform(0, 4))))
            process.send_signal(sent)
            try:
                _, err = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                _, err = process.communicate()
                self.fail("kill-ignored", folder, f"{sent.name} was ignored for a minute", words)
            status = process.returncode
            if status != -sent and status not in ANSWERS:
                self.fail("kill-aborted", folder, f"{sent.name}, then {status}: {err[-400:]!r}", words)
            for name in outputs:
                if not is_json((folder.path / name).read_bytes()):
                    self.fail("kill-lost", folder, f"{sent.name}: {name} is half written", words)
            left = [str(file.relative_to(folder.path)) for file in folder.path.rglob(".lockstorm-unfinished-*")]
            if left and sent != signal.SIGKILL:
                self.fail("kill-litter", folder, f"{sent.name} leaves {left}", words)
        self.count("kills")

    def faults(self, r):
        words = r.choice((("verify", "s3/unlocked"), ("verify", "s3/*"), ("audit", str(SOURCE / "examples/s3-dynamodb"), "--faults", "none"),
                          ("hunt", "s3/unlocked", "--runs", "100"), ("judge", str(SOURCE / "tests/data/histories/states.jsonl")),
                          ("verify", "no-such-scenario"), ("list",), ("--help",), ("describe", "s3"), ("simulate", "s3/unlocked")))
        kind = r.choice(("full out", "full err", "full file", "closed out", "closed err", "closed in", "all closed", "small files",
                         "few descriptors", "no directory", "address space", "early reader"))
        words += ("--json", "/dev/full" if kind == "full file" else "none/out.json" if kind == "no directory" else "out.json") if words[0] != "--help" else ()
        targets = {"full out": {"stdout": "/dev/full"}, "full err": {"stderr": "/dev/full"}}.get(kind, {})

        def before():
            closed = {"closed out": (1,), "closed err": (2,), "closed in": (0,), "all closed": (0, 1, 2)}.get(kind, ())
            for descriptor in closed:
                os.close(descriptor)
            if kind == "small files":
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
            if kind == "few descriptors":
                resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))
            if kind == "address space":
                resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

        with Folder(self.lockstorm) as folder:
            folder.write("out.json", '{"old": true}\n')
            streams = {name: open(file, "wb") for name, file in targets.items()}
            process = subprocess.Popen([self.lockstorm, *words], cwd=folder.path, stdin=subprocess.DEVNULL,
                                       stdout=streams.get("stdout", subprocess.PIPE), stderr=streams.get("stderr", subprocess.PIPE), preexec_fn=before)
            if kind == "early reader":
                process.stdout.read(1)
                process.stdout.close()
                process.stdout = None
            try:
                _, err = process.communicate(timeout=120)
                status = process.returncode
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                status, err = None, b""
            for stream in streams.values():
                stream.close()
            if status not in ANSWERS and not (kind == "early reader" and status == -signal.SIGPIPE):
                self.fail("fault-aborted-" + kind.replace(" ", "-"), folder, f"{kind}: {status}: {(err or b'')[-400:]!r}", words)
            if not is_json((folder.path / "out.json").read_bytes()):
                self.fail("fault-lost-" + kind.replace(" ", "-"), folder, f"{kind}: out.json is half written", words)
        self.count("faults")

    def canary(self, r):
        arguments = self.arguments()
        backend = r.choice(sorted(arguments))
        argument = r.choice(sorted(arguments[backend]))
        found = Failures()
        where, ways = r.choice(((canaries.in_native, canaries.NATIVE), (canaries.in_json, canaries.JSON_VALUES), (canaries.in_setting, canaries.SETTINGS)))
        way = r.choice(sorted(ways))
        with Folder(self.lockstorm) as folder:
            where(found, folder, backend, argument, way, r.choice(("terraform", "opentofu")))
            if found.count:
                self.fail("canary", folder, f"{backend} {argument} {way}")
        self.count("canaries")

    def scenario(self, r):
        with self.valid_lock:
            before = self.valid.failures.count
            self.valid.one()
            if self.valid.failures.count > before:
                self.failed["scenario"] += 1
        self.count("valid scenarios")

    def arguments(self):
        with self.lock:
            if not hasattr(self, "_arguments"):
                self._arguments = canaries.arguments_of(self.lockstorm)
            return self._arguments

    def run(self, minutes, workers):
        end = time.monotonic() + 60 * minutes
        kinds = [self.inputs] * 10 + [self.kills] * 2 + [self.faults] * 3 + [self.canary] * 4 + [self.scenario]

        def work(number):
            turn = 0
            while time.monotonic() < end:
                r = random.Random(f"{self.seed}.{number}.{turn}")
                turn += 1
                r.choice(kinds)(r)

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(work, number) for number in range(workers)]:
                done.result()

    def end(self):
        print(", ".join(f"{number} {what}" for what, number in sorted(self.counts.items())) or "nothing")
        total = sum(self.failed.values())
        for what, number in sorted(self.failed.items()):
            print(f"  {number} failed: {what}")
        print("nothing aborted, nothing lost, no canary out" if total == 0 else f"{total} attacks succeeded; what they were is in {self.keep}")
        return 1 if total else 0


def is_json(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False


def main():
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="?", type=float, default=5, help="how long to go on (default 5)")
    parser.add_argument("--lockstorm", default=str(SOURCE / "build/release/bin/lockstorm"), help="the command that is attacked")
    parser.add_argument("--seed", default="1", help="of everything but the time of kills (default 1)")
    parser.add_argument("--keep", default=str(SOURCE / "build/attack"), help="where successful attacks are kept")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="attacks at a time (default: processors)")
    options = parser.parse_args()
    attack = Attack(str(pathlib.Path(options.lockstorm).resolve()), options.seed, options.keep)
    attack.run(options.minutes, options.workers)
    return attack.end()


if __name__ == "__main__":
    sys.exit(main())

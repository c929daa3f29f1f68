#!/usr/bin/env python3
"""`lockstorm campaign` on one machine: the same bytes as one process, whoever dies meanwhile; bad input is told,
nothing found is lost, nothing wrong is resumed. Usage: local_campaign.py LOCKSTORM [CASE...]"""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

from campaigns import Checks, Folder, without_times

LONG_RUNS = 1_600_000  # a shard of sixteen takes about a second
check = Checks()


def reported(folder, campaign, what):
    """The report and the JSON of a campaign, without times."""
    told = folder.run("campaign", "report", campaign, "--json", "report.json")
    check.contains(told.stdout, "lockstorm", what) if not told.stdout else None
    return without_times(told.stdout), without_times(folder.read("report.json"))


def workers_of(launcher):
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(launcher.pid)], capture_output=True, text=True)
    return [int(pid) for pid in children.stdout.split()]


def same_bytes(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml")
        whole = folder.one_machine(["loud.yaml", "quiet.yaml"], 3200)
        for threads in ("1", "2"):
            ran = folder.run("--threads", threads, "campaign", "run", "two.yaml", "--folder", "c" + threads,
                             "--json", "ran.json")
            check.equal(ran.returncode, 1, "a violation ends with 1")
            check.equal((without_times(ran.stdout), without_times(folder.read("ran.json"))), whole,
                        f"{threads} workers against one process")
        first = folder.run("campaign", "report", "c1", "--json", "a.json").stdout, folder.read("a.json")
        made = sorted((name, os.stat(folder.file("c1/parts/" + name)).st_mtime_ns)
                      for name in os.listdir(folder.file("c1/parts")))
        check.equal(len(made), 16, "parts")
        again = folder.run("campaign", "run", "two.yaml", "--folder", "c1", "--json", "b.json")
        check.equal((again.stdout, folder.read("b.json")), first, "asked twice, byte for byte with times")
        check.equal(sorted((name, os.stat(folder.file("c1/parts/" + name)).st_mtime_ns)
                           for name in os.listdir(folder.file("c1/parts"))), made, "nothing is made twice")


def proofs(lockstorm):
    """Scenarios that are verified, a shard for each: what `verify` of all of them writes."""
    with Folder(lockstorm) as folder:
        for name, scenarios in (("many", ["loud.yaml", "quiet.yaml", "s3/lockfile/terraform/*"]), ("one", ["loud.yaml"])):
            folder.write(name + ".yaml", f"verify: {{scenarios: [{', '.join(scenarios)}]}}\nlost_after: 2s\n")
            ran = folder.run("--threads", "2", "campaign", "run", name + ".yaml", "--json", "ran.json")
            whole = folder.run("verify", *scenarios, "--json", "whole.json")
            check.equal((without_times(ran.stdout), without_times(folder.read("ran.json")), ran.returncode),
                        (without_times(whole.stdout), without_times(folder.read("whole.json")), whole.returncode), name)
        os.unlink(folder.file("many.campaign/parts/0002-01-of-01.json"))
        part = folder.read("many.campaign/parts/0003-01-of-01.json")
        folder.write("many.campaign/parts/0003-01-of-01.json", part.replace("held", "unheld", 1))
        again = folder.run("campaign", "run", "many.campaign", "--json", "again.json")
        check.contains(again.stderr, "shard 3 is made again", "an edited part")
        whole = folder.run("verify", "loud.yaml", "quiet.yaml", "s3/lockfile/terraform/*", "--json", "whole.json")
        check.equal(without_times(folder.read("again.json")), without_times(folder.read("whole.json")), "made again")
        refused = folder.run("campaign", "report", "many.campaign", "--junit", "j.xml")
        check.equal((refused.returncode, os.path.exists(folder.file("j.xml"))), (64, False), "no other file")


def two_writers(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("long.yaml", "quiet.yaml", LONG_RUNS // 4, 16)
        both = [folder.start("--threads", "2", "campaign", "run", "long.yaml") for _ in range(2)]
        outputs = [without_times(one.communicate(timeout=600)[0]) for one in both]
        check.equal(outputs[0], outputs[1], "two who run the same campaign report the same")
        check.equal(outputs[0], folder.one_machine(["quiet.yaml"], LONG_RUNS // 4)[0], "... as one process")
        claims = folder.index("long.campaign").execute("SELECT sum(claim), sum(failures) FROM shards").fetchone()
        check.equal(claims, (16, 0), "each shard was taken once")


def killed_worker(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("long.yaml", "loud.yaml", LONG_RUNS, 16)
        launcher = folder.start("--threads", "2", "campaign", "run", "long.yaml", "--json", "ran.json")
        status = folder.wait_for("long.campaign", lambda s: s["running"] == 2)
        os.kill([s["process"] for s in status["shards"] if s["state"] == "running"][0], signal.SIGKILL)
        out, _ = launcher.communicate(timeout=600)
        whole = folder.one_machine(["loud.yaml"], LONG_RUNS)
        check.equal((without_times(out), without_times(folder.read("ran.json"))), whole, "a worker was killed")
        _, status = folder.status("long.campaign")
        check.equal(sum(s["failures"] for s in status["shards"]), 1, "the killed worker's shard has failed once")
        check.equal(status["done"], 16, "all are done")


def killed_all(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("long.yaml", "loud.yaml", LONG_RUNS, 16)
        launcher = folder.start("--threads", "2", "campaign", "run", "long.yaml", start_new_session=True)
        folder.wait_for("long.campaign", lambda s: s["done"] >= 2 and s["running"] >= 1)
        os.killpg(launcher.pid, signal.SIGKILL)
        launcher.communicate()
        told, status = folder.status("long.campaign")
        check.equal(told.returncode, 2, "an open campaign is unknown")
        check.holds(2 <= status["done"] < 16, "it was killed in the middle")
        check.contains(told.stdout, "of 16 shards done", "status")
        partial = folder.run("campaign", "report", "long.campaign", "--json", "partial.json")
        check.contains(partial.stderr, "not done yet", "the report says that it is not whole")
        check.holds(json.loads(folder.read("partial.json"))["hunt"]["joined"]["missing"], "parts are missing")
        # loud.yaml is violated in every shard: what was found is not lost, not even what a killed one had found
        kept = [os.path.join(at, name) for at, _, names in os.walk(folder.file("long.campaign/found")) for name in names]
        check.holds(kept, "killed shards keep what they had found")
        check.contains(partial.stderr, "had found is in long.campaign/found/0001-", "it is told")
        if kept:
            with open(kept[0]) as file:
                replayed = folder.run("replay", file.read().strip(), "--scenario", "loud.yaml")
            check.equal(replayed.returncode, 1, "what a killed shard had found is found again: " + replayed.stderr)
        check.equal(partial.returncode, 1, "what was found stays found")
        ran = folder.run("campaign", "run", "long.campaign", "--json", "ran.json")
        check.equal((without_times(ran.stdout), without_times(folder.read("ran.json"))),
                    folder.one_machine(["loud.yaml"], LONG_RUNS), "gone on with after kill -9 of all")
        check.equal(os.listdir(folder.file("long.campaign/found")), [], "what is done is in the parts alone")


def interrupted(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("long.yaml", "quiet.yaml", LONG_RUNS, 16)
        launcher = folder.start("--threads", "2", "campaign", "run", "long.yaml")
        folder.wait_for("long.campaign", lambda s: s["running"] == 2)
        launcher.terminate()
        _, errors = launcher.communicate(timeout=60)
        check.contains(errors, "interrupted", "it is told")
        status = folder.wait_for("long.campaign", lambda s: s["running"] == 0)
        check.equal(sum(s["failures"] for s in status["shards"]), 0, "an interrupt is no failure of a shard")


def fails_for_good(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("long.yaml", "quiet.yaml", LONG_RUNS, 16, "attempts: 3\n")
        launcher = folder.start("--threads", "2", "campaign", "run", "long.yaml", "--json", "ran.json")
        for attempt in range(3):
            def is_at_it(status):
                third = status["shards"][2]
                return third["state"] == "running" and third["failures"] == attempt
            status = folder.wait_for("long.campaign", is_at_it)
            os.kill(status["shards"][2]["process"], signal.SIGKILL)
        out, errors = launcher.communicate(timeout=600)
        check.equal(launcher.returncode, 2, "nothing was found, and not all is known")
        check.contains(errors, "shard 3 (quiet 3 of 16) has failed 3 times and is left", "it is told")
        check.contains(errors, "ended without a word", "... and why")
        check.equal(json.loads(folder.read("ran.json"))["hunt"]["joined"]["missing"], [2], "the rest is kept")
        told, _ = folder.status("long.campaign")
        check.contains(told.stdout, "15 of 16 shards done, 1 failed", "status")
        again = folder.run("campaign", "run", "long.yaml", "--retry")
        check.equal(without_times(again.stdout), folder.one_machine(["quiet.yaml"], LONG_RUNS)[0], "--retry")


def lost_elsewhere(lockstorm):
    """An owner on another machine is judged by its signs of life alone; clocks are never compared."""
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml", "loud.yaml", 3200, 8)
        folder.run("campaign", "run", "two.yaml")
        for skew in (-7 * 86400, 7 * 86400):
            os.unlink(folder.file("two.campaign/parts/0001-01-of-08.json"))
            folder.change("two.campaign", "UPDATE shards SET state = 1, claim = claim + 1, machine = 'elsewhere x', "
                          "host = 'node-9', process = 1, failures = 0, since = ? WHERE id = 1",
                          int(time.time()) + skew)
            told, _ = folder.status("two.campaign")
            check.contains(told.stdout, "on node-9, process 1", "status names the owner")
            if skew > 0:
                check.contains(told.stdout, "ahead of this one's", "a clock ahead is told")
            start = time.monotonic()
            ran = folder.run("campaign", "run", "two.campaign", "--json", "ran.json")
            check.holds(time.monotonic() - start >= 2, "nobody is lost before lost_after")
            check.equal((without_times(ran.stdout), without_times(folder.read("ran.json"))),
                        folder.one_machine(["loud.yaml"], 3200), "a lost node's shard was run again")
            _, status = folder.status("two.campaign")
            check.equal(status["shards"][0]["failures"], 1, "... which counts as a failure")


def not_the_same(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml")
        folder.run("campaign", "run", "two.yaml")
        before = folder.run("campaign", "report", "two.yaml").stdout

        def refused(words, why):
            told = folder.run("campaign", *words)
            check.equal(told.returncode, 65, f"{words}: {told.stderr}")
            check.contains(told.stderr, why, str(words))
            check.equal(told.stdout, "", "nothing is reported")

        folder.spec("two.yaml", runs=6400)
        refused(["run", "two.yaml"], "another campaign was begun in this folder: 'runs 3200' there, 'runs 6400' here")
        folder.spec("two.yaml")
        folder.write("quiet.yaml", "backend: {type: s3, use_lockfile: true}\nclient: {count: 3}\n")
        refused(["run", "two.yaml"], "another campaign was begun in this folder: 'scenario quiet")
        check.equal(folder.run("campaign", "report", "two.yaml").stdout, before,
                    "the campaign has its scenarios as they were")
        folder.change("two.campaign", "UPDATE campaign SET value = '0.0.9 0123' WHERE key = 'build'")
        refused(["run", "two.campaign"], "another build of lockstorm began the campaign (0.0.9 0123; this is 0.")
        refused(["work", "two.campaign"], "another build of lockstorm")
        refused(["report", "two.campaign"], "another build of lockstorm")
        folder.change("two.campaign", "UPDATE campaign SET value = '0' WHERE key = 'format'")
        refused(["status", "two.campaign"], "another version of lockstorm wrote it")
        folder.write("two.campaign/campaign.sqlite", "no database")
        refused(["run", "two.campaign"], "the campaign's index: file is not a database")
        refused(["status", "nowhere"], "no campaign was begun here")


def damaged_parts(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml")
        folder.run("campaign", "run", "two.yaml")
        whole = folder.one_machine(["loud.yaml", "quiet.yaml"], 3200)
        os.unlink(folder.file("two.campaign/parts/0001-03-of-08.json"))
        part = folder.read("two.campaign/parts/0002-05-of-08.json")
        folder.write("two.campaign/parts/0002-05-of-08.json", part[:len(part) // 2])
        # of the other scenario, whole by itself
        shutil.copy(folder.file("two.campaign/parts/0001-01-of-08.json"),
                    folder.file("two.campaign/parts/0002-01-of-08.json"))
        check.equal(folder.run("campaign", "report", "two.yaml").returncode, 65, "no report of damaged parts")
        ran = folder.run("campaign", "run", "two.yaml", "--json", "ran.json")
        for shard in ("shard 3 is made again", "shard 13 is made again", "shard 9 is made again"):
            check.contains(ran.stderr, shard, "it is told")
        check.equal((without_times(ran.stdout), without_times(folder.read("ran.json"))), whole, "made again")


def disk_full(lockstorm):
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml", "loud.yaml", 3200, 8)
        whole = folder.one_machine(["loud.yaml"], 3200)
        # The index fits, a part with a violation does not; the smallest part says how much that is.
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (36 * 1024, 36 * 1024))
        ran = folder.run("campaign", "run", "two.yaml", preexec_fn=limit)
        check.equal(ran.returncode, 65, "a file that cannot be written: " + ran.stderr)
        check.contains(ran.stderr, "cannot be written", "it is told")
        _, status = folder.status("two.campaign")
        check.equal((status["done"], sum(s["failures"] for s in status["shards"])), (0, 0),
                    "no shard is done, and none has failed for it")
        ran = folder.run("campaign", "run", "two.yaml", "--json", "ran.json")
        check.equal((without_times(ran.stdout), without_times(folder.read("ran.json"))), whole, "room was made")
        full_file_system(lockstorm, whole)


def full_file_system(lockstorm, whole):
    """A file system of its own that is full at every size from nothing to enough."""
    mounts = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    if mounts.returncode != 0:
        print("not tried here: a full file system (no namespaces)")
        return
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml", "loud.yaml", 3200, 8)
        script = ("mount -t tmpfs -o size={size}k none /mnt; {bin} campaign run two.yaml --folder /mnt/c; s=$?; "
                  "mount -o remount,size=64m /mnt; {bin} campaign run two.yaml --folder /mnt/c --json ran.json "
                  "> ran.txt; echo first $s")
        for size in (4, 16, 32, 48, 64, 128, 256):
            ran = subprocess.run(["unshare", "-rm", "sh", "-c", script.format(size=size, bin=folder.lockstorm)],
                                 cwd=folder.path, env=folder.environment(), text=True, capture_output=True)
            check.contains(ran.stdout, "first 65", f"{size} KiB: {ran.stderr}")
            check.contains(ran.stderr, "full" if size < 32 else "o", f"{size} KiB")
            check.equal((without_times(folder.read("ran.txt")), without_times(folder.read("ran.json"))), whole,
                        f"room was made after {size} KiB")


def bad_specs(lockstorm):
    with Folder(lockstorm) as folder:
        def refused(text, where, why):
            folder.write("bad.yaml", text)
            told = folder.run("campaign", "run", "bad.yaml")
            check.equal(told.returncode, 65, text)
            check.contains(told.stderr, f"bad.yaml:{where}: error: ", text)
            check.contains(told.stderr, why, text)
            check.holds(not os.path.exists(folder.file("bad.campaign")), f"nothing was begun: {text}")
        refused("", "1:1", "the campaign is empty")
        refused("- 1\n", "1:1", "a campaign is a mapping")
        refused("shards: 4\n", "1:1", "the campaign does nothing")
        refused("verify: {scenarios: [quiet.yaml]}\nshards: 4\n", "2:9", "a proof is not divided")
        refused("verify: {scenarios: [quiet.yaml]}\nhunt: {scenarios: [quiet.yaml]}\n", "1:9", "not both")
        refused("hunt: {scenarios: []}\n", "1:19", "no scenario is listed")
        refused("hunt:\n  scenarios: [quiet.yaml]\n  run: 5\n", "3:3", "run")
        refused("hunt: {scenarios: [quiet.yaml, quite]}\n", "1:32", "'quite': no such scenario")
        refused("hunt: {scenarios: [quiet.yaml, quiet.yaml]}\n", "1:32", "the scenario 'quiet' is there twice")
        refused("hunt: {scenarios: [quiet.yaml], strategies: [pct]}\n", "1:46", "pct")
        refused("hunt: {scenarios: [quiet.yaml]}\nshards: 17\n", "2:9", "shards")
        refused("hunt: {scenarios: [quiet.yaml]}\nattempts: 0\n", "2:11", "attempts")
        refused("hunt: {scenarios: [quiet.yaml]}\nlost_after: 5\n", "2:13", "lost_after")
        refused("hunt: {scenarios: [quiet.yaml]}\nmemory: lots\n", "2:9", "'lots' is no size")
        refused("hunt: {scenarios: [quiet.yaml]}\nslurm: {options: [\"--x\\nrm\"]}\n", "2:19", "not one line of text")
        refused("hunt: [\n", "1:7", "broken YAML")
        folder.spec("good.yaml")
        for words, why in ((["status", "good.yaml", "--slurm"], "are for `campaign run`"),
                           (["run", "good.yaml", "--dry-run"], "--dry-run prints"),
                           (["run", "good.yaml", "--slurm", "--kubernetes"], "not both"),
                           (["report", "good.yaml", "--shard", "1"], "--shard is for `campaign work`"),
                           (["run", "good.yaml", "--seed", "9"], "its spec says `seed` and `memory`"),
                           (["work", "good.yaml", "--shard", "0"], "'0' is not a whole number"),
                           (["work", "good.yaml", "--shard", "index"], "JOB_COMPLETION_INDEX")):
            told = folder.run("campaign", *words)
            check.equal(told.returncode, 64, str(words) + told.stderr)
            check.contains(told.stderr, why, str(words))
        told = folder.run("campaign", "work", "good.yaml", "--shard", "99")
        check.contains(told.stderr, "the campaign has no shard 99", "work")


def refusing_slurm(lockstorm):
    """Stand-ins for sbatch: one that is not there, one that refuses the report, one that says nothing."""
    with Folder(lockstorm) as folder:
        folder.spec("two.yaml", "loud.yaml", 3200, 8)
        os.mkdir(folder.file("bin"))

        def submit(sbatch):
            if sbatch is not None:
                folder.write("bin/sbatch", "#!/bin/sh\n" + sbatch)
                os.chmod(folder.file("bin/sbatch"), 0o755)
            return subprocess.run([folder.lockstorm, "campaign", "run", "two.yaml", "--slurm"], cwd=folder.path, text=True,
                                  capture_output=True, env={**os.environ, "PATH": folder.file("bin") + ":/bin:/usr/bin"
                                                            if sbatch is not None else "/nowhere"})
        told = submit(None)
        check.equal(told.returncode, 65, "no sbatch: " + told.stderr)
        check.contains(told.stderr, "Slurm's command is not on PATH", "no sbatch")
        told = submit("echo 'sbatch: warning: fine'; exit 0\n")
        check.contains(told.stderr, "Slurm refuses the job: sbatch: warning: fine", "no number of a job")
        told = submit("case \"$*\" in *afterany*) echo 'sbatch: error: Job dependency problem' >&2; exit 1;; esac\n"
                      "echo '41;cluster'\n")
        check.equal(told.returncode, 65, "the report is refused")
        check.contains(told.stderr, "Job dependency problem", "the report is refused")
        check.contains(told.stderr, "job 41 makes the shards all the same", "what becomes of the array")
        _, status = folder.status("two.campaign")
        check.equal(status["jobs"], [{"system": "slurm", "job": "41", "does": "shards"}], "the array is noted")
        ran = folder.run("campaign", "run", "two.yaml")
        check.equal(without_times(ran.stdout), folder.one_machine(["loud.yaml"], 3200)[0], "here it goes on")


CASES = [same_bytes, proofs, two_writers, killed_worker, killed_all, interrupted, fails_for_good, lost_elsewhere,
         not_the_same, damaged_parts, disk_full, bad_specs, refusing_slurm]

if __name__ == "__main__":
    for case in CASES:
        if len(sys.argv) == 2 or case.__name__ in sys.argv[2:]:
            begun = time.monotonic()
            case(sys.argv[1])
            print(f"{case.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
    check.end()

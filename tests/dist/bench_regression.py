"""`scripts/bench-against` in a repository whose benchmarks are as fast as a file says: bench_regression.py LOCKSTORM SOURCE.

A tree that is slower than the last release beyond chance must fail, one that is as fast or faster must not, noise or not; the trend is kept. Building is
played by a script: what is tried is which commits are measured, in turn, and what becomes of the answer."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

lockstorm, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()

# Prints what Google Benchmark prints: `time` of the commit, with two in a hundred of noise, other noise at each call.
PROGRAM = '''#!{python}
import json, pathlib, random
calls = pathlib.Path({calls!r})
with calls.open("a") as file:
    file.write("{who}\\n")
noise = random.Random(calls.stat().st_size).uniform(0.98, 1.02)
print(json.dumps({{"context": {{}}, "benchmarks": [{{"name": "BM_Work", "run_name": "BM_Work", "run_type": "iteration", "iterations": 10,
    "real_time": {time} * noise, "cpu_time": {time} * noise, "time_unit": "ns"}}]}}))
'''
CMAKE = '''#!{python}
import pathlib, shutil, sys
if "--build" in sys.argv:
    bin = pathlib.Path("build/release/bin")
    bin.mkdir(parents=True, exist_ok=True)
    if sys.argv[-1] == "lockstorm_cli":
        shutil.copy({lockstorm!r}, bin / "lockstorm")
    else:
        time = pathlib.Path("time").read_text().strip()
        program = bin / sys.argv[-1]
        program.write_text(pathlib.Path({program!r}).read_text().replace("TIME", time).replace("WHO", time))
        program.chmod(0o755)
'''


def check(good, what):
    if not good:
        sys.exit(f"bench_regression: {what}")


with tempfile.TemporaryDirectory() as temporary:
    work = pathlib.Path(temporary)
    tools, repository, calls = work / "tools", work / "repository", work / "calls"
    tools.mkdir()
    (work / "program").write_text(PROGRAM.format(python=sys.executable, calls=str(calls), time="TIME", who="WHO"))
    (tools / "cmake").write_text(CMAKE.format(python=sys.executable, lockstorm=str(lockstorm), program=str(work / "program")))
    (tools / "cmake").chmod(0o755)
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": temporary, "GIT_CONFIG_GLOBAL": "/dev/null"}

    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e@example.invalid", *arguments], cwd=repository, env=environment, check=True, capture_output=True)

    def commit(time, tag=None):
        (repository / "time").write_text(f"{time}\n")
        git("add", "-A")
        git("commit", "-m", f"time {time}", "--allow-empty")
        if tag:
            git("tag", tag)

    def bench(*arguments):
        calls.write_text("")
        ended = subprocess.run(["scripts/bench-against", *arguments], cwd=repository, env=environment, capture_output=True, text=True, check=False)
        return ended, calls.read_text().split()

    (repository / "scripts").mkdir(parents=True)
    (repository / "bench").mkdir()
    shutil.copy(source / "scripts/bench-against", repository / "scripts/")
    (repository / "bench/work_bench.cpp").write_text("")
    (repository / ".gitignore").write_text("build/\n")
    git("init", "-b", "main")
    commit(50)
    ended, measured = bench()
    check(ended.returncode == 0 and "no release" in ended.stderr and set(measured) == {"50"}, f"without a release: {ended} {measured}")

    commit(500, "v0.1.0")
    commit(100, "v0.2.0")
    commit(300, "not-a-release")
    commit(120)
    ended, measured = bench()
    check(measured.count("100") == measured.count("120") == 9, f"not the last release and this tree, nine times each: {measured}")
    check(measured[:4] in (["120", "100", "100", "120"], ["100", "120", "120", "100"]), f"not in turn: {measured}")
    check(ended.returncode == 1 and "v0.2.0" in ended.stdout, f"a fifth slower than the last release did not fail: {ended}")
    ended, _ = bench("--threshold", "30")
    check(ended.returncode == 0, f"a fifth slower failed although thirty in a hundred were allowed: {ended}")
    for time in (100, 80):
        commit(time)
        ended, _ = bench()
        check(ended.returncode == 0, f"{time} against 100 failed: {ended}")
    ended, measured = bench("v0.1.0")
    check(ended.returncode == 0 and set(measured) == {"500", "80"}, f"a commit by name: {ended} {measured}")
    check(bench("nonsense")[0].returncode == 65, "what is no commit was measured")

    kept = repository / "build/bench"
    runs = [json.loads(line) for line in (kept / "history.jsonl").read_text().splitlines()]
    check(len(runs) == 6 and "Trend over 6 runs" in (kept / "bench.html").read_text(), f"the trend has {len(runs)} runs, not 6")
    check("v0.1.0" in (kept / "bench.md").read_text() and json.loads((kept / "bench.json").read_text()), "table and figures were not kept")
    check(not subprocess.run(["git", "worktree", "list"], cwd=repository, capture_output=True, text=True, check=True).stdout.splitlines()[1:], "a work tree was left")
print("bench_regression: slower than the last release fails, as fast does not; the trend is kept")

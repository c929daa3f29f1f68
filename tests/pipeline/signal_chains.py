"""What reaches terraform when a job is cancelled: the chains that `lockstorm pipeline` tells (scenarios/pipeline/cancel.cpp), measured on the real
tool. A runner is imitated that signals its entry process only: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL, and then the end of the job for whatever
is left. terraform is caught
while a state server keeps the answer to its state back, so that it has something to finish. Skipped (77) without terraform.

    signal_chains.py LOCKSTORM"""
import concurrent.futures
import http.server
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

LADDER = ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5), (signal.SIGKILL, 0.5))
ANSWER_AFTER = 13.0  # seconds: after all of the ladder
NODE_WRAPPER = "const c = require('child_process').spawn('terraform', process.argv.slice(2), {stdio: 'inherit'}); c.on('exit', s => process.exit(s));\n"
APPLY = "terraform apply -auto-approve -input=false"
FORWARD_ONCE = f"""{APPLY} & p=$!
once() {{ trap '' INT TERM; kill -INT "$p"; }}
trap once INT TERM
rc=0; wait "$p" || rc=$?
while kill -0 "$p" 2>/dev/null; do rc=0; wait "$p" || rc=$?; done
exit "$rc"
"""
FORWARD_EACH = f"""{APPLY} & p=$!
trap 'kill -INT "$p"' INT TERM
while kill -0 "$p" 2>/dev/null; do wait "$p" || true; done
"""
# The step, what terraform says of interrupts (0: none, 1: one, 2: two), and what `lockstorm pipeline` says it hears.
CHAINS = {
    "child of bash": (APPLY + "\necho done\n", 0, {"nothing"}),
    "behind a pipe": (f"set -o pipefail\n{APPLY} | tee log\n", 0, {"nothing"}),
    "exec": (f"exec {APPLY}\n", 2, {"two interrupts"}),
    "forwarded once": (FORWARD_ONCE, 1, {"one interrupt", "one interrupt, then a kill"}),
    "forwarded each time": (FORWARD_EACH, 2, {"two interrupts"}),
    "node wrapper": ("terraform() { node wrapper.js \"$@\"; }\n" + APPLY + "\necho done\n", 0, {"nothing"}),
}


class StateServer(http.server.ThreadingHTTPServer):
    """Keeps the answer to the first state that is stored back."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.storing, self.release = threading.Event(), threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(404)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.storing.set()
        self.server.release.wait(60)
        self.answer(200)

    def answer(self, status):
        try:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass  # the client is gone

    def log_message(self, *_):
        pass


def tools_of(folder):
    """Processes of terraform that work in the folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "comm").read_text().strip() == "terraform" and os.readlink(entry / "cwd") == str(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def cancelled(script):
    """(interrupts that terraform told of, whether it was alive when the runner was done with the step)"""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lockstorm-signals-")).resolve()
    server = StateServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    environment |= {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    step = None
    try:
        (folder / "main.tf").write_text('terraform {\n  backend "http" {\n    address = "http://127.0.0.1:%d/"\n  }\n}\nresource "terraform_data" "a" {}\n'
                                        % server.server_port)
        (folder / "wrapper.js").write_text(NODE_WRAPPER)
        (folder / "step.sh").write_text(script)
        subprocess.run(["terraform", "init", "-input=false"], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
        with open(folder / "out", "wb") as out:
            step = subprocess.Popen(["bash", "-e", "step.sh"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                    start_new_session=True)
        if not server.storing.wait(60):
            raise RuntimeError("terraform has not come to store its state: " + (folder / "out").read_text(errors="replace"))
        start = time.monotonic()
        for what, grace in LADDER:
            step.send_signal(what)
            try:
                step.wait(grace)
                break
            except subprocess.TimeoutExpired:
                continue
        lives_on = bool(tools_of(folder))
        time.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - start)))
        server.release.set()
        end = time.monotonic() + 10
        while tools_of(folder) and time.monotonic() < end:
            time.sleep(0.1)
        text = "".join(file.read_text(errors="replace") for file in (folder / "out", folder / "log") if file.exists())
        told = 2 if "Two interrupts received" in text else 1 if "Interrupt received" in text else 0
        return told, lives_on
    finally:
        for pid in tools_of(folder):
            os.kill(pid, signal.SIGKILL)
        if step is not None and step.poll() is None:
            step.kill()
        server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def heard_by_the_model(lockstorm, name, script):
    """What `lockstorm pipeline` says of the same step in a GitHub workflow."""
    wrapper = "true" if name == "node wrapper" else "false"
    body = APPLY + "\necho done\n" if name == "node wrapper" else script
    indented = "".join("          " + line + "\n" for line in body.splitlines())
    with tempfile.TemporaryDirectory(prefix="lockstorm-signals-") as folder:
        file = pathlib.Path(folder) / ".github" / "workflows" / "a.yml"
        file.parent.mkdir(parents=True)
        file.write_text(f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: hashicorp/setup-terraform@v3\n"
                        f"        with: {{terraform_wrapper: {wrapper}}}\n      - run: |\n{indented}")
        subprocess.run([lockstorm, "pipeline", folder, "--json", f"{folder}/out.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        jobs = json.loads(pathlib.Path(folder, "out.json").read_text())["jobs"]
        return {command["cancel"]["hears"] for job in jobs for run in job["runs"] for command in run["commands"] if command["does"] == "apply"}


def main(lockstorm):
    if shutil.which("terraform") is None:
        print("skipped: there is no terraform on PATH")
        return 77
    chains = {name: chain for name, chain in CHAINS.items() if name != "node wrapper" or shutil.which("node")}
    if len(chains) < len(CHAINS):
        print("skipped: the node wrapper, there is no node on PATH")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(chains)) as pool:
        measured = {name: pool.submit(cancelled, script) for name, (script, _, _) in chains.items()}
        for name, (script, interrupts, hears) in chains.items():
            told, lives_on = measured[name].result()
            modelled = heard_by_the_model(lockstorm, name, script)
            good = told == interrupts and modelled and modelled <= hears
            good = good and (interrupts > 0 or lives_on)  # who hears nothing goes on
            failed += not good
            print(f"{'ok' if good else 'FAILED'}: {name}: {told} interrupts, {'alive' if lives_on else 'gone'} after the ladder; the "
                  f"model: {', '.join(sorted(modelled))}")
    print(f"{len(chains) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Five real terraform processes that wait for one lock, against `lockstorm contend` with the same parameters: half of the waits and nine of ten
are at most 15 % apart (docs/benchmarks.md). They work on the modelled state server of `lockstorm serve http`, behind a proxy that notes when each
first asks for the lock, is granted it and gives it back. Skipped (77) without terraform.

    real_waits.py LOCKSTORM [BURSTS]"""
import concurrent.futures
import http.client
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

JOBS = 5
WORK_S = 5.0
WITHIN_S = 1.0
MOST_APART = 0.15
MAIN = """terraform {{
  backend "http" {{
    address        = "http://127.0.0.1:{port}/state?job={job}"
    lock_address   = "http://127.0.0.1:{port}/state?job={job}"
    unlock_address = "http://127.0.0.1:{port}/state?job={job}"
  }}
}}
resource "terraform_data" "work" {{
  triggers_replace = timestamp()
  provisioner "local-exec" {{ command = "sleep {work}" }}
}}
"""


class Noted:
    """When each job of a burst asked for the lock, was granted it and gave it back."""

    def __init__(self):
        self.asked, self.granted, self.released = {}, {}, {}


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on to the modelled server and notes those for the lock."""

    protocol_version = "HTTP/1.1"
    behind = 0  # the port of the server
    noted = Noted()

    def pass_on(self):
        path, _, job = self.path.partition("?job=")
        job = job.partition("&")[0]
        now = time.monotonic()
        if self.command == "LOCK":
            Proxy.noted.asked.setdefault(job, now)
        if self.command == "UNLOCK":
            Proxy.noted.released.setdefault(job, now)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        more = self.path.partition("&")[2]
        server = http.client.HTTPConnection("127.0.0.1", Proxy.behind)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        server.request(self.command, path + ("?" + more if more else ""), body, headers)
        answer = server.getresponse()
        text = answer.read()
        if self.command == "LOCK" and answer.status == 200:
            Proxy.noted.granted[job] = time.monotonic()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_LOCK = do_UNLOCK = do_DELETE = pass_on

    def log_message(self, *_):
        pass


def quantile(values, share):
    """As the product has it: the value at or below which that share lies."""
    return sorted(values)[max(-(-len(values) * share // 100), 1) - 1]


def prepare(folder, port, environment):
    for job in range(JOBS):
        place = folder / str(job)
        place.mkdir()
        (place / "main.tf").write_text(MAIN.format(port=port, job=job, work=WORK_S))
        subprocess.run(["terraform", "init", "-input=false"], cwd=place, env=environment, check=True, stdout=subprocess.DEVNULL)


def burst(folder, environment, random_):
    """Waits of a burst, and how long each had the lock."""
    Proxy.noted = Noted()
    offsets = [random_.uniform(0, WITHIN_S) for _ in range(JOBS)]

    def job(number):
        time.sleep(offsets[number])
        return subprocess.run(["terraform", "apply", "-auto-approve", "-input=false", "-lock-timeout=10m"], cwd=folder / str(number),
                              env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for run in pool.map(job, range(JOBS)):
            if run.returncode != 0:
                sys.exit(f"terraform failed:\n{run.stdout}{run.stderr}")
    noted = Proxy.noted
    return ([noted.granted[one] - noted.asked[one] for one in noted.asked],
            [noted.released[one] - noted.granted[one] for one in noted.asked],
            sorted(noted.asked.values()))


def modelled(lockstorm, folder, held_s, spread_s):
    scenario = folder / "five.yaml"
    scenario.write_text(f"""backend: {{type: http, lock_address: true, unlock_address: true}}
client: {{count: {JOBS}, lock_timeout: 10m}}
time: {{model: timed, for: 10h, latency: {{http: 2ms}}, plan: 0s, apply: {int(held_s * 1000)}ms,
  arrivals: {{burst: {JOBS}, within: {int(spread_s * 1000)}ms, every: {{uniform: [1h, 1h]}}}}}}
""")
    report = folder / "five.json"
    run = subprocess.run([lockstorm, "contend", str(scenario), "--runs", "400", "--json", str(report)], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"contend: {run.stdout}{run.stderr}")
    return json.loads(report.read_text())["wait"]


def main():
    lockstorm, bursts = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
    if shutil.which("terraform") is None:
        print("skipped: terraform is not on PATH")
        sys.exit(77)
    serve = subprocess.Popen([lockstorm, "serve", "http"], stdout=subprocess.PIPE, text=True)
    try:
        address = next(found for found in (re.search(r"http://127\.0\.0\.1:(\d+)", line) for line in serve.stdout) if found)
        Proxy.behind = int(address.group(1))
        proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        waits, held, spread = [], [], []
        random_ = random.Random(1)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            prepare(folder, proxy.server_port, environment)
            for _ in range(bursts):
                waited, had, asked = burst(folder, environment, random_)
                waits += waited
                held += had
                spread.append(asked[-1] - asked[0])
            held_s, spread_s = quantile(held, 50), quantile(spread, 50) * (JOBS + 1) / (JOBS - 1)
            model = modelled(lockstorm, folder, held_s, spread_s)
        proxy.shutdown()
    finally:
        serve.terminate()
        serve.wait()
    print(f"{bursts} bursts of {JOBS} jobs; one has the lock for {held_s:.2f} s, the first and the last of a burst ask {quantile(spread, 50):.2f} s apart")
    print("| waits | terraform | contend | apart |\n|---|---|---|---|")
    failed = False
    for share in (50, 90):
        real, told = quantile(waits, share), model[f"p{share}_s"]["value"]
        apart = abs(real - told) / max(real, told)
        failed |= apart > MOST_APART
        print(f"| {share} of 100 at most | {real:.2f} s | {told:.2f} s | {100 * apart:.1f} % |")
    sys.exit(1 if failed else 0)


main()

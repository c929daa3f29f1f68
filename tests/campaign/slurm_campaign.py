#!/usr/bin/env python3
"""A campaign of 16 shards on a real Slurm of two nodes on this host, on loopback: one node's daemon and step are
killed in the middle, and the report is compared with one machine's, byte for byte. Skipped (77) where Slurm is not
installed. Usage: slurm_campaign.py LOCKSTORM"""
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time

from campaigns import Checks, Folder, without_times

RUNS = 4_000_000  # a shard of sixteen takes two seconds and more
check = Checks()

CONF = """ClusterName=lockstorm
SlurmctldHost={host}(127.0.0.1)
AuthType=auth/none
CredType=cred/none
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={dir}/state
SlurmdSpoolDir={dir}/spool-%n
SlurmctldPidFile={dir}/slurmctld.pid
SlurmdPidFile={dir}/slurmd-%n.pid
SlurmctldLogFile={dir}/slurmctld.log
SlurmdLogFile={dir}/%n.log
SlurmctldPort={ports[0]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
SlurmdTimeout=5
SlurmdParameters=config_overrides
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 RealMemory=1000 State=UNKNOWN
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 RealMemory=1000 State=UNKNOWN
PartitionName=p Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def parent_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def name_of(pid):
    with open(f"/proc/{pid}/comm") as file:
        return file.read().strip()


class Slurm:
    """Two nodes and their controller; everything is ended by its process number."""

    def __init__(self, folder):
        self.folder = folder
        self.dir = folder.file("cluster")
        os.makedirs(self.dir + "/state")
        self.conf = self.dir + "/slurm.conf"
        with open(self.conf, "w") as file:
            file.write(CONF.format(host=socket.gethostname(), user=pwd.getpwuid(os.getuid()).pw_name, dir=self.dir,
                                   ports=free_ports(3)))
        os.environ["SLURM_CONF"] = self.conf
        self.daemons = {"controller": self.begin("slurmctld", "-D", "-c")}
        for node in ("n1", "n2"):
            os.makedirs(f"{self.dir}/spool-{node}")
            self.daemons[node] = self.begin("slurmd", "-D", "-N", node)

    def begin(self, name, *words):
        with open(f"{self.dir}/{name}{words[-1]}.out", "w") as out:
            return subprocess.Popen([program(name), *words], stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    def ask(self, *words):
        return subprocess.run(words, text=True, capture_output=True, timeout=60)

    def wait_for_nodes(self):
        for _ in range(300):
            said = self.ask("sinfo", "--noheader", "--Node", "--format=%N %T").stdout
            if said.split() == ["n1", "idle", "n2", "idle"]:
                return
            time.sleep(0.2)
        raise AssertionError("the nodes do not come up: " + said + self.logs())

    def logs(self):
        text = ""
        for name in ("slurmctld.log", "n1.log", "n2.log"):
            path = self.dir + "/" + name
            if os.path.exists(path):
                with open(path) as file:
                    text += f"\n--- {name}\n" + file.read()[-3000:]
        return text

    def end(self):
        self.ask("scancel", "--full", "--user", pwd.getpwuid(os.getuid()).pw_name)
        for _ in range(100):
            if not self.ask("squeue", "--noheader").stdout.strip():
                break
            time.sleep(0.1)
        for daemon in self.daemons.values():
            if daemon.poll() is None:
                daemon.terminate()
        for daemon in self.daemons.values():
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


def kill_node(slurm, folder, node):
    """Its daemon, the step that runs there and the shard's own process; returns the shard."""
    status = folder.wait_for("big.campaign", lambda s: s["done"] >= 2 and any(
        one["state"] == "running" and one["host"] == node for one in s["shards"]))
    shard = next(one for one in status["shards"] if one["state"] == "running" and one["host"] == node)
    slurm.daemons[node].kill()
    slurm.daemons[node].wait()
    step = parent_of(shard["process"])
    while name_of(step) != "slurmstepd":
        step = parent_of(step)
    os.kill(step, signal.SIGKILL)
    os.kill(shard["process"], signal.SIGKILL)
    return shard["shard"]


def two_nodes(folder, slurm):
    folder.spec("big.yaml", "loud.yaml, quiet.yaml", RUNS, 8, "slurm: {partition: p, options: [--comment=two words]}\n")
    folder.write("big.yaml", folder.read("big.yaml").replace("--comment=two words", "\"--comment='two words'\""))
    begun = folder.run("campaign", "run", "big.yaml", "--slurm")
    check.equal(begun.returncode, 0, begun.stderr)
    check.contains(begun.stdout, "with 16 shards", "it says what was submitted")
    again = folder.run("campaign", "run", "big.yaml", "--slurm")
    check.contains(again.stdout, "of this campaign is under way", "it is not submitted twice")
    folder.wait_for("big.campaign", lambda s: {one.get("host") for one in s["shards"]} >= {"n1", "n2"})
    lost = kill_node(slurm, folder, "n2")
    print(f"n2 was killed while it made shard {lost}", flush=True)
    status = folder.wait_for("big.campaign", lambda s: s["done"] == 16, 400)
    check.equal(status["shards"][lost - 1]["failures"], 1, "the lost shard was run again")
    report_job = next(job["job"] for job in status["jobs"] if job["does"] == "report")
    for _ in range(300):
        if not slurm.ask("squeue", "--noheader", "--jobs=" + report_job).stdout.strip():
            break
        time.sleep(0.2)
    whole = folder.one_machine(["loud.yaml", "quiet.yaml"], RUNS)
    check.holds(os.path.exists(folder.file("big.campaign/report.json")), "the report was written" + slurm.logs())
    check.equal((without_times(folder.read("big.campaign/report.txt")),
                 without_times(folder.read("big.campaign/report.json"))), whole, "Slurm's report and one machine's")
    mine = folder.run("campaign", "report", "big.yaml", "--json", "mine.json")
    check.equal((mine.stdout, folder.read("mine.json")),
                (folder.read("big.campaign/report.txt"), folder.read("big.campaign/report.json")),
                "the report from here, times and all")
    done = folder.run("campaign", "run", "big.yaml", "--slurm")
    check.contains(done.stdout, "Nothing was submitted: no shard is to do", "a campaign that is done")


def refused(folder, slurm):
    folder.spec("small.yaml", "loud.yaml", 3200, 8, "slurm: {partition: nowhere}\n")
    told = folder.run("campaign", "run", "small.yaml", "--slurm")
    check.equal(told.returncode, 65, "a Slurm that refuses: " + told.stderr)
    check.contains(told.stderr, "Slurm refuses the job: ", "it is told")
    check.contains(told.stderr, "invalid partition", "... in Slurm's words")
    _, status = folder.status("small.campaign")
    check.equal((status["todo"], status["jobs"]), (8, []), "the campaign is as it was")
    ran = folder.run("campaign", "run", "small.yaml")
    check.equal(without_times(ran.stdout), folder.one_machine(["loud.yaml"], 3200)[0], "here it goes on")
    dry = folder.run("campaign", "run", "small.yaml", "--folder", "dry", "--slurm", "--dry-run")
    check.contains(dry.stdout, "#SBATCH --array=1-8\n", "dry run")
    check.holds(not os.path.exists(folder.file("dry")), "a dry run begins nothing")


def main():
    missing = [name for name in ("slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo") if not program(name)]
    if missing:
        print("skipped: not installed:", ", ".join(missing))
        sys.exit(77)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    with Folder(sys.argv[1]) as folder:
        slurm = Slurm(folder)
        try:
            slurm.wait_for_nodes()
            refused(folder, slurm)
            two_nodes(folder, slurm)
        finally:
            slurm.end()
    check.end()


main()

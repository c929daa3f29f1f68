"""`lockstorm explore` as a user runs it: explore.py LOCKSTORM CASE. What it finds is what `verify` finds, whoever shares the work, whatever is killed."""
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

LOCKSTORM, CASE = sys.argv[1:3]
MPI = pathlib.Path(LOCKSTORM).parent / "lockstorm-mpi"
SCENARIO = "backend: {type: s3, use_lockfile: true}\nclient: {count: 4}\nfaults: {lose_response: 1, late_request: 1}\n"
SKIPPED = 77


class Explored:
    """A folder with a scenario and what `verify` says of it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.scenario = self.folder / "world.yaml"
        self.scenario.write_text(SCENARIO)
        self.levels = self.folder / "levels"
        self.verified = self.folder / "verified.json"
        done = subprocess.run([LOCKSTORM, "verify", self.scenario, "--threads", "1", "--certificate", self.verified], capture_output=True, check=False)
        assert done.returncode == 1, done.stderr

    def command(self, *options, ranks=0):
        start = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks)] if ranks else []
        return [*start, LOCKSTORM, "explore", self.scenario, "--spill", self.levels, *(["--mpi"] if ranks else []), *options]

    def must_agree(self, *options, ranks=0):
        certificate = self.folder / "explored.json"
        certificate.unlink(missing_ok=True)
        done = subprocess.run(self.command("--levels", "--certificate", certificate, *options, ranks=ranks), capture_output=True, text=True, check=False)
        assert done.returncode == 1, (done.returncode, done.stderr[-2000:])
        assert certificate.read_bytes() == self.verified.read_bytes(), "another certificate"
        assert done.stdout.count("  found") + done.stdout.count("  read again") > 100, "no levels: the world is too small"
        assert not self.levels.exists(), "levels are left behind"
        return done.stdout

    def levels_there(self):
        return len({path.name[:12] for path in self.levels.glob("pass-*.level")})

    def kill_at(self, level, *options, ranks=0, one_rank=False):
        """Kills all of it, or one rank, once so many levels are there; False: it was over before."""
        job = subprocess.Popen(self.command(*options, ranks=ranks), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while job.poll() is None and self.levels_there() < level:
            time.sleep(0.01)
        if job.poll() is not None:
            return False
        if one_rank:
            victims = subprocess.run(["pgrep", "-f", f"explore {self.scenario}.*--mpi"], capture_output=True, text=True, check=False).stdout.split()
            ranks_alive = [int(pid) for pid in victims if int(pid) != job.pid]
            if ranks_alive:
                subprocess.run(["kill", "-KILL", str(ranks_alive[-1])], check=False)
        else:
            kill_tree(job.pid)
        job.wait(timeout=120)
        return True


def kill_tree(pid):
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    for child in children:
        kill_tree(int(child))
    subprocess.run(["kill", "-KILL", str(pid)], check=False)


def members(world):
    told = {world.must_agree("--members", str(count)).split("Time:")[0] for count in (1, 2, 3)}
    assert len(told) == 1, "the report depends on the number of members"


def killed(world):
    rng = random.Random(5)
    for _ in range(4):
        world.kill_at(rng.randrange(3, 160), "--members", str(rng.choice((1, 2))))
    world.must_agree("--members", "2")


def refused(world):
    assert world.kill_at(20)
    other = world.folder / "other.yaml"
    other.write_text(SCENARIO.replace("lose", "crash: 1, lose"))
    done = subprocess.run([LOCKSTORM, "explore", other, "--spill", world.levels], capture_output=True, text=True, check=False)
    assert done.returncode == 65 and "another scenario or build" in done.stderr, done.stderr
    manifest = world.levels / "manifest"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-3] + b"???")
    done = subprocess.run(world.command(), capture_output=True, text=True, check=False)
    assert done.returncode == 65 and "damaged" in done.stderr, done.stderr
    manifest.write_bytes(whole)
    level = sorted(world.levels.glob("pass-*.level"))[-3]  # the last one was not whole when the process was killed
    bytes_before = level.read_bytes()
    level.write_bytes(bytes_before[: len(bytes_before) // 2])
    done = subprocess.run(world.command(), capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "damaged" in done.stdout, (done.returncode, done.stdout[-500:])
    level.write_bytes(bytes_before)
    world.must_agree()


def full(world):
    disk = world.folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True).returncode != 0:
        print("skipped: no small disk can be mounted here")
        sys.exit(SKIPPED)
    try:
        world.levels = disk / "levels"
        done = subprocess.run(world.command("--members", "2"), capture_output=True, text=True, check=False)
        assert done.returncode == 2 and "No space left on device" in done.stdout, (done.returncode, done.stdout[-500:], done.stderr)
        assert "goes on from there" in " ".join(done.stdout.split())
        subprocess.run(["mount", "-o", "remount,size=400m", disk], check=True)
        world.must_agree("--members", "2")
    finally:
        subprocess.run(["umount", disk], check=False)


def mpi(world):
    if not MPI.exists() or shutil.which("mpirun") is None:
        print("skipped: this build has no MPI")
        sys.exit(SKIPPED)
    for ranks in (1, 2, 4):
        world.must_agree(ranks=ranks)
    for level, one_rank in ((30, True), (70, False), (120, True)):
        world.kill_at(level, ranks=2, one_rank=one_rank)
    world.must_agree(ranks=4)


with tempfile.TemporaryDirectory() as folder:
    {"members": members, "killed": killed, "refused": refused, "full": full, "mpi": mpi}[CASE](Explored(folder))

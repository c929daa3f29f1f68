"""No path of the machine that made a release is in it: no_paths.py OUT [WORD...].

Every file of the tarball, of the packages and of the image is searched for the folder of the repository, the home of who runs this, the name of the machine
and further WORDs; the tarball of sources is what git has. That the search finds what is there is shown first."""
import io
import os
import pathlib
import socket
import subprocess
import sys
import tarfile
import tempfile

out = pathlib.Path(sys.argv[1]).resolve()
root = pathlib.Path(__file__).resolve().parents[2]


def members(data, name):
    """(name, bytes) of every file in it, archives in archives unpacked."""
    if name.endswith(".deb"):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "deb").write_bytes(data)
            for part in ("--fsys-tarfile", "--ctrl-tarfile"):
                tar = subprocess.run(["dpkg-deb", part, f"{folder}/deb"], check=True, capture_output=True).stdout
                yield from members(tar, f"{name}:{part}.tar")
        return
    if data[:6] == b"!<arch>"[:6] or not (name.endswith((".tar", ".tar.gz")) or data[:2] == b"\x1f\x8b"):
        yield name, data
        return
    try:
        archive = tarfile.open(fileobj=io.BytesIO(data))
    except tarfile.TarError:  # one compressed file
        yield name, subprocess.run(["gzip", "-dc"], input=data, check=True, capture_output=True).stdout
        return
    yield f"{name} (names)", "\n".join(member.name for member in archive).encode()
    for member in archive:
        if member.isfile():
            yield from members(archive.extractfile(member).read(), f"{name}:{member.name}")


words = [str(root), *sys.argv[2:]]
home, host = os.path.expanduser("~"), socket.gethostname()
words += [home + "/"] if len(home) > 1 else []
# A name that is a word of everyday tells nothing.
words += [host] if len(host) > 4 and host not in ("localhost", "debian") else []
found, commands = [], 0
for file in sorted(path for path in out.iterdir() if not path.name.endswith("-source.tar.gz")):
    for name, data in members(file.read_bytes(), file.name):
        if name.endswith("bin/lockstorm"):
            commands += 1
            if b"lockstorm" not in data or b"Apache-2.0" not in data:
                sys.exit(f"no_paths: {name} does not even have what every binary has")
        found += [f"{name} has '{word}'" for word in words if word.encode() in data]
if commands < 3:  # tarball, package, image
    sys.exit(f"no_paths: {commands} binaries were found where there are at least three")
if found:
    sys.exit("\n".join(["no_paths: paths of this machine are in the release", *found]))
print(f"no_paths: none of {words} is in {out}")

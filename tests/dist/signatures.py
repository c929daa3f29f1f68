"""Signs a release that is none and verifies it, by the scripts and by the line that docs/install.md tells: signatures.py SOURCE.

What is changed must be refused: a file, a sum, both of them, the signature, the key; and so must a file that the release does not have."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

source = pathlib.Path(sys.argv[1]).resolve()
if shutil.which("openssl") is None:
    print("openssl is not installed: skipped")
    sys.exit(77)


def check(good, what):
    if not good:
        sys.exit(f"signatures: {what}")


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def sums(folder):
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("SHA256SUMS"))
    (folder / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))


def sign(folder, **keys):
    return subprocess.run([source / "scripts/release/sign", folder], env={"PATH": os.environ["PATH"], **keys}, capture_output=True, text=True, check=False)


def verified(folder, key):
    """By the script and by hand, which have to agree on everything but what only the script looks at."""
    script = subprocess.run([source / "scripts/release/verify", folder, key], capture_output=True, text=True, check=False)
    page = (source / "docs/install.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if line.startswith("openssl pkeyutl -verify")]
    by_hand = subprocess.run(["bash", "-c", line.replace("lockstorm.pem", str(key))], cwd=folder, capture_output=True, text=True, check=False)
    return script.returncode == 0, by_hand.returncode == 0


def refused(why, folder, key, by_hand_too=True):
    script, by_hand = verified(folder, key)
    check(not script, f"scripts/release/verify took {why}")
    check(not (by_hand and by_hand_too), f"the line of docs/install.md took {why}")
    print(f"refused: {why}")


with tempfile.TemporaryDirectory() as temporary:
    work = pathlib.Path(temporary)
    keys = {}
    for name in ("ours", "another"):
        openssl("genpkey", "-algorithm", "ed25519", "-out", work / f"{name}.key")
        openssl("pkey", "-in", work / f"{name}.key", "-pubout", "-out", work / f"{name}.pem")
        keys[name] = (work / f"{name}.key").read_text()
    openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", work / "rsa.key")
    public = work / "ours.pem"

    release = work / "release"
    release.mkdir()
    (release / "lockstorm.tar.gz").write_bytes(b"one")
    (release / "lockstorm.deb").write_bytes(b"two")
    sums(release)
    ended = sign(release, LOCKSTORM_SIGNING_KEY=keys["ours"])
    check(ended.returncode == 0 and (release / "SHA256SUMS.sig").stat().st_size == 64, f"a release cannot be signed: {ended}")
    first = (release / "SHA256SUMS.sig").read_bytes()
    ended = sign(release, LOCKSTORM_SIGNING_KEY_FILE=str(work / "ours.key"))
    check(ended.returncode == 0 and (release / "SHA256SUMS.sig").read_bytes() == first, f"a key in a file signs something else: {ended}")
    check(verified(release, public) == (True, True), "what was signed is not verified")

    for why, given in (("no key", {}), ("what is no key", {"LOCKSTORM_SIGNING_KEY": "nonsense"}), ("a public key", {"LOCKSTORM_SIGNING_KEY": public.read_text()}),
                       ("a key of RSA", {"LOCKSTORM_SIGNING_KEY": (work / "rsa.key").read_text()})):
        copy = work / "unsigned"
        shutil.copytree(release, copy)
        ended = sign(copy, **given)
        check(ended.returncode != 0 and "sign: " in ended.stderr, f"sign with {why}: {ended}")
        shutil.rmtree(copy)

    def changed(why, change, key=public, by_hand_too=True):
        copy = work / "changed"
        shutil.copytree(release, copy)
        change(copy)
        refused(why, copy, key, by_hand_too)
        shutil.rmtree(copy)

    def with_sums(folder):
        (folder / "lockstorm.tar.gz").write_bytes(b"not one")
        sums(folder)

    changed("a changed file", lambda folder: (folder / "lockstorm.tar.gz").write_bytes(b"not one"))
    changed("a changed sum", lambda folder: (folder / "SHA256SUMS").write_text("0" + (folder / "SHA256SUMS").read_text()[1:]))
    changed("a changed file with its sum", with_sums)
    changed("another key", lambda folder: None, work / "another.pem")
    changed("a release that another key has signed", lambda folder: sign(folder, LOCKSTORM_SIGNING_KEY=keys["another"]))
    changed("a signature with a changed bit", lambda folder: (folder / "SHA256SUMS.sig").write_bytes(bytes([first[0] ^ 1]) + first[1:]))
    changed("half a signature", lambda folder: (folder / "SHA256SUMS.sig").write_bytes(first[:32]))
    changed("no signature", lambda folder: (folder / "SHA256SUMS.sig").unlink())
    changed("a release without any of its files", lambda folder: [(folder / name).unlink() for name in ("lockstorm.tar.gz", "lockstorm.deb")])
    changed("a file that the release does not have", lambda folder: (folder / "lockstorm.rpm").write_bytes(b"three"), by_hand_too=False)
    (release / "lockstorm.deb").unlink()
    check(verified(release, public) == (True, True), "one file of a release alone is not verified")
print("signatures: what is signed is verified, what is changed is refused")

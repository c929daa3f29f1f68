#!/usr/bin/env python3
"""Probes servers that stand in for clouds, and holds what is found to what is known of them
(docs/reference/server-semantics.md): real_servers.py LOCKSTORM SERVER. Ends with 77 where the server is not to be had."""
import json
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[3]

# What is asked, and what of it is not kept.
KNOWN = {
    "azurite": ("azblob://devstoreaccount1/states/prod", []),
    "dynalite": ("dynamodb://locks", []),
    "moto": ("s3://states/prod", ["what was damaged on the way is not stored"]),
    "postgres": ("pg://", []),
    "pgbouncer": ("pg://", ["each connection has a server session of its own",
                            "an advisory lock is refused to another connection while somebody has it",
                            "an advisory lock is not freed by another connection",
                            "an advisory lock ends with its connection",
                            "of 16 who ask at once, one gets the lock"]),
    "s3rver": ("s3://states/prod", ["a put with If-None-Match: * is refused where something is",
                                    "a put with If-Match of an older version is refused",
                                    "a delete with If-Match of an older version deletes nothing",
                                    "what was damaged on the way is not stored",
                                    "of 16 who ask at once, one puts its lock file"]),
}


def main(lockstorm, server):
    url, broken = KNOWN[server]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "found.json")
        store = '"$URL"' if url == "pg://" else f'{url} --endpoint "$URL"'
        command = f'"{lockstorm}" probe {store} --racers 16 --json "{file}"'
        ended = subprocess.run([SOURCE / "scripts/servers/run", server, "sh", "-c", command], check=False)
        if not file.exists():
            return ended.returncode
        found = json.loads(file.read_text())
    seen = [promise["what"] for promise in found["promises"] if not promise["kept"]]
    if seen != broken or found["left_behind"]:
        print(f"not kept: {seen}\nknown:    {broken}\nleft behind: {found['left_behind']}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))

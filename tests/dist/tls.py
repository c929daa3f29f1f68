"""TLS by the command itself: tls.py LOCKSTORM. What a release has linked in of OpenSSL is less than Debian's, and has to be enough.

As a server: the proxy of `serve azure-blob` shows certificates of an authority that is made for the run, to clients of TLS 1.2 and of 1.3; who does not
trust the authority is not served. As a client: `probe` of a store behind TLS with keys of RSA and of elliptic curves, trusted and not."""
import http.client
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

lockstorm = str(pathlib.Path(sys.argv[1]).resolve())
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
if shutil.which("openssl") is None:
    print("openssl is not installed: skipped")
    sys.exit(77)


def check(good, what):
    if not good:
        sys.exit(f"tls: {what}")


class Served:
    """`lockstorm serve ARGUMENTS` and the port that it tells."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([lockstorm, "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                return
        sys.exit(f"tls: serve {arguments} told no address")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()


def through_proxy(port, trust, version):
    """The status of an answer from Azure's host, and which TLS and whose certificate it came by."""
    context = ssl.create_default_context(cafile=trust)
    context.minimum_version = context.maximum_version = version
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
    connection.set_tunnel("acct.blob.core.windows.net", 443)
    connection.request("GET", "/tfstate/app.tfstate")
    names = [value for kind, value in connection.sock.getpeercert()["subjectAltName"] if kind == "DNS"]
    return connection.getresponse().status, connection.sock.version(), "acct.blob.core.windows.net" in names


def as_server(work):
    authority = work / "ca.pem"
    with Served("azure-blob", "--port", "0", "--ca", str(authority)) as served:
        for version in VERSIONS:
            told = through_proxy(served.port, authority, version)
            check(told == (404, version.name.replace("_", "."), True), f"a client of {version.name}: {told}")
            try:
                through_proxy(served.port, work / "another.pem", version)
                sys.exit("tls: a client that does not trust the authority was served")
            except ssl.SSLCertVerificationError:
                pass
    print("tls: the proxy of serve azure-blob, TLS 1.2 and 1.3, trusted and not")


def certificate(work, name, *key):
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", *key, "-keyout", work / f"{name}.key", "-out", work / f"{name}.pem", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)


def ended_tls(work, name, version, behind):
    """A port that ends TLS and hands on to a plain one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(work / f"{name}.pem", work / f"{name}.key")
    context.minimum_version = context.maximum_version = version
    listening = socket.create_server(("127.0.0.1", 0))

    def pipe(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve():
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            try:
                client = context.wrap_socket(plain, server_side=True)
                store = socket.create_connection(("127.0.0.1", behind))
            except OSError:
                continue
            for ends in ((client, store), (store, client)):
                threading.Thread(target=pipe, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]


def as_client(work):
    def probe(port, trust):
        environment = {"PATH": os.environ["PATH"], "HOME": str(work), **({"SSL_CERT_FILE": str(trust)} if trust else {})}
        began = time.monotonic()
        ended = subprocess.run([lockstorm, "probe", f"https://localhost:{port}/state"], env=environment, capture_output=True, text=True, check=False)
        return "kept    a lock request" in ended.stdout, f"{ended} after {time.monotonic() - began:.1f} s"

    with Served("http", "--port", "0") as store:
        for name in ("rsa", "curve"):
            for version in VERSIONS:
                port = ended_tls(work, name, version, store.port)
                good, told = probe(port, work / f"{name}.pem")
                check(good, f"probe by {version.name} with a key of {name}: {told}")
                good, told = probe(port, work / "another.pem")
                check(not good, f"probe took the certificate of somebody else: {told}")
    print("tls: probe by TLS 1.2 and 1.3, keys of RSA and of elliptic curves, trusted and not")


with tempfile.TemporaryDirectory() as temporary:
    folder = pathlib.Path(temporary)
    certificate(folder, "rsa", "rsa:2048")
    certificate(folder, "curve", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    certificate(folder, "another", "rsa:2048")
    as_server(folder)
    as_client(folder)

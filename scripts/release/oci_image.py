"""The image of a release as an OCI layout in one tar file: oci_image.py BINARY LICENCES VERSION COMMIT ARCHITECTURE OUT.

`FROM scratch`: the binary, what its licences ask for, certificate authorities (for `probe` and `record` of https:// stores), /tmp, and a user who is not
root. No tool but Python is needed to make it, and the same input gives the same bytes (https://github.com/opencontainers/image-spec, v1.0)."""
import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile

binary, licences, version, commit, architecture, out = sys.argv[1:]
epoch = int(os.environ["SOURCE_DATE_EPOCH"])
created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
NOBODY = 65532  # as distroless images number their user


def entry(name, data=None, mode=0o644, owner=0):
    info = tarfile.TarInfo(name)
    info.mtime, info.mode, info.uid, info.gid = epoch, mode, owner, owner
    if data is None:
        info.type = tarfile.DIRTYPE
    else:
        info.size = len(data)
    return info, data


def tar_of(entries):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for info, data in entries:
            tar.addfile(info, None if data is None else io.BytesIO(data))
    return stream.getvalue()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


layer = tar_of([
    entry("etc", mode=0o755), entry("etc/passwd", f"root:x:0:0::/:/\nlockstorm:x:{NOBODY}:{NOBODY}::/work:/\n".encode()),
    entry("etc/group", f"root:x:0:\nlockstorm:x:{NOBODY}:\n".encode()), entry("etc/ssl", mode=0o755), entry("etc/ssl/certs", mode=0o755),
    entry("etc/ssl/certs/ca-certificates.crt", CERTIFICATES.read_bytes()), entry("tmp", mode=0o1777), entry("usr", mode=0o755),
    entry("usr/bin", mode=0o755), entry("usr/bin/lockstorm", pathlib.Path(binary).read_bytes(), 0o755), entry("usr/share", mode=0o755),
    entry("usr/share/doc", mode=0o755), entry("usr/share/doc/lockstorm", mode=0o755),
    entry("usr/share/doc/lockstorm/copyright", pathlib.Path(licences).read_bytes()), entry("work", mode=0o755, owner=NOBODY)])
packed = gzip.compress(layer, compresslevel=9, mtime=0)

annotations = {
    "org.opencontainers.image.title": "lockstorm", "org.opencontainers.image.version": version, "org.opencontainers.image.revision": commit,
    "org.opencontainers.image.created": created, "org.opencontainers.image.licenses": "Apache-2.0",
    "org.opencontainers.image.description": "Finds out whether concurrent terraform applies on a state backend can corrupt or lose state"}
config = json.dumps({
    "created": created, "architecture": architecture, "os": "linux",
    "config": {"User": f"{NOBODY}:{NOBODY}", "Entrypoint": ["/usr/bin/lockstorm"], "Cmd": ["--help"], "WorkingDir": "/work", "Labels": annotations,
               "Env": ["PATH=/usr/bin", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt", "SSL_CERT_DIR=/etc/ssl/certs"]},
    "rootfs": {"type": "layers", "diff_ids": [digest(layer)]},
    "history": [{"created": created, "created_by": "scripts/release/oci_image.py", "comment": f"lockstorm {version}"}]}).encode()


def descriptor(media_type, data, **more):
    return {"mediaType": f"application/vnd.oci.image.{media_type}", "digest": digest(data), "size": len(data), **more}


manifest = json.dumps({
    "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": descriptor("config.v1+json", config),
    "layers": [descriptor("layer.v1.tar+gzip", packed)], "annotations": annotations}).encode()
index = json.dumps({
    "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
    "manifests": [descriptor("manifest.v1+json", manifest, platform={"architecture": architecture, "os": "linux"},
                             annotations={"org.opencontainers.image.ref.name": version})]}).encode()
blobs = sorted((digest(data).removeprefix("sha256:"), data) for data in (packed, config, manifest))
pathlib.Path(out).write_bytes(tar_of([
    entry("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'), entry("index.json", index), entry("blobs", mode=0o755),
    entry("blobs/sha256", mode=0o755), *[entry(f"blobs/sha256/{name}", data) for name, data in blobs]]))

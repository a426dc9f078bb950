"""A backup is one tar file: both databases as PostgreSQL's own dumps, the media, and a manifest with digests.

The platform's database is dumped before the bank's: what the bank did in between is found by reconciliation, whereas a
platform that remembers more than its bank could not be explained. Secrets are not in it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from . import binaries

FORMAT = 1
DUMPS = {"platform.dump": "DATABASE_URL", "bank.dump": "BANK_DATABASE_URL"}
MANIFEST = "manifest.json"


class BackupFailed(RuntimeError):
    """One line for the operator."""


@dataclass(frozen=True)
class Place:
    """What is backed up, or restored to: URLs by the names of our settings, and the folder of the media."""

    urls: dict[str, str]
    media: Path


def back_up(place: Place, target: Path) -> int:
    """Write `target`, which must not exist. Returns its bytes. Raises BackupFailed and leaves nothing then."""
    if target.exists():
        raise BackupFailed(f"{target} exists already: choose another name.")
    scratch = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(prefix="careforall-backup-") as folder, tarfile.open(scratch, "w") as tar:
            digests = {}
            for name, setting in DUMPS.items():
                file = Path(folder) / name
                _run(
                    "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", place.urls[setting]
                )
                digests[name] = _digest(file)
                tar.add(file, name)
            if place.media.is_dir():
                tar.add(place.media, "media")
            manifest = Path(folder) / MANIFEST
            made_at = datetime.now(UTC).isoformat(timespec="seconds")
            manifest.write_text(json.dumps({"format": FORMAT, "made_at": made_at, "sha256": digests}))
            tar.add(manifest, MANIFEST)
        scratch.rename(target)
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return target.stat().st_size


def restore(source: Path, place: Place) -> str:
    """Bring both databases and the media to what `source` holds, each database in one transaction.

    Whatever is there is replaced. Returns when the backup was made. Raises BackupFailed; nothing was changed when the file
    is damaged or foreign.
    """
    with tempfile.TemporaryDirectory(prefix="careforall-restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(source) as tar:
                tar.extractall(folder, filter="data")
            manifest = json.loads((folder / MANIFEST).read_text())
            is_whole = manifest["format"] == FORMAT and all(
                _digest(folder / each) == manifest["sha256"][each] for each in DUMPS
            )
        except (OSError, tarfile.TarError, ValueError, KeyError) as error:
            raise BackupFailed(f"{source} is not a backup of CareForAll ({type(error).__name__}).") from error
        if not is_whole:
            raise BackupFailed(f"{source} is damaged: a digest does not fit.")
        for dump, setting in DUMPS.items():
            options = ["--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges"]
            _run("pg_restore", *options, f"--dbname={place.urls[setting]}", str(folder / dump))
        media = folder / "media"
        for file in sorted(media.rglob("*")) if media.is_dir() else []:
            if file.is_file():
                target = place.media / file.relative_to(media)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
        return str(manifest["made_at"])


def _run(program: str, *arguments: str) -> None:
    run = subprocess.run(
        [binaries.postgres_folder() / program, *arguments], capture_output=True, text=True, check=False
    )
    if run.returncode:
        said = run.stderr.strip().splitlines() or ["it said nothing"]
        raise BackupFailed(f"{program} failed: {said[-1]}")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

"""A backup brings everything back; a damaged one changes nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.pledges.support import open_campaign, wish

pytestmark = [pytest.mark.django_db(databases=["default", "bank"], transaction=True), pytest.mark.usefixtures("media")]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return Path(settings.MEDIA_ROOT)


def manage(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def gifts() -> list[str]:
    return sorted(str(row["id"]) for row in db.rows("SELECT id FROM pledges_pledge"))


def test_a_drill_brings_gifts_and_pictures_back(alice: Actor, media: Path, tmp_path: Path) -> None:
    campaign = open_campaign(alice)
    for _ in range(3):
        pledges.make_pledge(new=wish(campaign.id))
    (media / "cover.webp").write_bytes(b"a picture")
    kept, file = gifts(), tmp_path / "night.tar"
    manage("backup", str(file))
    pledges.make_pledge(new=wish(campaign.id))
    (media / "cover.webp").unlink()

    with pytest.raises(CommandError, match="--replace"):
        manage("restore", str(file))
    assert len(gifts()) == 4
    said = manage("restore", str(file), "--replace")
    assert "all hold." in said
    assert gifts() == kept
    assert (media / "cover.webp").read_bytes() == b"a picture"
    outbox.drain()  # what had not been delivered when the backup was made is delivered now
    assert "all hold." in manage("audit")


def test_a_damaged_or_foreign_file_changes_nothing(alice: Actor, tmp_path: Path) -> None:
    pledges.make_pledge(new=wish(open_campaign(alice).id))
    kept, file = gifts(), tmp_path / "night.tar"
    manage("backup", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"PGDMP", b"PGDMQ", 1))
    with pytest.raises(CommandError, match="damaged"):
        manage("restore", str(file), "--replace")
    file.write_bytes(b"not a tar at all")
    with pytest.raises(CommandError, match="not a backup"):
        manage("restore", str(file), "--replace")
    assert gifts() == kept


def test_a_backup_does_not_overwrite(tmp_path: Path) -> None:
    file = tmp_path / "night.tar"
    file.write_bytes(b"precious")
    with pytest.raises(CommandError, match="exists already"):
        manage("backup", str(file))
    assert file.read_bytes() == b"precious"

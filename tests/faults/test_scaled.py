"""Many processes of each kind side by side, as several machines would have them: every gift counts once, every frame comes once."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter

import pytest

from runtime.environment import read_env
from tests.support.faulty import ledger_of, settle_stack
from tests.support.followers import following
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.xdist_group("stack")]
FEED = "SELECT id::text FROM notifications_feedentry ORDER BY seq"
SOCKETS = 8


def test_a_storm_over_many_processes_counts_every_gift_once_and_every_socket_sees_every_frame_once() -> None:
    with Stack(SCALE="web=2,worker=3,live=2,scheduler=2") as scaled, following(scaled, SOCKETS) as followers:
        for name in ("web", "web2", "worker", "worker2", "worker3", "live", "live2", "scheduler2"):
            assert read_env(scaled.data_dir / "pids")[name]
        with urllib.request.urlopen(f"{scaled.url}/metrics", timeout=10) as answer:
            figures = answer.read().decode()
        assert f'careforall_sockets_open{{kind="notifications"}} {SOCKETS}.0' in figures, (
            "added up over both live processes"
        )

        ended = scaled.manage("storm", "--donors", "200", "--seconds", "15", "--seed", "11", "--json", seconds=420)
        assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
        outcome = json.loads(ended.stdout)
        assert outcome["losses"] == []
        assert outcome["audit"]["holds"]
        assert outcome["account"]["raised"] == outcome["account"]["captured"] - outcome["account"]["refunded"]

        settle_stack(scaled, 150)
        scaled.assert_audit_holds()
        feed = [row["id"] for row in ledger_of(scaled).rows(FEED)]
        assert len(feed) > 150
        for follower in followers:
            expected = feed[feed.index(follower.began_after) + 1 :] if follower.began_after in feed else feed
            scaled.wait_for(lambda follower=follower, expected=expected: len(follower.told) >= len(expected), 90)
            assert [each for each, times in Counter(follower.told).items() if times > 1] == []
            assert follower.told == expected

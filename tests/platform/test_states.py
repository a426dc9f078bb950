from apps.platform.states import Moves


def test_moves_know_sources_and_targets():
    moves = Moves({"draft": {"open"}, "open": {"closed"}, "paused": {"open", "closed"}})
    assert moves.sources_of("open") == ["draft", "paused"]
    assert moves.allows("open", "closed")
    assert not moves.allows("closed", "open")

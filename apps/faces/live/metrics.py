"""What the live processes count. Frames are not counted one by one: at tens of thousands a second that would be felt."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

sockets = Gauge("careforall_sockets_open", "Websockets that are open, by kind.", ("kind",), multiprocess_mode="livesum")
let_go = Counter("careforall_sockets_let_go", "Websockets that were closed because their reader was too slow.")
dropped = Counter("careforall_frames_dropped", "Frames that waited for those readers, who fetch them by resuming.")

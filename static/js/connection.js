// A websocket that comes back: backoff with jitter, at once when the network returns, polling while it is away.
// connect({ path, opened(send), received(frame), poll(), changed(isLive) }) gives { send(frame) -> was it sent }.
// `poll` is also asked when nothing was heard for a minute: a line that died silently is found by what it did not tell.
const QUIET = 60000;
const FINAL = new Set([4404]);

export function connect({ path, opened = () => {}, received, poll = () => {}, changed = () => {}, pollEvery = 10000 }) {
  let socket = null;
  let failures = 0;
  let heardAt = Date.now();
  let retry = 0;
  let isOver = false;

  const isOpen = () => socket?.readyState === WebSocket.OPEN;
  const send = (frame) => { if (!isOpen()) return false; socket.send(JSON.stringify(frame)); return true; };

  function open() {
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const mine = socket = new WebSocket(`${scheme}://${location.host}${path}`);
    let isNew = true;
    mine.addEventListener("message", (event) => {
      if (mine !== socket) return;
      heardAt = Date.now();
      if (isNew) { isNew = false; failures = 0; changed(true); opened(send); }
      received(JSON.parse(event.data));
    });
    mine.addEventListener("close", (event) => {
      if (mine !== socket) return;
      changed(false);
      if (FINAL.has(event.code)) { isOver = true; return; }
      failures += 1;
      if (failures > 1) poll();
      retry = setTimeout(open, Math.min(30000, 400 * 2 ** failures) * (0.5 + Math.random() / 2));
    });
  }

  function wake() {
    if (!isOver && !isOpen() && document.visibilityState === "visible") { failures = 0; open(); }
  }

  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  setInterval(() => { if (!isOver && (!isOpen() && failures > 1 || Date.now() - heardAt > QUIET)) { heardAt = Date.now(); poll(); } }, pollEvery);
  open();
  return { send };
}

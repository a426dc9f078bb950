// Keeps the bell's number right while a page lies open; says softly that something came, unless it came in quiet hours.
import { connect } from "./connection.js";

const bell = document.querySelector("[data-bell]");
const number = new Intl.NumberFormat(document.documentElement.lang);
let seq = 0;

function show(unread) {
  bell.querySelector("[data-unread]").hidden = !unread;
  bell.querySelector("[data-number]").textContent = number.format(unread);
}

async function ask() {
  const answer = await fetch(bell.dataset.bell, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) show((await answer.json()).unread);
}

if (bell) {
  connect({
    path: "/ws/notifications/",
    received(frame) {
      if (frame.type === "welcome" && frame.data.user) {
        show(frame.data.unread);
        seq = Math.max(seq, frame.data.inbox); // the number is all that is shown: nothing has to be told again
      }
      if (frame.type !== "notification" || frame.data.seq <= seq) return;
      seq = Math.max(seq, frame.data.seq);
      show(frame.data.unread);
      if (!frame.data.is_quiet) bell.querySelector("[data-told]").textContent = bell.dataset.sayNew;
    },
    poll: ask,
  });
}

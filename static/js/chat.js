// A room on a page: shows what is written as it is written, sends without loading the page anew, and says it without shouting.
// Marks: data-chat (the socket's path) with data-poll, data-version, data-me, data-most and data-say-*; inside it
// data-messages, data-template, data-say, data-online, data-typing, data-empty and, for who may write, data-composer.
import { connect } from "./connection.js";

const room = document.querySelector("[data-chat]");
const list = room.querySelector("[data-messages]");
const template = room.querySelector("[data-template]");
const composer = room.querySelector("[data-composer]");
const me = room.dataset.me;
const most = Number(room.dataset.most ?? 500);
const lang = document.documentElement.lang;
const hour = new Intl.DateTimeFormat(lang, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
const ADDRESS = /https?:\/\/[^\s<>"'`]{3,500}/gi;
const waiting = new Map();
let version = Number(room.dataset.version);
let isLive = false;
let isWelcome = false; // once: from then on a room that was empty is resumed like any other
let unsaid = [];
let saidAt = 0;
let typingTimer = 0;
let typedAt = 0;
let readUpTo = "";
let readTimer = 0;

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const nameOf = (user) => user.name || (user.side === "guest" ? room.dataset.sayDonor : room.dataset.saySomebody);
const when = (at) => (at.toDateString() === new Date().toDateString() ? hour : day).format(at);
const find = (id) => list.querySelector(`[data-message="${CSS.escape(id)}"]`);

function textInto(place, text) {
  place.replaceChildren();
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(/[.,:;!?)\]}…।]+$/, "");
    const link = Object.assign(document.createElement("a"), { href: address, textContent: address, rel: "nofollow ugc noopener noreferrer", target: "_blank" });
    place.append(text.slice(end, found.index), link);
    end = found.index + address.length;
  }
  place.append(text.slice(end));
}

function fresh() {
  const line = template.content.firstElementChild.cloneNode(true);
  line.removeAttribute("id");
  return line;
}

function show(message) {
  if (message.version <= Number(find(message.id)?.dataset.version ?? 0)) return false;
  const known = find(message.id);
  const line = known ?? fresh();
  const gone = Boolean(message.removed);
  line.dataset.message = message.id;
  line.dataset.version = message.version;
  line.dataset.seq = message.seq;
  line.classList.toggle("message--removed", gone);
  line.classList.remove("message--waiting");
  for (const [mark, hidden] of [["[data-text]", gone], ["[data-gone]", !gone], ["[data-more]", gone]]) line.querySelector(mark)?.toggleAttribute("hidden", hidden);
  if (gone) line.querySelector("[data-text]").replaceChildren();
  if (message.user) {
    line.querySelector("[data-name]").textContent = nameOf(message.user);
    line.querySelector("[data-badge]").hidden = !["team", "staff"].includes(message.user.side);
    line.querySelector("[data-edited]").hidden = !message.edited_at;
    Object.assign(line.querySelector("[data-at]"), { dateTime: message.at, textContent: when(new Date(message.at)) });
    if (!gone) textInto(line.querySelector("[data-text]"), message.text);
    const own = message.user.id === me;
    line.classList.toggle("message--own", own);
    line.classList.toggle("message--me", Boolean(me) && (message.mentions ?? []).includes(me));
    for (const act of line.querySelectorAll("[data-for]")) act.hidden = act.dataset.for !== "all" && (act.dataset.for === "own") !== own;
    const answered = message.reply_to && find(message.reply_to)?.querySelector("[data-text]").textContent;
    const quote = line.querySelector("[data-answered]");
    if (quote && answered) { quote.hidden = false; quote.textContent = answered.slice(0, 90); }
  }
  for (const input of line.querySelectorAll("[name=message_id]")) input.value = message.id;
  for (const link of line.querySelectorAll("a[href*='?reply='], a[href*='?edit=']")) link.href = link.getAttribute("href").replace(/=[^#]*/, `=${message.id}`);
  if (!known) place(line, message.seq);
  room.querySelector("[data-empty]").hidden = true;
  return !known && !gone;
}

function place(line, seq) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const after = [...list.children].findLast((each) => Number(each.dataset.seq) < seq && !each.classList.contains("message--waiting"));
  if (after) after.after(line); else list.prepend(line);
  while (list.children.length > most) list.firstElementChild.remove();
  if (isAtEnd || line.classList.contains("message--own")) list.scrollTop = list.scrollHeight;
}

// Screen readers hear one message, or how many there were, at most every eight seconds, and nothing of what they wrote.
function say(message) {
  if (message.user.id !== me) unsaid.push(message);
  if (!unsaid.length || Date.now() - saidAt < 8000) return;
  saidAt = Date.now();
  const one = unsaid[0];
  room.querySelector("[data-say]").textContent = unsaid.length === 1
    ? fill(room.dataset.sayOne, { name: nameOf(one.user), text: one.text.slice(0, 200) })
    : fill(room.dataset.sayMany, { number: unsaid.length });
  unsaid = [];
}

// A crowd that reads must not tell of each message: a mark waits a while, and stands for all that came meanwhile.
function readSoon() {
  readTimer ||= setTimeout(read, 2000 + Math.random() * 3000);
}

function read() {
  readTimer = 0;
  const last = [...list.querySelectorAll("[data-message]:not(.message--waiting)")].at(-1)?.dataset.message;
  if (composer && last && last !== readUpTo && document.visibilityState === "visible" && line.send({ type: "read", up_to: last })) readUpTo = last;
}

const received = {
  welcome(frame) {
    for (const message of frame.history.slice(-most)) show(message);
    room.querySelector("[data-empty]").hidden = list.children.length > 0;
    this.presence(frame);
    if ((version || isWelcome) && frame.version > version) line.send({ type: "resume", after: version });
    isWelcome = true;
    version = Math.max(version, frame.version);
    for (const each of waiting.values()) line.send(each.frame);
    readSoon();
  },
  message(frame) { room.querySelector("[data-typing]").textContent = ""; version = Math.max(version, frame.version); if (show(frame)) say(frame); readSoon(); },
  removed(frame) { version = Math.max(version, frame.version); if (find(frame.id)) show({ ...frame, removed: true }); },
  ack(frame) { settle(frame.client_id); },
  presence(frame) { room.querySelector("[data-online]").textContent = fill(room.dataset.sayOnline, { number: frame.online }); },
  typing(frame) {
    const shown = room.querySelector("[data-typing]");
    shown.textContent = fill(room.dataset.sayTyping, { name: nameOf(frame.user) });
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => { shown.textContent = ""; }, 6000);
  },
  error(frame) {
    if (frame.code === "missed-too-much") { location.reload(); return; }
    const failed = settle(frame.client_id);
    if (!composer || !(failed || frame.code === "signed-out")) return;
    refuse(frame.detail);
    if (failed && !composer.elements.text.value) composer.elements.text.value = failed.frame.text;
  },
};

function refuse(text) {
  const shown = composer.querySelector("[data-refused]");
  shown.textContent = text;
  shown.hidden = !text;
}

function settle(clientId) {
  const mine = waiting.get(clientId);
  waiting.delete(clientId);
  mine?.line.remove();
  return mine;
}

async function poll() {
  const answer = await fetch(`${room.dataset.poll}?after=${version}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  for (const message of found.messages) if (show(message)) say(message);
  version = Math.max(version, found.version);
}

const line = connect({ path: room.dataset.chat, received: (frame) => received[frame.type]?.(frame), changed: (live) => { isLive = live; }, poll });

composer?.addEventListener("submit", (event) => {
  const text = composer.elements.text.value.trim();
  if (composer.elements.edit || !text || (!isLive && !waiting.size)) return; // the form itself does it
  event.preventDefault();
  const clientId = newId();
  const frame = { type: "message", client_id: clientId, text };
  if (composer.elements.reply_to.value) frame.reply_to = composer.elements.reply_to.value;
  const shown = fresh();
  shown.classList.add("message--own", "message--waiting");
  shown.querySelector("[data-name]").textContent = "…";
  shown.querySelector("[data-more]")?.remove();
  textInto(shown.querySelector("[data-text]"), text);
  list.append(shown);
  list.scrollTop = list.scrollHeight;
  waiting.set(clientId, { frame, line: shown });
  refuse(line.send(frame) ? "" : room.dataset.sayWaiting);
  composer.elements.text.value = "";
  answerTo("", "");
  composer.elements.text.focus();
});

composer?.elements.text.addEventListener("input", () => {
  if (Date.now() - typedAt > 3000 && line.send({ type: "typing" })) typedAt = Date.now();
});

composer?.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composer.requestSubmit();
});

function answerTo(id, text) {
  composer.elements.reply_to.value = id;
  composer.querySelector("[data-answering-text]").textContent = text.slice(0, 90);
  composer.querySelector("[data-answering]").hidden = !id;
}

room.addEventListener("click", (event) => {
  const answer = event.target.closest("[data-reply]");
  const no = event.target.closest("[data-no-answer]");
  if (!composer || composer.elements.edit || !(answer || no)) return;
  event.preventDefault();
  const asked = answer?.closest("[data-message]");
  answerTo(asked?.dataset.message ?? "", asked?.querySelector("[data-text]").textContent ?? "");
  answer?.closest("details")?.removeAttribute("open");
  composer.elements.text.focus();
});

document.addEventListener("visibilitychange", readSoon);
list.scrollTop = list.scrollHeight;

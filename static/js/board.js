// The board of a campaign: the total counts up, gifts come in, quarters of the goal are celebrated. It lives on the feed, asks
// the API while the feed is away and once after each connection, and says openly when what it shows is old.
import { connect } from "./connection.js";

const page = document.querySelector("[data-campaign]");
const { campaign: id, currency } = page.dataset;
const lang = document.documentElement.lang;
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
const whole = new Intl.NumberFormat(lang, { style: "currency", currency, currencyDisplay: lang === "bn" ? "narrowSymbol" : "code", maximumFractionDigits: digits, trailingZeroDisplay: "stripIfInteger" });
const number = new Intl.NumberFormat(lang);
const share = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
const gifts = page.querySelector("[data-gifts]");
const SHOWN = 6;
let version = Number(page.dataset.version);
let goal = Number(page.dataset.goalAmount);
let raised = Number(page.dataset.raisedAmount);
let shown = raised;
let celebrated = Math.floor((raised / goal) * 4);
let lastId = null;
let knownAt = Date.now();
let counting = 0;
let saidAt = 0;
let asking = 0;
let askedAt = 0;

const money = (amount) => whole.format(amount / 10 ** digits);

function paint(amount) {
  shown = amount;
  const percent = Math.floor((amount / goal) * 100) / 100;
  page.querySelector("[data-raised]").textContent = money(amount);
  page.querySelector("[data-percent]").textContent = share.format(percent);
  page.querySelector("[data-arc]").setAttribute("stroke-dasharray", `${Math.min(100, (amount / goal) * 100)} 100`);
}

function countTo(target) {
  cancelAnimationFrame(counting);
  if (isCalm.matches || document.visibilityState !== "visible") { paint(target); return; }
  const from = shown;
  const begun = performance.now();
  const step = (now) => {
    const part = Math.min(1, (now - begun) / 1400);
    paint(part < 1 ? Math.round(from + (target - from) * (1 - (1 - part) ** 3)) : target);
    if (part < 1) counting = requestAnimationFrame(step);
  };
  counting = requestAnimationFrame(step);
}

function show(total) {
  knownAt = Date.now();
  const seen = total.version ?? total.totals_version ?? 0;
  if (seen <= version) return;
  version = seen;
  goal = total.goal_amount ?? goal;
  raised = total.raised_amount;
  countTo(raised);
  page.querySelector("[data-donors]").textContent = number.format(total.donor_count);
  if (Date.now() - saidAt > 15000) { saidAt = Date.now(); page.querySelector("[data-live]").textContent = money(raised); }
  const quarters = Math.min(4, Math.floor((raised / goal) * 4));
  if (quarters > celebrated) celebrate(quarters);
  celebrated = Math.max(celebrated, quarters);
}

function celebrate(quarters) {
  const party = page.querySelector("[data-party]");
  party.firstElementChild.textContent = quarters >= 4 ? page.dataset.reached : page.dataset.milestone.replace("%(percent)s", share.format(quarters / 4));
  party.hidden = false;
  if (!isCalm.matches) {
    for (let each = 0; each < 60; each += 1) {
      const spark = Object.assign(document.createElement("span"), { className: "board__spark" });
      party.append(spark);
      const angle = Math.random() * 2 * Math.PI;
      const way = 30 + Math.random() * 60;
      spark.animate([{ transform: "none", opacity: 1 }, { transform: `translate(${Math.cos(angle) * way}vmin, ${Math.sin(angle) * way}vmin) rotate(720deg)`, opacity: 0 }], { duration: 1800 + Math.random() * 2200, easing: "cubic-bezier(.1,.7,.3,1)", fill: "forwards" });
    }
  }
  setTimeout(() => { party.hidden = true; party.querySelectorAll("span").forEach((spark) => spark.remove()); }, 7000);
}

function showWall(wall) {
  const known = new Set([...gifts.children].map((each) => each.dataset.gift));
  gifts.replaceChildren(...wall.map((gift) => {
    const line = document.createElement("li");
    line.dataset.gift = gift.id;
    if (!known.has(gift.id)) line.className = "is-new";
    const name = Object.assign(document.createElement("span"), { className: "board__name", textContent: gift.donor_name || page.dataset.anonymous });
    line.append(name, " ", Object.assign(document.createElement("strong"), { textContent: money(gift.amount) }));
    return line;
  }));
  page.querySelector("[data-nobody]").hidden = wall.length > 0;
}

const json = async (path) => {
  const answer = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
};

async function askWall() {
  asking = 0;
  const wall = await json(`/api/v1/campaigns/${id}/donations?page_size=${SHOWN}`);
  if (wall) showWall(wall.results);
}

// A rush of gifts asks once a second, not once a gift.
function wallSoon() {
  asking ||= setTimeout(askWall, isLate() ? 1000 : 200);
  askedAt = Date.now();
}

const isLate = () => Date.now() - askedAt < 1000;

async function ask() {
  const [total] = await Promise.all([json(`/api/v1/campaigns/${id}`), askWall()]);
  if (total) show(total);
}

connect({
  path: "/ws/notifications/",
  opened(send) {
    knownAt = Date.now();
    if (lastId) send({ type: "resume", after: lastId });
    send({ type: "subscribe", topics: [`campaign:${id}`] });
    ask();
  },
  received(frame) {
    knownAt = Date.now();
    if (frame.type === "error") { lastId = null; return; }
    if (frame.type !== "welcome" && frame.type !== "notification" && frame.id) lastId = frame.id;
    if (frame.type === "campaign.progress") show(frame.data);
    if (frame.type === "pledge.captured") wallSoon();
  },
  poll: ask,
});

setInterval(() => {
  const line = page.querySelector("[data-line]");
  const isOld = Date.now() - knownAt > 90000;
  line.hidden = !isOld;
  if (isOld) line.textContent = page.dataset.stale.replace("%(time)s", new Intl.DateTimeFormat(lang, { timeStyle: "short" }).format(knownAt));
}, 5000);

const full = page.querySelector("[data-full]");
if (document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => document.documentElement.requestFullscreen());
  document.addEventListener("fullscreenchange", () => { full.hidden = Boolean(document.fullscreenElement); });
}

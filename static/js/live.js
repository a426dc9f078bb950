// Moves a campaign's total as gifts arrive. Marks: data-campaign, data-raised, data-bar, data-percent, data-donors, data-live.
// Frames older than what is shown are ignored by version; without a socket the campaign is asked every ten seconds.
import { connect } from "./connection.js";

const page = document.querySelector("[data-campaign]");
const id = page?.dataset.campaign;
let version = Number(page?.dataset.version ?? 0);
let lastId = null;
let saidAt = 0;

const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 });
const digits = new Intl.NumberFormat("en", { style: "currency", currency: page?.dataset.currency ?? "USD" }).resolvedOptions().maximumFractionDigits;

function show(total) {
  const seen = total.version ?? total.totals_version ?? 0;
  if (seen <= version) return;
  version = seen;
  const shown = page.querySelector("[data-raised]");
  const raised = shown.textContent.replace(/[\d,.০-৯]+/, number.format(total.raised_amount / 10 ** digits));
  const percent = total.progress_percent ?? Math.floor(total.progress * 100);
  shown.textContent = raised;
  page.querySelector("[data-bar]").value = Math.min(100, percent);
  page.querySelector("[data-percent]").textContent = percent;
  page.querySelector("[data-donors]").textContent = total.donor_count;
  if (Date.now() - saidAt > 10000) {
    saidAt = Date.now();
    page.querySelector("[data-live]").textContent = `${raised}, ${percent} %`;
  }
}

async function ask() {
  const answer = await fetch(`/api/v1/campaigns/${id}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) show(await answer.json());
}

if (id) {
  connect({
    path: "/ws/notifications/",
    opened(send) {
      if (lastId) send({ type: "resume", after: lastId });
      send({ type: "subscribe", topics: [`campaign:${id}`] });
      ask();
    },
    received(frame) {
      if (frame.type === "error" && frame.data.code === "unknown-position") lastId = null;
      else if (frame.type !== "welcome" && frame.id) lastId = frame.id;
      if (frame.type === "campaign.progress") show(frame.data);
    },
    poll: ask,
  });
}

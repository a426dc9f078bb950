// Moves a campaign's total as gifts arrive. Marks: data-campaign, data-raised, data-bar, data-percent, data-donors, data-live.
// Frames older than what is shown are ignored by version; without a socket the campaign is asked every ten seconds.
const page = document.querySelector("[data-campaign]");
const id = page?.dataset.campaign;
let version = Number(page?.dataset.version ?? 0);
let lastId = null;
let attempt = 0;
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

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/notifications/`);
  socket.addEventListener("open", () => {
    attempt = 0;
    socket.send(JSON.stringify({ type: "subscribe", topics: [`campaign:${id}`] }));
    if (lastId) socket.send(JSON.stringify({ type: "resume", after: lastId }));
    ask();
  });
  socket.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type !== "welcome" && frame.id) lastId = frame.id;
    if (frame.type === "campaign.progress") show(frame.data);
  });
  socket.addEventListener("close", () => {
    attempt += 1;
    setTimeout(connect, Math.min(30000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2));
    if (attempt > 1) ask();
  });
}

async function ask() {
  const answer = await fetch(`/api/v1/campaigns/${id}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) show(await answer.json());
}

if (id) {
  connect();
  setInterval(() => { if (attempt > 1) ask(); }, 10000);
}

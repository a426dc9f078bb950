// Follows a gift: asks for its state, less and less often, and puts the page's part in place anew when it moved. Marks: data-gift, data-status, data-settled.
const gift = document.querySelector("[data-gift]");
let wait = 700;

async function look() {
  const answer = await fetch(`/api/v1/donations/${gift.dataset.gift}`, { cache: "no-store" }).catch(() => null);
  const state = answer?.ok ? await answer.json() : null;
  if (state && (state.status !== gift.dataset.status || state.receipt_url)) await renew();
  if (gift.dataset.settled) return;
  wait = Math.min(wait * 1.2, 10000);
  setTimeout(look, wait);
}

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-gift]");
  gift.dataset.status = fresh.dataset.status;
  gift.dataset.settled = fresh.dataset.settled;
  // The state itself is a live region and stays in the page: only what is in it changes, so that it is read out.
  const spoken = gift.querySelector("[role=status]");
  const said = fresh.querySelector("[role=status]");
  if (spoken.textContent !== said.textContent) spoken.replaceChildren(...said.childNodes);
  said.replaceWith(spoken);
  gift.replaceChildren(...fresh.childNodes);
}

setTimeout(look, wait);

// Follows a gift: asks for its state until it changes, then shows the page anew.
const gift = document.querySelector("[data-gift]");
let wait = 700;

async function ask() {
  const answer = await fetch(`/api/v1/donations/${gift.dataset.gift}`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok && (await answer.json()).status !== gift.dataset.status) return location.reload();
  wait = Math.min(wait * 1.2, 10000);
  return setTimeout(ask, wait);
}

setTimeout(ask, wait);

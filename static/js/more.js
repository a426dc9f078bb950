// Appends the next page of a list where its link stands, when it comes into view. Marks: data-list (the list), data-more (the link's place).
// Three pages come by themselves; then the link waits to be pressed, so that the foot of the page can be reached.
const list = document.querySelector("[data-list]");
let more = document.querySelector("[data-more]");
let automatic = 3;
let busy = false;

async function load(event) {
  event?.preventDefault();
  if (busy || !more) return;
  busy = true;
  const answer = await fetch(more.querySelector("a").href).catch(() => null);
  if (!answer?.ok) { busy = false; if (event) location.href = more.querySelector("a").href; return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const first = page.querySelector("[data-list]")?.firstElementChild;
  list.append(...(page.querySelector("[data-list]")?.children ?? []));
  const next = page.querySelector("[data-more]");
  if (next) more.querySelector("a").href = next.querySelector("a").href;
  else { more.remove(); more = null; }
  if (event) first?.querySelector("a")?.focus();
  busy = false;
}

if (list && more) {
  more.addEventListener("click", load);
  new IntersectionObserver((seen) => { if (seen[0].isIntersecting && automatic-- > 0) load(); }, { rootMargin: "300px" }).observe(more);
}

// Shows the final total, leads to the first error, and sends the form once.
const form = document.querySelector("[data-once]");
const total = form.querySelector("[data-total]");
const other = form.querySelector("[name=other_amount]");
const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency, trailingZeroDisplay: "stripIfInteger" });

function say() {
  const chosen = form.querySelector("[name=preset]:checked");
  if (!chosen) return;
  const typed = Number(other.value.replaceAll(",", ""));
  if (chosen.value !== "other") total.textContent = chosen.nextElementSibling.textContent;
  else if (typed > 0) total.textContent = money.format(typed);
}

other.addEventListener("focus", () => { form.querySelector("[name=preset][value=other]").checked = true; });
form.addEventListener("input", say);
form.addEventListener("submit", () => {
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-disabled", "true");
  setTimeout(() => button.removeAttribute("aria-disabled"), 5000);
});
document.querySelector("[data-first-error]")?.focus();
say();

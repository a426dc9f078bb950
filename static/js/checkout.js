// Shows the total that was typed, leads to the first error, and sends the form once. Marks: data-once, data-currency, data-total-other, data-first-error.
const form = document.querySelector("[data-once]");
const total = form.querySelector("[data-total-other]");
const other = form.querySelector("[name=other_amount]");
const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency, trailingZeroDisplay: "stripIfInteger" });
const unsaid = total.textContent;

function say() {
  const typed = Number(other.value.replaceAll(",", "").replace(/[০-৯]/g, (digit) => digit.charCodeAt(0) - 0x9e6));
  total.textContent = typed > 0 ? money.format(typed) : unsaid;
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

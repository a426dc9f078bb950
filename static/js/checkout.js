// Shows the total that was typed, leads to the first error, and sends the form once. Marks: data-once, data-currency, data-total-other, data-first-error.
const form = document.querySelector("[data-once]");
const total = form.querySelector("[data-total-other]");
const other = form.querySelector("[name=other_amount]");
const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency, trailingZeroDisplay: "stripIfInteger" });
const [plain, covered] = ["plain", "covered"].map((kind) => total.querySelector(`.total__${kind}`));
const cover = form.querySelector("[data-cover]");
const unsaid = [plain, covered, cover].map((part) => part?.textContent);
const unit = 10 ** money.resolvedOptions().maximumFractionDigits;
const points = Number(form.dataset.fee);

function say() {
  const typed = Number(other.value.replaceAll(",", "").replace(/[০-৯]/g, (digit) => digit.charCodeAt(0) - 0x9e6));
  const gift = Math.round(typed * unit);
  const whole = Math.floor((gift * 10000 + 9999 - points) / (10000 - points));
  plain.textContent = gift > 0 ? money.format(gift / unit) : unsaid[0];
  if (covered) covered.textContent = gift > 0 ? money.format(whole / unit) : unsaid[1];
  if (cover) cover.textContent = gift > 0 ? `+ ${money.format((whole - gift) / unit)}` : unsaid[2];
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

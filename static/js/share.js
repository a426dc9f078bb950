// Shows the buttons of a share list that need JavaScript: the phone's own share sheet, and copying. Mark: data-share="address".
for (const list of document.querySelectorAll("[data-share]")) {
  const url = list.dataset.share;
  const native = list.querySelector("[data-share-native]");
  if (native && navigator.share) {
    native.hidden = false;
    native.addEventListener("click", () => navigator.share({ title: document.title, url }).catch(() => {}));
  }
  const copy = list.querySelector("[data-share-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(url);
      copy.querySelector("span").textContent = copy.querySelector("button").dataset.done;
    });
  }
}

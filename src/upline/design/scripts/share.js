// Buttons that copy a text, or hand the link to the device's own sheet for sharing. Without this
// script they stay hidden: the link, the code and the texts are there all the same.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const word = button.querySelector("span");
  const before = word.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    word.textContent = button.dataset.done;
    setTimeout(() => (word.textContent = before), 2000);
  });
}
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const { title, share: url } = button.dataset;
    navigator.share({ title, url }).catch(() => {});
  });
}

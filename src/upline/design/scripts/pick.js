// The button of a form says what has been chosen: the words that the chosen field carries.
for (const form of document.querySelectorAll("form:has([data-button])")) {
  const button = form.querySelector(".button");
  const say = () => {
    const chosen = form.querySelector("[data-button]:checked");
    if (chosen) button.textContent = chosen.dataset.button;
  };
  form.addEventListener("change", say);
  // Going back, a browser fills in what was chosen before.
  addEventListener("pageshow", say);
  say();
}

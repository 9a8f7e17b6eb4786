// Hides all amounts on this device, or shows them again. The server reads the cookie, so that no
// page shows them for a moment first.
const root = document.documentElement;
const buttons = document.querySelectorAll("button.eye");
const year = 365 * 24 * 60 * 60;

function isHidden() {
  return /(?:^|; )amounts=hidden(?:;|$)/.test(document.cookie);
}

function show() {
  if (isHidden()) root.dataset.amounts = "hidden";
  else delete root.dataset.amounts;
  for (const button of buttons) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isHidden()));
  }
}

function turn() {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const [value, age] = isHidden() ? ["shown", 0] : ["hidden", year];
  document.cookie = `amounts=${value}; path=/; max-age=${age}; samesite=lax${secure}`;
  show();
}

for (const button of buttons) button.addEventListener("click", turn);
addEventListener("pageshow", show);
show();

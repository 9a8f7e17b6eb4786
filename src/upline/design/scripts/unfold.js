// A link opens what its page shows here, below itself, instead of going there; pressed again, it
// closes it. Where that fails, it goes there.
const links = document.querySelectorAll("a[data-unfolds]");

function told(open) {
  for (const link of links) link.setAttribute("aria-expanded", String(open));
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("not here");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelector("[data-unfolds-into]").children];
}

async function unfold(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const link = event.currentTarget;
  const place = document.getElementById(link.dataset.unfolds);
  try {
    link.setAttribute("aria-busy", "true");
    if (!place.children.length) place.append(...(await fetched(link.href)));
    link.removeAttribute("aria-busy");
    place.hidden = !place.hidden;
    told(!place.hidden);
  } catch {
    location.assign(link.href);
  }
}

for (const link of links) link.addEventListener("click", unfold);
told(false);

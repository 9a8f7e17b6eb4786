// Who joins while Home is open appears there by themselves: asked for while the page is in sight.
const seconds = 20;
const place = document.querySelector("[data-newcomers]");
let mark = "";

async function look() {
  if (document.hidden) return;
  try {
    const headers = mark ? { "If-None-Match": mark } : {};
    const answer = await fetch(place.dataset.newcomers, { headers, cache: "no-store", redirect: "error" });
    if (answer.status !== 200) return;
    mark = answer.headers.get("ETag") ?? "";
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...made.body.childNodes);
  } catch {
    // Without a network there is nobody new to show; the next look asks again.
  }
}

if (place) setInterval(look, seconds * 1000);

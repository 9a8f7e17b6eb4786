// Lets the company's pages be installed like an app: the worker shows a page where there is no network.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" });
}

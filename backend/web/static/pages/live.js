/** Keeps the parts of a page that htmx asks for again calm: no jump while someone types, a soft flash where a value moved. */
(() => {
  const shown = new Map(); // part → the answer it shows, to leave an unchanged part alone

  const isPolled = (element) => element?.matches?.("[hx-get][hx-trigger*='every']") && element.id;
  const busy = (part) => {
    const active = document.activeElement;
    return part.contains(active) && active.matches("input:not([type=hidden]), textarea, select");
  };
  const close = (which) => document.querySelectorAll(which).forEach((one) => (one.open = false));
  const cells = (part) => new Map([...part.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell.dataset.value]));

  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (!isPolled(part)) return;
    const asked = event.detail.requestConfig.triggeringEvent?.type;
    if (document.hidden || (busy(part) && asked !== "refresh")) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse } = event.detail;
    if (!isPolled(target)) return;
    if (event.detail.xhr.status >= 400 || shown.get(target.id) === serverResponse) {
      event.detail.shouldSwap = false;
      return;
    }
    shown.set(target.id, serverResponse);
    target.before_ = {
      cells: cells(target),
      open: [...target.querySelectorAll("details[id]")].map((one) => [one.id, one.open]),
      atEnd: target.scrollHeight - target.scrollTop - target.clientHeight < 80,
    };
  });

  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    const before = target.before_;
    if (!before) return;
    delete target.before_;
    for (const [id, open] of before.open) {
      const found = document.getElementById(id);
      if (found) found.open = open;
    }
    for (const cell of target.querySelectorAll("[data-cell]")) {
      const { cell: key, value } = cell.dataset;
      if (!before.cells.has(key) || before.cells.get(key) !== value) cell.classList.add("flash");
    }
    if (target.matches("[data-follow]") && before.atEnd) target.scrollTop = target.scrollHeight;
  });

  // a notice goes away by itself; what it said is on the page
  let fading;
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (target.id !== "notice") return;
    clearTimeout(fading);
    if (target.querySelector(".ok")) {
      fading = setTimeout(() => target.replaceChildren(), 6000);
      close(".ask[open], .edit[open]");
    }
  });

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".menu-button");
    const open = button ? !document.body.classList.contains("menu-open") : false;
    if (button || !target.closest(".side")) {
      document.body.classList.toggle("menu-open", open);
      document.querySelector(".menu-button")?.setAttribute("aria-expanded", String(open));
    }
    for (const ask of document.querySelectorAll(".ask[open]")) if (!ask.contains(target)) ask.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(".ask[open], .edit[open]");
  });

  const start = () => {
    for (const part of document.querySelectorAll("[data-follow]")) part.scrollTop = part.scrollHeight;
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

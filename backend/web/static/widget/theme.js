/** Light or dark, text size and width: what the host or the person chose, else what the system prefers. */
import { lasting } from "./storage.js";

const DARK = window.matchMedia("(prefers-color-scheme: dark)");

/** The widget's own data-theme wins over the page's (html[data-theme]), that over the system's. */
function scheme(host) {
  const chosen = host.dataset.theme ?? document.documentElement.dataset.theme;
  if (chosen === "dark" || chosen === "light") return chosen;
  return DARK.matches ? "dark" : "light";
}

/** Returns a function that stops following. */
export function followScheme(host) {
  const apply = () => host.setAttribute("data-scheme", scheme(host));
  const observer = new MutationObserver(apply);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  observer.observe(host, { attributeFilter: ["data-theme"] });
  DARK.addEventListener("change", apply);
  apply();
  return () => {
    observer.disconnect();
    DARK.removeEventListener("change", apply);
  };
}

/** A remembered yes/no that shows as an attribute on the widget element. */
export function preference(host, name) {
  const apply = (on) => host.toggleAttribute(`data-${name}`, on);
  apply(lasting.read(name, false));
  return {
    get on() {
      return host.hasAttribute(`data-${name}`);
    },
    toggle() {
      apply(!this.on);
      lasting.write(name, this.on);
      return this.on;
    },
  };
}

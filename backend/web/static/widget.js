/**
 * OpsTalk channel widget, the only file a page includes:
 *   <script type="module" src="{base}/static/widget.js" data-identity-url="/my/identity" defer></script>
 * Attributes, CSS variables and events are listed in widget/README.md.
 */
import { readConfig } from "./widget/config.js";
import { define } from "./widget/element.js";

define();

function mount() {
  if (document.querySelector("opstalk-widget")) return;
  const element = document.createElement("opstalk-widget");
  element.config = readConfig(import.meta.url);
  document.body.append(element);
}

if (document.body) mount();
else document.addEventListener("DOMContentLoaded", mount, { once: true });

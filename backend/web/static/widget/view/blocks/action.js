/** A button of a block: either it says something (title and payload) or it leads somewhere (href, in a new tab for other sites and with new_tab). */
import { el, hiddenText, icon } from "../../dom.js";
import { safeLink } from "../../links.js";
import S from "../../strings.ko.js";

export function action(button, context, props = {}) {
  const style = button.style === "primary" ? "primary" : "secondary";
  if (button.href) {
    const link = safeLink(button.href, context.base);
    if (!link) return null;
    const away = link.outside || button.new_tab === true;
    const outside = away ? { target: "_blank", rel: "noopener noreferrer" } : {};
    const mark = away ? [icon("external"), hiddenText(S.blocks.newTab)] : [];
    return el("a", { class: `act ${style}`, href: link.href, testid: "action", ...outside, ...props }, button.title, mark);
  }
  const node = el(
    "button",
    { type: "button", class: `act ${style}`, testid: "action", "data-payload": button.payload, ...props },
    icon("check"),
    el("span", { text: button.title }),
  );
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-disabled") !== "true") context.press(button.title, button.payload ?? null);
  });
  return node;
}

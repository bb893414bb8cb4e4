/** Cards side by side; scrolled by finger, wheel, keyboard or the two arrows. */
import { el, iconButton } from "../../dom.js";
import S from "../../strings.ko.js";
import { card } from "./card.js";

export function cards(block, message, context) {
  const list = block.cards ?? [];
  if (list.length === 1) return card(list[0], message, context);
  const items = list.map((item) => el("li", {}, card(item, message, context)));
  const strip = el("ul", { class: "strip", tabindex: "0", "aria-label": S.blocks.cards }, items);
  const step = (direction) => {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    strip.scrollBy({ left: direction * (items[0].offsetWidth + 8), behavior: calm ? "auto" : "smooth" });
  };
  const back = iconButton("left", S.blocks.previous, () => step(-1), { class: "icon-button strip-arrow back" });
  const on = iconButton("right", S.blocks.next, () => step(1), { class: "icon-button strip-arrow on" });
  const edges = () => {
    back.hidden = strip.scrollLeft < 4;
    on.hidden = strip.scrollLeft + strip.clientWidth > strip.scrollWidth - 4;
  };
  strip.addEventListener("scroll", edges, { passive: true });
  new ResizeObserver(edges).observe(strip);
  return el("div", { class: "cards" }, strip, back, on);
}

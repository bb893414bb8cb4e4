/** The header's menu: arrow keys move, Escape closes it and nothing else. */
import { el, icon, iconButton } from "../dom.js";
import S from "../strings.ko.js";

export class Menu {
  /** actions: [{key, icon, label, run, checked?()}]; an action with `checked` is a switch. */
  constructor(actions) {
    this.button = iconButton("menu", S.header.menu, () => this.toggle(), { "aria-haspopup": "menu", "aria-expanded": "false", testid: "menu" });
    this.items = actions.map((action) =>
      el(
        "button",
        {
          type: "button",
          role: action.checked ? "menuitemcheckbox" : "menuitem",
          class: "menu-item",
          tabindex: "-1",
          testid: `menu-${action.key}`,
          on: { click: () => this.#run(action) },
        },
        icon(action.icon),
        el("span", { text: action.label }),
        action.checked ? icon("check") : null,
      ),
    );
    this.actions = actions;
    this.list = el("div", { class: "menu", role: "menu", "aria-label": S.header.menu, hidden: true }, this.items);
    this.root = el("div", { class: "menu-wrap", on: { keydown: (event) => this.#key(event), focusout: (event) => this.#left(event) } }, this.button, this.list);
  }

  toggle(open = this.list.hidden) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.actions.forEach((action, index) => action.checked && this.items[index].setAttribute("aria-checked", String(action.checked())));
    if (open) this.items[0].focus();
  }

  #run(action) {
    action.run();
    this.toggle(false);
    this.button.focus();
  }

  #left(event) {
    if (event.relatedTarget && !this.root.contains(event.relatedTarget)) this.toggle(false);
  }

  #key(event) {
    if (this.list.hidden) return;
    const at = this.items.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.toggle(false);
      this.button.focus();
    } else if (step) this.items.at((at + step) % this.items.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Where one writes: grows with the text, sends on Enter but never while a Korean syllable is being composed. */
import { el, icon } from "../dom.js";
import { perTab } from "../storage.js";
import S from "../strings.ko.js";

const MAX = 2_000;
const KEYBOARD_NUMBERS = { number: "numeric" };

/** Safari reports the Enter that ends a composition with isComposing false but key code 229. */
const composing = (event) => event.isComposing || event.keyCode === 229;

export class Composer {
  constructor({ store, say }) {
    this.store = store;
    this.say = say;
    this.input = el("textarea", {
      class: "input",
      rows: "1",
      testid: "composer",
      "aria-label": S.composer.label,
      placeholder: S.composer.placeholder,
      enterkeyhint: "send",
      autocomplete: "off",
      on: { input: () => this.#changed(), keydown: (event) => this.#key(event) },
    });
    this.over = el("span", { class: "over", role: "status", hidden: true });
    this.button = el("button", { type: "submit", class: "send", testid: "send", "aria-label": S.composer.send, title: S.composer.send }, icon("send"));
    this.root = el(
      "form",
      { class: "composer", on: { submit: (event) => (event.preventDefault(), this.#send()) } },
      el("div", { class: "input-wrap" }, this.input, this.button),
      this.over,
    );
    for (const type of ["conversation", "message", "loaded"]) store.addEventListener(type, () => this.#hint());
    store.addEventListener("session", () => this.#restore());
    this.#changed();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  #draftKey() {
    return `draft:${this.store.conversation?.id}`;
  }

  #restore() {
    if (this.input.value) return;
    this.input.value = perTab.read(this.#draftKey(), "");
    this.#changed();
  }

  #changed() {
    const { input } = this;
    input.style.height = "auto";
    if (input.scrollHeight) input.style.height = `${input.scrollHeight}px`;
    const over = input.value.length - MAX;
    this.over.hidden = over <= 0;
    this.over.textContent = over > 0 ? S.composer.tooLong(over) : "";
    this.button.disabled = !input.value.trim() || over > 0;
    if (this.store.conversation) perTab.write(this.#draftKey(), input.value || null);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.input.value.trim();
    if (!text || text.length > MAX) return;
    this.input.value = "";
    this.#changed();
    this.say(text);
    this.focus();
  }

  /** A form's question shapes the keyboard and the placeholder until it is answered. */
  #hint() {
    const field = this.store.messages.at(-1)?.blocks?.findLast((block) => block.type === "form_field");
    const queued = ["open", "snoozed"].includes(this.store.conversation?.state);
    this.input.placeholder = field?.label ?? (queued ? S.composer.queued : S.composer.placeholder);
    this.input.inputMode = KEYBOARD_NUMBERS[field?.kind] ?? "text";
  }
}

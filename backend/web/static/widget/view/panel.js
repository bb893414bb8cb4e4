/** The conversation window: header, log, banner, composer. */
import { el } from "../dom.js";
import S from "../strings.ko.js";
import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { Header } from "./header.js";
import { MessageList } from "./list.js";
import { Typing } from "./typing.js";
import { Welcome } from "./welcome.js";

export class Panel {
  constructor({ store, context, say, close, retry, loadOlder, seen, wide, actions }) {
    this.typing = new Typing({ store, shown: () => this.list.stuck && this.list.toBottom(true) });
    this.welcome = new Welcome({ store, say });
    this.list = new MessageList({ store, context, loadOlder, seen, before: [this.welcome.root], after: [this.typing.root] });
    this.composer = new Composer({ store, say });
    this.root = el(
      "section",
      { id: "panel", class: "panel", role: "dialog", "aria-label": S.dialog, tabindex: "-1", hidden: true, testid: "panel" },
      new Header({ store, close, wide, actions }).root,
      this.list.root,
      new Banner({ store, retry }).root,
      this.composer.root,
    );
  }
}

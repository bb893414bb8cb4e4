/** On a phone the panel fills what the on-screen keyboard leaves, and the page behind does not scroll. */
export const PHONE = window.matchMedia("(max-width: 480px)");

export function fillPhone(host, panel) {
  let before = null;
  const fit = () => {
    const view = window.visualViewport;
    const covers = PHONE.matches && view && !panel.hidden;
    host.style.setProperty("--view-height", covers ? `${Math.round(view.height)}px` : "100dvh");
    host.style.setProperty("--view-top", covers ? `${Math.round(view.offsetTop)}px` : "0px");
  };
  const lock = (on) => {
    const page = document.documentElement.style;
    if (on && before === null) {
      before = page.overflow;
      page.overflow = "hidden";
    } else if (!on && before !== null) {
      page.overflow = before;
      before = null;
    }
  };
  const apply = () => {
    lock(PHONE.matches && !panel.hidden);
    fit();
  };
  window.visualViewport?.addEventListener("resize", fit);
  window.visualViewport?.addEventListener("scroll", fit);
  PHONE.addEventListener("change", apply);
  return {
    apply,
    stop() {
      window.visualViewport?.removeEventListener("resize", fit);
      window.visualViewport?.removeEventListener("scroll", fit);
      PHONE.removeEventListener("change", apply);
      lock(false);
    },
  };
}

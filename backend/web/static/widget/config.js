/** What the host page decides, read from the script tag that loaded the widget. */

/** The script tag is found by its address: a module has no document.currentScript. */
function ownScript(url) {
  return [...document.querySelectorAll("script[src]")].find((script) => script.src === url) ?? null;
}

/** {base, identityUrl, theme, open}: `base` is where the hub answers, one folder above /static. */
export function readConfig(entryUrl) {
  const script = ownScript(entryUrl);
  const data = script?.dataset ?? {};
  return {
    base: new URL("../", entryUrl).href,
    identityUrl: data.identityUrl ? new URL(data.identityUrl, document.baseURI).href : null,
    theme: data.theme ?? null,
    open: "open" in data,
  };
}

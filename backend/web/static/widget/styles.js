/** Style sheets of the shadow root, fetched and adopted: no inline styles, so a strict page policy is fine with them. */
const FILES = ["tokens", "launcher", "panel", "messages", "blocks", "tables", "composer"];

export async function adoptStyles(root, entryUrl = import.meta.url) {
  const sheets = await Promise.all(
    FILES.map(async (name) => {
      const response = await fetch(new URL(`styles/${name}.css`, entryUrl));
      if (!response.ok) throw new Error(`style sheet ${name} cannot be loaded`);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(await response.text());
      return sheet;
    }),
  );
  root.adoptedStyleSheets = sheets;
}

/** Only web addresses become links; javascript: and the like are dropped. */
export function safeLink(href, base) {
  try {
    const url = new URL(href, base);
    if (!["http:", "https:"].includes(url.protocol)) return null;
    return { href: url.href, outside: url.origin !== location.origin };
  } catch {
    return null;
  }
}

/** The reply box: Enter sends (never while a Korean syllable is composed), and the merchant sees that someone writes. */
(() => {
  const form = document.getElementById("reply");
  if (!form) return;
  const text = form.elements.text;
  const freshId = () => (form.elements.client_id.value = `c-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`);
  let told = 0;

  freshId();
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (text.value.trim()) form.requestSubmit();
  });
  text.addEventListener("input", () => {
    if (Date.now() - told < 3000 || !text.value.trim()) return;
    told = Date.now();
    fetch(form.dataset.typing, { method: "POST", credentials: "same-origin" }).catch(() => {});
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    text.value = "";
    freshId();
    text.focus();
    const thread = document.getElementById("thread");
    thread.scrollTop = thread.scrollHeight;
    document.getElementById("notice").replaceChildren();
  });
})();

/** Browser storage that may be forbidden (private windows, blocked cookies): then nothing is remembered, nothing breaks. */
function kept(area) {
  return {
    read(key, fallback = null) {
      try {
        const text = window[area].getItem(`opstalk:${key}`);
        return text === null ? fallback : JSON.parse(text);
      } catch {
        return fallback;
      }
    },
    write(key, value) {
      try {
        if (value === null) window[area].removeItem(`opstalk:${key}`);
        else window[area].setItem(`opstalk:${key}`, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };
}

export const lasting = kept("localStorage");
export const perTab = kept("sessionStorage");

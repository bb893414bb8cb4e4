/** Which words differ between two texts, as [[text, changed], …] for each side; nothing is marked where nothing is shared. */

const LIMIT = 400; // longer texts are shown whole, unmarked

const words = (text) => text.match(/\s+|[^\s]+/g) ?? [];

export function wordsChanged(before, after) {
  const [a, b] = [words(before), words(after)];
  if (a.length * b.length > LIMIT * LIMIT || !a.length || !b.length) return [[[before, false]], [[after, false]]];
  if (!a.some((word) => word.trim() && b.includes(word))) return [[[before, false]], [[after, false]]];
  const common = lengths(a, b);
  const [left, right] = [[], []];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      left.push([a[i++], false]);
      right.push([b[j++], false]);
    } else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) left.push([a[i++], true]);
    else right.push([b[j++], true]);
  }
  return [joined(left), joined(right)];
}

/** common[i][j]: how many words a[i…] and b[j…] share in order. */
function lengths(a, b) {
  const common = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  return common;
}

/** Neighbours of one kind become one piece; a space between two changed words counts as changed. */
function joined(pieces) {
  const whole = [];
  pieces.forEach(([text, changed], at) => {
    const bridge = !text.trim() && pieces[at - 1]?.[1] && pieces[at + 1]?.[1];
    const mark = bridge || (changed && (text.trim() !== "" || pieces.length === 1));
    if (whole.at(-1)?.[1] === mark) whole.at(-1)[0] += text;
    else whole.push([text, mark]);
  });
  return whole;
}

// @ts-check

const svg = "http://www.w3.org/2000/svg";
const width = 300;
const height = 100;

/**
 * Two bars beside each other for each bin: what it was, and what it is.
 * @param {{
 *   before: readonly number[], now: readonly number[], label: string, names: readonly string[],
 * }} shares of the same bins; `label` says the picture in words
 * @returns {SVGSVGElement}
 */
export function bars({ before, now, label, names }) {
  const most = Math.max(0.001, ...before, ...now);
  const step = width / before.length;
  const picture = drawn("svg", {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": label,
  });
  for (const [at, name] of names.entries()) {
    const pair = drawn("g", {});
    const title = drawn("title", {});
    title.textContent = name;
    pair.append(title);
    for (const [side, share] of [before[at] ?? 0, now[at] ?? 0].entries()) {
      const tall = (share / most) * (height - 2);
      pair.append(
        drawn("rect", {
          class: side === 0 ? "before" : "now",
          x: at * step + step * (0.1 + 0.4 * side),
          y: height - tall,
          width: step * 0.38,
          height: tall,
        }),
      );
    }
    picture.append(pair);
  }
  picture.append(drawn("line", { x1: 0, x2: width, y1: height, y2: height }));
  return /** @type {SVGSVGElement} */ (picture);
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function drawn(tag, attributes) {
  const created = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, `${value}`);
  return created;
}

/** A line of a tooltip. */
export interface TooltipLine {
  readonly colour: string;
  readonly name: string;
  readonly value: string;
}

/** Lines of a tooltip that still fit beside a curve. */
const shownLines = 12;

/** A tooltip as elements: whatever runs are called, it is text. */
export function tooltip(title: string, lines: readonly TooltipLine[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tooltip";
  box.append(element("strong", title));
  for (const { colour, name, value } of lines.slice(0, shownLines)) {
    const line = element("div");
    const sign = element("i");
    sign.style.background = colour;
    line.append(sign, element("span", name), element("b", value));
    box.append(line);
  }
  if (lines.length > shownLines) box.append(element("em", `and ${lines.length - shownLines} more`));
  return box;
}

function element(tag: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

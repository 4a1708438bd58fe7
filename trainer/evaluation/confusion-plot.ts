import type { Measures } from "./measures.ts";
import { element, picture, text } from "./svg.ts";

const cellSize = 40;
const left = 80;
const top = 80;

/** The confusion matrix as a picture: rows are the truth, columns the answers. */
export function confusionPlot({ confusion, classes }: Measures): string {
  const side = classes.length * cellSize;
  const names = classes.flatMap(({ label }, index) => {
    const middle = (index + 0.5) * cellSize;
    return [
      text(label, { x: left - 10, y: top + middle + 4, "text-anchor": "end" }),
      text(label, { x: left + middle, y: top - 10, "text-anchor": "middle" }),
    ];
  });
  const cells = confusion.flatMap((row, rowIndex) =>
    row.flatMap((count, column) => cell(count, rowIndex, column, row)),
  );
  const size = { width: left + side + 24, height: top + side + 24 };
  return picture("Confusion matrix", size, [
    text("answer", { x: left + side / 2, y: top - 34, "text-anchor": "middle", fill: "#666" }),
    text("truth", { x: 16, y: top + side / 2, fill: "#666" }),
    ...names,
    ...cells,
  ]);
}

function cell(count: number, row: number, column: number, counts: readonly number[]): string[] {
  const share = count / Math.max(1, ...counts);
  const x = left + column * cellSize;
  const y = top + row * cellSize;
  const tint =
    row === column ? `rgba(37, 99, 235, ${share})` : `rgba(220, 38, 38, ${wrong(count)})`;
  const square = element("rect", {
    x,
    y,
    width: cellSize,
    height: cellSize,
    fill: count === 0 ? "#fff" : tint,
    stroke: "#e5e5e5",
  });
  if (count === 0) return [square];
  const label = text(String(count), {
    x: x + cellSize / 2,
    y: y + cellSize / 2 + 4,
    "text-anchor": "middle",
    fill: row === column && share > 0.5 ? "#fff" : "#222",
  });
  return [square, label];
}

/** Mistakes are few: any number of them shall be seen. */
function wrong(count: number): number {
  return Math.min(0.9, 0.15 + 0.05 * count);
}

import type { ClassMeasures } from "./measures.ts";
import { element, picture, text } from "./svg.ts";

const rowHeight = 26;
const top = 64;
const columns = [
  { name: "class", x: 16 },
  { name: "precision", x: 130 },
  { name: "recall", x: 230 },
  { name: "F1", x: 330 },
  { name: "examples", x: 430 },
];
const barWidth = 80;

/** Precision, recall, F1 and support of each class, as a picture of a table. */
export function classPlot(classes: readonly ClassMeasures[]): string {
  const head = columns.map(({ name, x }) => text(name, { x, y: top - 14, fill: "#666" }));
  const rows = classes.flatMap(({ label, precision, recall, f1, support }, index) => {
    const y = top + index * rowHeight;
    const shares = [precision, recall, f1].flatMap((share, column) =>
      shareCell(share, columns[column + 1]?.x ?? 0, y),
    );
    return [
      text(label, { x: 16, y: y + 16 }),
      ...shares,
      text(String(support), { x: 430, y: y + 16 }),
    ];
  });
  const size = { width: 510, height: top + classes.length * rowHeight + 24 };
  return picture("Measures of each class", size, [...head, ...rows]);
}

function shareCell(share: number, x: number, y: number): string[] {
  return [
    element("rect", { x, y: y + 2, width: barWidth, height: rowHeight - 6, fill: "#f1f5f9" }),
    element("rect", {
      x,
      y: y + 2,
      width: barWidth * share,
      height: rowHeight - 6,
      fill: "#bfdbfe",
    }),
    text(share.toFixed(4), { x: x + 6, y: y + 16 }),
  ];
}

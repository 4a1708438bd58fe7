/** Colours of curves that can be told apart on light and on dark, also by most colour-blind. */
const palette = [
  "#3b7bea",
  "#e8743b",
  "#19a979",
  "#c44fbf",
  "#d3a010",
  "#13a4b4",
  "#e0506e",
  "#8a63d2",
  "#7a9a1f",
  "#8d7a6b",
];

/** The colour of the curve that has this place among others. */
export function curveColour(index: number): string {
  return palette[index % palette.length] ?? "#3b7bea";
}

/** Where the colours repeat, curves are told apart by their dashes. */
export function curveDashes(index: number): "solid" | "dashed" | "dotted" {
  const round = Math.floor(index / palette.length) % 3;
  return round === 0 ? "solid" : round === 1 ? "dashed" : "dotted";
}

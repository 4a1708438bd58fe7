/** Displacements that change smoothly over an image, as another hand or lens would make them. */
export interface ElasticField {
  /** Pixels to the side, of each pixel of the target, row-major. */
  readonly across: Float64Array;
  /** Pixels down. */
  readonly down: Float64Array;
}

/**
 * A field by chance: at each knot of a grid over the image two numbers are drawn, and between
 * knots they are interpolated.
 * @param draw gives the displacement of a knot along one side, in pixels
 * @param knots along each side of the image, at least 2
 */
export function elasticField(
  draw: () => number,
  knots: number,
  size: { readonly rows: number; readonly columns: number },
): ElasticField {
  const across = Float32Array.from({ length: knots * knots }, draw);
  const down = Float32Array.from({ length: knots * knots }, draw);
  return { across: spread(across, knots, size), down: spread(down, knots, size) };
}

/** What is between the knots: first along their rows, then along the columns. */
function spread(
  field: Float32Array,
  knots: number,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Float64Array {
  const lines = new Float64Array(knots * columns);
  for (let x = 0; x < columns; x += 1) {
    const place = (x * (knots - 1)) / columns;
    const left = Math.floor(place);
    const share = place - left;
    for (let line = 0; line < knots; line += 1) {
      const knot = line * knots + left;
      lines[line * columns + x] = (field[knot] ?? 0) * (1 - share) + (field[knot + 1] ?? 0) * share;
    }
  }
  const values = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y += 1) {
    const place = (y * (knots - 1)) / rows;
    const top = Math.floor(place);
    const share = place - top;
    const line = top * columns;
    for (let x = 0; x < columns; x += 1) {
      const upper = lines[line + x] ?? 0;
      const lower = lines[line + columns + x] ?? 0;
      values[y * columns + x] = upper * (1 - share) + lower * share;
    }
  }
  return values;
}

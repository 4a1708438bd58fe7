/** Displacements that change smoothly over an image, as another hand or lens would make them. */
export interface ElasticField {
  /** Pixels to the side and down, at the pixel of the target that {@link moveTo} was given. */
  readonly shift: { x: number; y: number };
  moveTo(x: number, y: number): void;
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
  { rows, columns }: { readonly rows: number; readonly columns: number },
): ElasticField {
  const across = Float32Array.from({ length: knots * knots }, draw);
  const down = Float32Array.from({ length: knots * knots }, draw);
  const shift = { x: 0, y: 0 };
  return {
    shift,
    moveTo(x, y) {
      const gridX = (x * (knots - 1)) / columns;
      const gridY = (y * (knots - 1)) / rows;
      const left = Math.floor(gridX);
      const top = Math.floor(gridY);
      const index = top * knots + left;
      shift.x = between(across, index, knots, gridX - left, gridY - top);
      shift.y = between(down, index, knots, gridX - left, gridY - top);
    },
  };
}

/** The value between four knots, the first of which is the upper left one. */
function between(
  field: Float32Array,
  index: number,
  knots: number,
  shareX: number,
  shareY: number,
): number {
  const upper = (field[index] ?? 0) * (1 - shareX) + (field[index + 1] ?? 0) * shareX;
  const below = index + knots;
  const lower = (field[below] ?? 0) * (1 - shareX) + (field[below + 1] ?? 0) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}

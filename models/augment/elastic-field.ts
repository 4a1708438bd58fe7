/** Displacements that change smoothly over an image, as another hand or lens would make them. */
export interface ElasticField {
  /** Pixels to the side, of each pixel of the target, row-major. */
  readonly across: Float64Array;
  /** Pixels down. */
  readonly down: Float64Array;
}

/** What a field is like. */
interface FieldForm {
  /** Knots along each side of the image, at least 2. */
  readonly knots: number;
  readonly rows: number;
  readonly columns: number;
}

/** Fields by their form: a training draws one for each image of each epoch. */
const fields = new Map<string, ElasticField & { readonly lines: Float64Array }>();

/**
 * A field by chance: at each knot of a grid over the image two numbers are drawn, and between
 * knots they are interpolated. It is good until the next one of the same form is drawn.
 * @param draw gives the displacement of a knot along one side, in pixels
 */
export function elasticField(draw: () => number, form: FieldForm): ElasticField {
  const { knots } = form;
  const across = Float32Array.from({ length: knots * knots }, draw);
  const down = Float32Array.from({ length: knots * knots }, draw);
  const field = fieldOf(form);
  spread(across, form, field.lines, field.across);
  spread(down, form, field.lines, field.down);
  return field;
}

function fieldOf({ knots, rows, columns }: FieldForm) {
  const key = `${knots} ${rows} ${columns}`;
  const known = fields.get(key);
  if (known) return known;
  const side = () => new Float64Array(rows * columns);
  const field = { across: side(), down: side(), lines: new Float64Array(knots * columns) };
  fields.set(key, field);
  return field;
}

/** Writes what is between the knots: first along their rows, then along the columns. */
function spread(
  drawn: Float32Array,
  { knots, rows, columns }: FieldForm,
  lines: Float64Array,
  values: Float64Array,
): void {
  for (let x = 0; x < columns; x += 1) {
    const place = (x * (knots - 1)) / columns;
    const left = Math.floor(place);
    const share = place - left;
    for (let line = 0; line < knots; line += 1) {
      const knot = line * knots + left;
      lines[line * columns + x] = (drawn[knot] ?? 0) * (1 - share) + (drawn[knot + 1] ?? 0) * share;
    }
  }
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
}

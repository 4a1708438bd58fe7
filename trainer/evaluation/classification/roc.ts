import { ratio } from "./measures.ts";

/** A point of a ROC curve; shares of 1. */
export interface RocPoint {
  /** Of the examples of other classes, the share that a threshold takes for this one. */
  readonly falsePositiveRate: number;
  /** Of the examples of this class, the share that it finds. */
  readonly truePositiveRate: number;
}

/** Most points of a curve. */
const mostPoints = 500;

/** How well one class's probability tells it from the rest. */
export interface ClassRoc {
  readonly label: string;
  /** Area under the curve; nothing if there are only examples of this class, or none. */
  readonly auc: number | undefined;
  /** From (0, 0) to (1, 1); nothing if there is no area. */
  readonly curve: readonly RocPoint[];
}

/** One class against the rest, sorted once: areas are then found for any weights in one pass. */
export interface Ranking {
  /** Indexes of the examples, `[n]`, the surest of the class first. */
  readonly order: Int32Array;
  /** Whether the next one in the order has another probability, `[n]`; 1 or 0. */
  readonly endsTie: Uint8Array;
  /** Whether an example is of the class, by its index, `[n]`; 1 or 0. */
  readonly isOfClass: Uint8Array;
}

/** Sorts the examples by each class's probability. @param probabilities `[n, classes]`, row-major */
export function rankings(probabilities: Float32Array, labels: Int32Array): Ranking[] {
  const classes = probabilities.length / labels.length;
  return Array.from({ length: classes }, (_, ofClass) => {
    const of = (index: number) => probabilities[index * classes + ofClass] ?? 0;
    const order = Int32Array.from(labels, (_label, index) => index);
    order.sort((a, b) => of(b) - of(a) || a - b);
    const endsTie = Uint8Array.from(order, (index, at) =>
      at + 1 < order.length && of(order[at + 1] ?? 0) === of(index) ? 0 : 1,
    );
    return { order, endsTie, isOfClass: Uint8Array.from(labels, (one) => Number(one === ofClass)) };
  });
}

/**
 * The area under the ROC curve: the share of all pairs of an example of the class and one of the
 * rest in which the first has the higher probability; ties count half.
 * @param weights how often each example counts, `[n]`. @default once
 * @returns nothing if there are no such pairs
 * @see https://doi.org/10.1016/j.patrec.2005.10.010 Fawcett, An introduction to ROC analysis
 */
export function areaOf(
  { order, endsTie, isOfClass }: Ranking,
  weights?: Int32Array,
): number | undefined {
  let [found, area, tiedOwn, tiedRest, rest] = [0, 0, 0, 0, 0];
  for (let at = 0; at < order.length; at += 1) {
    const index = order[at] ?? 0;
    const weight = weights ? (weights[index] ?? 0) : 1;
    if (isOfClass[index] === 1) tiedOwn += weight;
    else tiedRest += weight;
    if (endsTie[at] === 0) continue;
    area += tiedRest * (found + tiedOwn / 2);
    found += tiedOwn;
    rest += tiedRest;
    tiedOwn = 0;
    tiedRest = 0;
  }
  return found === 0 || rest === 0 ? undefined : area / (found * rest);
}

/** The plain mean over the classes that have an area; nothing if none has. */
export function meanArea(all: readonly Ranking[], weights?: Int32Array): number | undefined {
  let [sum, count] = [0, 0];
  for (const ranking of all) {
    const area = areaOf(ranking, weights);
    if (area === undefined) continue;
    sum += area;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/** The ROC curve of every class against the rest. @param probabilities `[n, classes]`, row-major */
export function rocOf(
  probabilities: Float32Array,
  labels: Int32Array,
  names: readonly string[],
): ClassRoc[] {
  return rankings(probabilities, labels).map((ranking, index) => {
    const auc = areaOf(ranking);
    const curve = auc === undefined ? [] : curveOf(ranking);
    return { label: names[index] ?? String(index), auc, curve };
  });
}

/** The curve's corners: a point between two others on one straight line is left out. */
function curveOf({ order, endsTie, isOfClass }: Ranking): RocPoint[] {
  const own = isOfClass.reduce((sum, one) => sum + one, 0);
  const counts = [{ found: 0, wrong: 0 }];
  let [found, wrong] = [0, 0];
  for (const [at, index] of order.entries()) {
    if (isOfClass[index] === 1) found += 1;
    else wrong += 1;
    if (endsTie[at] === 0) continue;
    const [before, last] = [counts.at(-2), counts.at(-1)];
    if (before && last && isStraight(before, last, { found, wrong })) counts.pop();
    counts.push({ found, wrong });
  }
  return thinned(counts).map((one) => ({
    falsePositiveRate: ratio(one.wrong, order.length - own),
    truePositiveRate: ratio(one.found, own),
  }));
}

/** More points than a picture shows are left out evenly, the ends never. */
function thinned(points: readonly Counts[]): readonly Counts[] {
  const last = points.length - 1;
  if (last < mostPoints) return points;
  return Array.from({ length: mostPoints }, (_, at) => {
    const point = points[Math.round((at * last) / (mostPoints - 1))];
    return point ?? { found: 0, wrong: 0 };
  });
}

interface Counts {
  readonly found: number;
  readonly wrong: number;
}

function isStraight(a: Counts, b: Counts, c: Counts): boolean {
  return (b.found - a.found) * (c.wrong - b.wrong) === (c.found - b.found) * (b.wrong - a.wrong);
}

/** How well one class is told from the others; shares of 1. */
export interface ClassMeasures {
  readonly label: string;
  /** Of the examples taken for this class, the share that belongs to it. */
  readonly precision: number;
  /** Of the examples of this class, the share that was found. */
  readonly recall: number;
  readonly f1: number;
  /** Examples of this class. */
  readonly support: number;
}

/** Precision, recall and F1 over all classes together; shares of 1. */
export interface Averages {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** How well a classifier does on some examples. */
export interface Measures {
  readonly count: number;
  /** Share of right answers. */
  readonly accuracy: number;
  /** Mean of the negative logarithms of the right classes' probabilities. */
  readonly logLoss: number;
  /** Plain means over the classes (macro). */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Means that count each class as often as it has examples. */
  readonly weighted: Averages;
  /**
   * Over the answers of all classes together. Where each example has one class and one answer, all
   * three are the accuracy.
   */
  readonly micro: Averages;
  readonly classes: readonly ClassMeasures[];
  /** Rows are the true classes, columns the answers; numbers of examples. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Measures a classifier's answers.
 * @param probabilities `[n, classes]`, row-major
 * @param labels the true classes' indexes, `[n]`
 * @param names of the classes
 */
export function measure(
  probabilities: Float32Array,
  labels: Int32Array,
  names: readonly string[],
): Measures {
  const confusion = confusionMatrix(answersOf(probabilities, names.length), labels, names.length);
  const classes = names.map((label, index) => classMeasures(confusion, label, index));
  const right = sum(names.map((_, index) => cell(confusion, index, index)));
  const share = ratio(right, labels.length);
  return {
    count: labels.length,
    accuracy: share,
    logLoss: logLoss(probabilities, labels),
    precision: mean(classes.map((one) => one.precision)),
    recall: mean(classes.map((one) => one.recall)),
    f1: mean(classes.map((one) => one.f1)),
    weighted: {
      precision: weightedMean(classes, "precision"),
      recall: weightedMean(classes, "recall"),
      f1: weightedMean(classes, "f1"),
    },
    micro: { precision: share, recall: share, f1: share },
    classes,
    confusion,
  };
}

/** The likeliest class of each row; the first of several that are equal. */
export function answersOf(probabilities: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    const values = probabilities.subarray(row * classes, (row + 1) * classes);
    return values.indexOf(values.reduce((a, b) => Math.max(a, b), -Infinity));
  });
}

/** Share of right answers. */
export function accuracy(probabilities: Float32Array, labels: Int32Array): number {
  const answers = answersOf(probabilities, probabilities.length / labels.length);
  return ratio(answers.filter((answer, index) => answer === labels[index]).length, labels.length);
}

/** Mean of the negative logarithms of the right classes' probabilities, natural logarithm. */
export function logLoss(probabilities: Float32Array, labels: Int32Array): number {
  return mean(losses(probabilities, labels));
}

/** The standard error of {@link logLoss}: how far chance in the choice of examples moves it. */
export function logLossError(probabilities: Float32Array, labels: Int32Array): number {
  const all = losses(probabilities, labels);
  const middle = mean(all);
  const variance = ratio(sum(all.map((loss) => (loss - middle) ** 2)), all.length - 1);
  return Math.sqrt(variance / all.length);
}

/** Each example's negative logarithm of its right class's probability, `[n]`. */
export function losses(probabilities: Float32Array, labels: Int32Array): number[] {
  const classes = probabilities.length / labels.length;
  return Array.from(
    labels,
    (label, index) => -Math.log(Math.max(probabilities[index * classes + label] ?? 0, 1e-15)),
  );
}

function confusionMatrix(answers: Int32Array, labels: Int32Array, classes: number): number[][] {
  const zeros = () => Array.from({ length: classes }, () => 0);
  const matrix = Array.from({ length: classes }, zeros);
  for (const [index, label] of labels.entries()) {
    const row = matrix[label];
    const answer = answers[index] ?? 0;
    if (row) row[answer] = (row[answer] ?? 0) + 1;
  }
  return matrix;
}

/** Numbers of examples that the measures of a class follow from. */
export interface ClassCounts {
  /** Examples of the class that were taken for it. */
  readonly right: number;
  /** Examples that were taken for the class. */
  readonly answered: number;
  /** Examples of the class. */
  readonly support: number;
}

/** Recall of a class, and the harmonic mean of recall and precision. */
export function recallAndF1({ right, answered, support }: ClassCounts) {
  return { recall: ratio(right, support), f1: ratio(2 * right, answered + support) };
}

function classMeasures(confusion: number[][], label: string, index: number): ClassMeasures {
  const counts = {
    right: cell(confusion, index, index),
    answered: sum(confusion.map((row) => row[index] ?? 0)),
    support: sum(confusion[index] ?? []),
  };
  const { right, answered, support } = counts;
  return { label, precision: ratio(right, answered), ...recallAndF1(counts), support };
}

function weightedMean(classes: readonly ClassMeasures[], key: keyof Averages): number {
  return ratio(
    sum(classes.map((one) => one.support * one[key])),
    sum(classes.map(({ support }) => support)),
  );
}

function cell(matrix: number[][], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}

/** A share of a whole; none of nothing is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function mean(values: readonly number[]): number {
  return ratio(sum(values), values.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import { quietColour, rightColour } from "../plots/colours.ts";
import type { Estimates } from "./measures.ts";

/** Most points of a picture; of more, every so many-th is drawn. */
const mostPoints = 1000;

const size = { width: 280, height: 280 };
const less = "answer less truth";
const quiet = { strokeDash: [4, 4], color: quietColour, strokeWidth: 1 };
const dots = { type: "circle", color: rightColour, opacity: 0.5 } as const;

interface Point {
  readonly truth: number;
  readonly answer: number;
  readonly error: number;
}

/** What was answered over what is true, and how the errors are spread. */
export function residualPlot(estimates: Estimates): Promise<string> {
  return vegaSvg(residualSpec(estimates));
}

/** @see residualPlot */
export function residualSpec({ answers, labels }: Estimates): PlotSpec {
  const points = thinned(answers, labels);
  const all = points.flatMap(({ truth, answer }) => [truth, answer]);
  const ideal = [Math.min(...all), Math.max(...all)];
  return {
    title: "Answers and residuals",
    data: { values: points },
    hconcat: [
      {
        ...size,
        layer: [
          {
            data: { values: ideal.map((value) => ({ truth: value, answer: value })) },
            mark: { type: "line", ...quiet },
            encoding: { x: quantity("truth"), y: quantity("answer") },
          },
          { mark: dots, encoding: { x: quantity("truth"), y: quantity("answer") } },
        ],
      },
      {
        ...size,
        layer: [
          { mark: { type: "rule", ...quiet }, encoding: { y: { datum: 0 } } },
          { mark: dots, encoding: { x: quantity("answer"), y: quantity("error", less) } },
        ],
      },
      {
        ...size,
        mark: { type: "bar" },
        encoding: {
          x: { field: "error", type: "quantitative", bin: { maxbins: 30 }, title: less },
          y: { aggregate: "count", type: "quantitative", title: "answers" },
        },
      },
    ],
  };
}

function quantity(field: string, title = field) {
  return { field, type: "quantitative" as const, title, scale: { zero: false } };
}

function thinned(answers: Float32Array, labels: Float32Array): Point[] {
  const every = Math.ceil(labels.length / mostPoints);
  return Array.from({ length: Math.ceil(labels.length / every) }, (_, at) => {
    const [truth = 0, answer = 0] = [labels[at * every], answers[at * every]];
    return { truth, answer, error: answer - truth };
  });
}

import type { Config, TopLevelSpec } from "vega-lite";

/** A plot as Vega-Lite describes it, with its data inside. */
export type PlotSpec = TopLevelSpec;

/** How every plot looks, where its description says nothing else. */
const style: Config = {
  background: "#fff",
  font: "system-ui, sans-serif",
  padding: 12,
  title: { anchor: "start", fontSize: 14, fontWeight: 600 },
  view: { stroke: null },
  axis: {
    domainColor: "#94a3b8",
    gridColor: "#e2e8f0",
    tickColor: "#94a3b8",
    titleFontWeight: 400,
  },
  bar: { color: "#2563eb" },
  line: { color: "#2563eb" },
  point: { color: "#2563eb" },
};

/**
 * Draws a plot as an SVG document, without a browser. The same description gives the same bytes.
 * Vega takes a tenth of a second to load, so it is imported with the first plot.
 * @see https://vega.github.io/vega-lite/docs/spec.html
 */
export async function vegaSvg(spec: PlotSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const quiet = vega.logger(vega.Error);
  const parsed = vega.parse(compile(spec, { config: style, logger: quiet }).spec);
  const view = new vega.View(parsed, { renderer: "none", logger: quiet });
  try {
    // Names of clips and gradients are counted over the whole process, and would depend on it.
    vega.resetSVGDefIds();
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

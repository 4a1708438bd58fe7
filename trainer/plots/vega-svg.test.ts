import { describe, expect, it } from "vitest";
import { vegaSvg, type PlotSpec } from "./vega-svg.ts";

const plot: PlotSpec = {
  title: "Examples of each class",
  data: {
    values: [
      { name: "a<b", count: 3 },
      { name: "c", count: 5 },
    ],
  },
  mark: { type: "bar", clip: true },
  encoding: { x: { field: "count", type: "quantitative" }, y: { field: "name", type: "nominal" } },
};

describe("vegaSvg", () => {
  it("draws a document of its own, with what is in the data as text", async () => {
    const svg = await vegaSvg(plot);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<\/svg>\n$/);
    expect(svg).toContain(">a&lt;b</text>");
    expect(svg.match(/aria-roledescription="bar"/g)).toHaveLength(2);
  });

  it("draws the same bytes again", async () => {
    expect(await vegaSvg(plot)).toBe(await vegaSvg(plot));
  });
});

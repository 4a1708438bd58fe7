import { describe, expect, it } from "vitest";
import type { Document } from "./document.ts";
import { renderText, wantsColour } from "./render-text.ts";

const document: Document = {
  title: "Plan of dev",
  sections: [
    {
      title: "The model",
      blocks: [
        { kind: "paragraph", text: "It is trained: `dev`.", tone: "good" },
        {
          kind: "list",
          items: [{ text: "training", items: [{ sign: "±", text: "`run` is replaced" }] }],
        },
        {
          kind: "table",
          head: ["rule", "why"],
          rows: [
            ["`minF1`", "high"],
            ["a", ""],
          ],
        },
        { kind: "quotation", text: "first `line`\n  second" },
      ],
    },
  ],
};

describe("renderText", () => {
  it("indents, aligns, and leaves the marks of code out", () => {
    expect(renderText(document, false)).toBe(
      [
        "Plan of dev",
        "",
        "The model",
        "  It is trained: dev.",
        "    training",
        "      ± run is replaced",
        "    rule   why",
        "    minF1  high",
        "    a",
        "    first `line`",
        "      second",
        "",
      ].join("\n"),
    );
  });

  it("aligns what is coloured by what is seen of it", () => {
    const coloured = renderText(document, true);
    expect(coloured).toContain("\u001b[1mPlan of dev\u001b[0m");
    expect(coloured).toContain("    \u001b[36mminF1\u001b[0m  high\n");
    expect(coloured).toContain("      \u001b[35m±\u001b[0m \u001b[36mrun\u001b[0m is replaced\n");
  });

  it("goes on in the colour of a paragraph after its code", () => {
    expect(renderText(document, true)).toContain(
      "  \u001b[32mIt is trained: \u001b[36mdev\u001b[0m\u001b[32m.\u001b[0m\n",
    );
  });
});

describe("wantsColour", () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: "" }, true],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
  ])("says of %o with %o: %s", (stream, environment, expected) => {
    expect(wantsColour(stream, environment)).toBe(expected);
  });
});

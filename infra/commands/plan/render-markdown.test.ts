import { describe, expect, it } from "vitest";
import type { Block } from "./document.ts";
import { renderMarkdown } from "./render-markdown.ts";

const render = (...blocks: Block[]) =>
  renderMarkdown({ title: "Plan of dev", sections: [{ title: "The model", blocks }] }, "plan:dev");

describe("renderMarkdown", () => {
  it("begins with the marker, which nobody sees", () => {
    expect(render({ kind: "paragraph", text: "It is trained." })).toBe(
      "<!-- plan:dev -->\n\n## Plan of dev\n\n### The model\n\nIt is trained.\n",
    );
  });

  it("has lists within lists, with their signs", () => {
    const items = [
      { text: "training", items: [{ sign: "±" as const, text: "`run` is replaced" }] },
    ];
    expect(render({ kind: "list", items })).toContain("\n- training\n  - `±` `run` is replaced\n");
    expect(render({ kind: "list", items, fold: "All 20" })).toContain(
      "\n<details>\n<summary>All 20</summary>\n\n- training\n  - `±` `run` is replaced\n\n</details>\n",
    );
  });

  it("has tables, whose cells hold bars", () => {
    const table = { kind: "table", head: ["rule", "why"], rows: [["`a|b`", "x | y"]] } as const;
    expect(render(table)).toContain("\n| rule | why |\n| --- | --- |\n| `a\\|b` | x \\| y |\n");
  });

  it("makes what fails bold", () => {
    expect(render({ kind: "paragraph", text: "It failed.", tone: "bad" })).toContain(
      "\n**It failed.**\n",
    );
  });

  it("mentions nobody and makes no markup of what somebody has written", () => {
    const text = "<b>*bold*</b> @ada [link](x) `@code *` #7 http://host/a_b_c";
    expect(render({ kind: "paragraph", text })).toContain(
      "\n&lt;b&gt;\\*bold\\*&lt;/b&gt; @\u200bada \\[link\\](x) `@code *` \\#7 http://host/a_b_c\n",
    );
  });

  it("quotes as it is, within a fence that is longer than any inside", () => {
    expect(render({ kind: "quotation", text: "rule  value\n```\n@ada *" })).toContain(
      "\n````text\nrule  value\n```\n@ada *\n````\n",
    );
  });
});

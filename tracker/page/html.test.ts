import { describe, expect, it } from "vitest";
import { html, path } from "./html.ts";

describe("html", () => {
  it("escapes text, wherever it stands, and leaves markup as it is", () => {
    const evil = `<script>"&'`;

    expect(
      html`<a title="${evil}">${evil}</a>${html`<b>${1}</b>`}${[evil, undefined]}`.markup,
    ).toBe(
      `<a title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</a><b>1</b>&lt;script&gt;&quot;&amp;&#39;`,
    );
  });
});

describe("path", () => {
  it("lets no part add another", () => {
    expect(path("models", "a/b?c#d", "..")).toBe("/models/a%2Fb%3Fc%23d/..");
    expect(path("runs", '"><script>')).toBe("/runs/%22%3E%3Cscript%3E");
  });
});

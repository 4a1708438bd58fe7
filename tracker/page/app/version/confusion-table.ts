import type { ConfusionMatrix } from "../data/package.ts";
import { html } from "../html.ts";

/** How often each class was taken for which, as a table whose cells are shaded. */
export function ConfusionTable({ matrix }: { readonly matrix: ConfusionMatrix }) {
  const { labels, counts } = matrix;
  const shares = mistakeShares(counts);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
    <table class="confusion">
      <caption class="hidden">
        Rows are what it was, columns what the model answered.
      </caption>
      <thead>
        <tr>
          <td class="corner">was ↓ answered →</td>
          ${labels.map((label) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${counts.map(
          (row, truth) =>
            html`<tr key=${truth}>
              <th scope="row">${labels[truth]}</th>
              ${row.map(
                (count, answer) =>
                  html`<td
                    class=${truth === answer ? "right" : count > 0 ? "wrong" : "never"}
                    style=${{ "--share": shares[truth]?.[answer] ?? 0 }}
                    title=${`${labels[truth]} taken for ${labels[answer]}: ${count}`}
                  >
                    ${count}
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * How dark each cell is, from 0 to 1. Right answers are so many more that they would drown the
 * mistakes: each kind is measured by its own largest.
 */
export function mistakeShares(counts: readonly (readonly number[])[]): number[][] {
  const largest = (isRight: boolean) =>
    Math.max(
      1,
      ...counts.flatMap((row, truth) => row.filter((_, answer) => (truth === answer) === isRight)),
    );
  const [right, wrong] = [largest(true), largest(false)];
  return counts.map((row, truth) =>
    row.map((count, answer) => count / (truth === answer ? right : wrong)),
  );
}

import { artifactAddress } from "../data/artifacts.ts";
import {
  pictureTitles,
  type ClassMeasures,
  type Mistake,
  type PackageFiles,
  type Picture,
} from "../data/package.ts";
import { html, type Content } from "../html.ts";
import { ConfusionTable } from "./confusion-table.ts";

/** How well a version answers, class by class, and where it is wrong. */
export function Evaluation({ files }: { readonly files: PackageFiles }) {
  const { root, confusion, classes, mistakes, hasMistakesPicture, pictures } = files;
  return html`${confusion ? card("Confusion matrix", html`<${ConfusionTable} matrix=${confusion} />`) : null}
  ${classes ? card("Classes", classTable(classes)) : null}
  ${
    root && (hasMistakesPicture || mistakes)
      ? card(
          "Worst mistakes",
          html`${
            hasMistakesPicture
              ? html`<img
                  class="paper"
                  loading="lazy"
                  src=${artifactAddress(root, "evaluation/worst-mistakes.svg")}
                  alt="The inputs that the model was most sure about and wrong"
                />`
              : null
          }
          ${mistakes ? mistakeTable(mistakes) : null}`,
        )
      : null
  }
  ${root ? pictures.map((subject) => picture(root, subject)) : null}`;
}

function picture(root: string, subject: Picture): Content {
  const title = pictureTitles[subject];
  const image = html`<img
    class="paper"
    loading="lazy"
    src=${artifactAddress(root, `evaluation/${subject}.svg`)}
    alt=${title}
  />`;
  return card(title, image);
}

function card(title: string, content: Content): Content {
  return html`<section class="card">
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function classTable(classes: readonly ClassMeasures[]): Content {
  return html`<table class="list small">
    <thead>
      <tr>
        <th scope="col">Class</th>
        <th scope="col" class="number">Precision</th>
        <th scope="col" class="number">Recall</th>
        <th scope="col" class="number">F1</th>
        <th scope="col" class="number">Examples</th>
      </tr>
    </thead>
    <tbody>
      ${classes.map(
        ({ label, precision, recall, f1, support }) =>
          html`<tr key=${label}>
            <th scope="row">${label}</th>
            ${shareCell(precision)} ${shareCell(recall)} ${shareCell(f1)}
            <td class="number">${support.toLocaleString("en-US")}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Mistakes that are listed before somebody asks for the rest. */
const listed = 6;

function mistakeTable(mistakes: readonly Mistake[]): Content {
  if (mistakes.length === 0) return html`<p class="quiet">None.</p>`;
  return html`${mistakeRows(mistakes.slice(0, listed))}
  ${
    mistakes.length > listed
      ? html`<details>
          <summary>All ${mistakes.length}</summary>
          ${mistakeRows(mistakes.slice(listed))}
        </details>`
      : null
  }`;
}

function shareCell(share: number): Content {
  return html`<td class="number share" style=${{ "--share": share }}>${share.toFixed(3)}</td>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function mistakeRows(mistakes: readonly Mistake[]): Content {
  return html`<table class="list small">
    <thead>
      <tr>
        <th scope="col" class="number">Example</th>
        <th scope="col">It was</th>
        <th scope="col">Answer</th>
        <th scope="col" class="number">Sure of it</th>
        <th scope="col" class="number">Of the truth</th>
      </tr>
    </thead>
    <tbody>
      ${mistakes.map(
        ({ index, truth, answer, probability, truthProbability }) =>
          html`<tr key=${index}>
            <td class="number">${index}</td>
            <td>${truth}</td>
            <td>${answer}</td>
            <td class="number">${percent(probability)}</td>
            <td class="number">${percent(truthProbability)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

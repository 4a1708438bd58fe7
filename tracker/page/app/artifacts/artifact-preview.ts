import { artifactAddress, fetchText } from "../data/artifacts.ts";
import { fileKind, prettyJson, tableRows, type FileKind } from "../data/file-kind.ts";
import { html, type Content } from "../html.ts";
import { whenLoaded } from "../parts/states.ts";
import { useData } from "../use-data.ts";

/** Bytes of a text that are shown. */
const shownBytes = 400_000;
/** Rows of a table that are shown. */
const shownRows = 500;

/** What is in a file, as far as a browser can show it, and the way to have all of it. */
export function ArtifactPreview({ root, path }: { readonly root: string; readonly path: string }) {
  const kind = fileKind(path);
  const address = artifactAddress(root, path);
  return html`<section class="preview" aria-label=${`Preview of ${path}`}>
    <header>
      <h3>${path}</h3>
      <a class="button plain" href=${address} download>Download</a>
    </header>
    ${contentOf(kind, root, path)}
  </section>`;
}

function contentOf(kind: FileKind, root: string, path: string): Content {
  if (kind === "none") return html`<p class="quiet">There is no preview of this kind of file.</p>`;
  if (kind === "image") {
    // As an image an SVG runs no script and fetches nothing.
    return html`<img class="paper" src=${artifactAddress(root, path)} alt=${path} />`;
  }
  return html`<${TextPreview} root=${root} path=${path} kind=${kind} />`;
}

function TextPreview(props: {
  readonly root: string;
  readonly path: string;
  readonly kind: FileKind;
}) {
  const { root, path, kind } = props;
  const loaded = useData(`${root}/${path}`, (signal) =>
    fetchText(root, path, { maxBytes: shownBytes, signal }),
  );
  return whenLoaded(loaded, ({ text, isWhole }) => {
    const cut = isWhole
      ? null
      : html`<p class="quiet">This is its beginning; download it for the rest.</p>`;
    if (kind === "table") return html`${textTable(text, path)} ${cut}`;
    return html`<pre
        class="file"
        tabindex="0"
      ><code>${kind === "json" && isWhole ? prettyJson(text) : text}</code></pre>
      ${cut}`;
  });
}

function textTable(text: string, path: string): Content {
  const separator = path.endsWith(".tsv") ? "\t" : ",";
  const [head = [], ...rows] = tableRows(text, separator, shownRows + 1);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${`Table in ${path}`}>
    <table class="sheet">
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((field) => html`<td>${field}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

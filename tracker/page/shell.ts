import { createHash } from "node:crypto";
import type { Assets } from "./assets.ts";

/** The document that every address of the page answers with, and what a browser may do with it. */
export interface Shell {
  readonly document: string;
  readonly contentSecurityPolicy: string;
}

/** The document in which the app starts. */
export function shell({ base, imports, modules }: Pick<Assets, "base" | "imports" | "modules">) {
  const importMap = JSON.stringify({ imports });
  const preloads = modules.map((path) => `<link rel="modulepreload" href="${base}/${path}" />`);
  const document = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Updraft tracker</title>
    <link rel="icon" href="${base}/icon.svg" type="image/svg+xml" />
    <script src="${base}/first-theme.js"></script>
    <link rel="stylesheet" href="${base}/page.css" />
    <script type="importmap">${importMap}</script>
    ${preloads.join("\n    ")}
    <script type="module" src="${base}/main.ts"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>
      <p class="noscript">
        This page needs JavaScript. The same data is in MLflow's API below
        <code>/api/2.0/mlflow</code>.
      </p>
    </noscript>
  </body>
</html>
`;
  return { document, contentSecurityPolicy: policy(importMap) } satisfies Shell;
}

/** Scripts, styles, images and data from here alone; of what stands in the page only the map. */
function policy(importMap: string): string {
  const hash = createHash("sha256").update(importMap).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

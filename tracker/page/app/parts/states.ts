import { CallError } from "../call.ts";
import type { Loaded } from "../use-data.ts";
import { html, type Content } from "../html.ts";
import { PageHead } from "./page-head.ts";

/** What is fetched, once it is there; until then that it is coming, or why it is not. */
export function whenLoaded<Data>(
  { data, error, isLoading, reload }: Loaded<Data>,
  show: (data: Data) => Content,
): Content {
  if (data !== undefined) {
    return html`${error ? html`<${Problem} error=${error} retry=${reload} />` : null} ${show(data)}`;
  }
  if (error) return html`<${Problem} error=${error} retry=${reload} />`;
  return isLoading ? html`<${Waiting} />` : null;
}

/** Like {@link whenLoaded} for what a whole page is about: without it there is no page. */
export function whenFound<Data>(loaded: Loaded<Data>, show: (data: Data) => Content): Content {
  const { data, error } = loaded;
  const isMissing = data === undefined && error instanceof CallError && error.status === 404;
  if (!isMissing) return whenLoaded(loaded, show);
  return html`<${PageHead} title="Not here" />
    <p>${error.message}.</p>
    <p><a href="/">To the experiments</a></p>`;
}

/** Grey lines in the place of what is on its way. They appear only when it takes a while. */
export function Waiting({ lines = 5 }: { readonly lines?: number }) {
  return html`<div class="waiting" role="status" aria-label="Loading">
    ${Array.from({ length: lines }, () => html`<span></span>`)}
  </div>`;
}

/** That something failed, and a way to try again. */
export function Problem({
  error,
  retry,
}: {
  readonly error: Error;
  readonly retry?: (() => void) | undefined;
}) {
  return html`<div class="problem" role="alert">
    <p>${error.message}</p>
    ${retry ? html`<button type="button" class="plain" onClick=${retry}>Try again</button>` : null}
  </div>`;
}

/** That there is nothing, and what to do to have something. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: Content;
}) {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    ${children}
  </div>`;
}

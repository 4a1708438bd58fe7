import type { Loaded } from "../use-data.ts";
import { html, type Content } from "../html.ts";

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

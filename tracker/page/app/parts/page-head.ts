import { useEffect, useRef } from "preact/hooks";
import { html, type Content } from "../html.ts";
import { hasMoved } from "../navigation.ts";

/** A step of the way from the start page to this one. */
export interface Crumb {
  readonly label: string;
  readonly href: string;
}

/** The head of a page: where it is, what it is called, what can be done. It takes the focus. */
export function PageHead(head: {
  readonly title: string;
  /** What is shown instead of the bare title. */
  readonly heading?: Content;
  readonly crumbs?: readonly Crumb[];
  readonly beside?: Content;
  readonly actions?: Content;
}) {
  const { title, heading, crumbs = [], beside, actions } = head;
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Reading goes on at the head of the new page, unless the reader is somewhere already.
    const at = document.activeElement;
    if (hasMoved() && (at === document.body || at?.tagName === "A")) ref.current?.focus();
  }, []);
  useEffect(() => {
    document.title = `${title} · Updraft tracker`;
  }, [title]);
  return html`<header class="page-head">
    ${
      crumbs.length > 0
        ? html`<nav class="trail" aria-label="Breadcrumbs">
            ${crumbs.map(({ label, href }) => html`<a href=${href}>${label}</a><span>/</span>`)}
          </nav>`
        : null
    }
    <div class="page-title">
      <h1 ref=${ref} tabindex="-1">${heading ?? title}</h1>
      ${beside}
      <div class="actions">${actions}</div>
    </div>
  </header>`;
}

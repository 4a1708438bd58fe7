import { useEffect, useRef } from "preact/hooks";
import { html, type Content } from "../html.ts";

/** A box above the page, which Esc closes; the browser keeps the focus in it. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: Content;
}) {
  const { title, onClose, children } = props;
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  const closeOutside = (event: MouseEvent) => {
    if (event.target === ref.current) onClose();
  };
  return html`<dialog ref=${ref} aria-label=${title} onClose=${onClose} onClick=${closeOutside}>
    <div class="dialog">
      <header>
        <h2>${title}</h2>
        <button type="button" class="icon" aria-label="Close" onClick=${onClose}>✕</button>
      </header>
      ${children}
    </div>
  </dialog>`;
}

import { useState } from "preact/hooks";
import { html } from "../html.ts";

/** Code with a button that copies it. */
export function CodeBox({ code, label }: { readonly code: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(code);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return html`<div class="code-box">
    <pre tabindex="0" aria-label=${label}><code>${code}</code></pre>
    <button type="button" class="plain" onClick=${copy}>${isCopied ? "Copied" : "Copy"}</button>
  </div>`;
}

/** Browsers have a clipboard only on HTTPS and on this machine; elsewhere there is the old way. */
async function copyText(text: string): Promise<void> {
  if (isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

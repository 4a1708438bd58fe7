/** Markup that is safe to send: whatever was put into it is escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template takes: text, which is escaped, and markup, which is not. */
export type Content = Html | string | number | undefined | readonly Content[];

/** Markup as a template; everything that is filled in is escaped, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  const filled = parts.map((part, index) => part + markupOf(contents[index]));
  return new Html(filled.join(""));
}

/** An address on this server, from its parts, none of which can add parts of its own. */
export function path(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

function markupOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.markup;
  if (typeof content === "string") return escaped(content);
  if (typeof content === "number") return String(content);
  return content.map(markupOf).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

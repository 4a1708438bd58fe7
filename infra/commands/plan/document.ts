/** How a text is meant, where it can be shown in colour. */
export type Tone = "good" | "bad" | "warning" | "quiet";

/** A line of a list. Between backticks is what a machine would read: a name, a digest, a value. */
export interface Item {
  readonly text: string;
  /** What stands before it. */
  readonly sign?: "+" | "~" | "±" | "-" | undefined;
  readonly items?: readonly Item[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: string; readonly tone?: Tone }
  | {
      readonly kind: "list";
      readonly items: readonly Item[];
      /** What a long one folds up behind, where that can be. */
      readonly fold?: string;
    }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** What somebody else says, as it is: of several lines, with any characters. */
  | { readonly kind: "quotation"; readonly text: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** What a command says, whatever it is shown as. */
export interface Document {
  readonly title: string;
  readonly sections: readonly Section[];
}

export function paragraph(text: string, tone?: Tone): Block {
  return tone === undefined ? { kind: "paragraph", text } : { kind: "paragraph", text, tone };
}

/** A list of lines, or nothing where there are none. */
export function list(items: readonly (string | Item)[]): Block[] {
  if (items.length === 0) return [];
  return [
    {
      kind: "list",
      items: items.map((item) => (typeof item === "string" ? { text: item } : item)),
    },
  ];
}

/** A table, or nothing where it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): Block[] {
  return rows.length === 0 ? [] : [{ kind: "table", head, rows }];
}

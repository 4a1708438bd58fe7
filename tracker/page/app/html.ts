import htm from "htm";
import { h, type ComponentChild, type VNode } from "preact";

/** Markup as a template, of which Preact makes elements; whatever is filled in is text. */
export const html = htm.bind(h) as (parts: TemplateStringsArray, ...contents: unknown[]) => VNode;

/** What a component may show: elements, text, or nothing. */
export type Content = ComponentChild;

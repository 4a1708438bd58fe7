import { type Document, isMap, isScalar, parseDocument, Scalar, visit } from "yaml";
import type { Ephemeral } from "../../config/ephemeral.ts";
import { CommandError } from "../support/run-command.ts";
import { templateProblems } from "./template-problems.ts";

/** Ports of a stack on this machine. */
export interface StackPorts {
  readonly inference: number;
  readonly tracker: number;
}

/** What the configuration of an ephemeral stack is made from. */
export interface StackConfigArgs {
  readonly stack: string;
  /** Content of the template, or of the file that the stack has already. */
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  readonly ephemeral: Ephemeral;
  /** Only of target local. */
  readonly ports?: StackPorts | undefined;
}

const prefix = "updraft:";

/**
 * The content of a new stack's `Pulumi.<stack>.yaml`: the template with its comments, the stack's
 * name where the template leaves room for it, its ports, and when it expires.
 * @throws {CommandError} if two stacks from this template would have something in common, or one of
 * them would not go again
 */
export function configFromTemplate(args: StackConfigArgs): string {
  const document = documentOf(args.text, args.file);
  const problems = templateProblems(document.toJS());
  if (problems.length > 0) {
    const list = problems.map((problem) => `\n  - ${problem}`).join("");
    throw new CommandError(
      `${args.file} cannot be the template of a stack that goes again:${list}`,
    );
  }
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string") node.value = node.value.replaceAll("<stack>", args.stack);
    },
  });
  const origin = ` Made from ${args.file} by npm run ephemeral, and removed with the stack ${args.stack}.`;
  document.commentBefore = [origin, document.commentBefore].filter(Boolean).join("\n");
  return withOwn(document, args);
}

/** The same file with another time to go, and other ports where its own cannot be had any more. */
export function renewedConfig(args: StackConfigArgs): string {
  return withOwn(documentOf(args.text, args.file), args);
}

/** Whether a stack's file has been made for one that does not last. */
export function isEphemeralConfig(text: string, file: string): boolean {
  return documentOf(text, file).hasIn(["config", `${prefix}ephemeral`]);
}

/**
 * Whether Pulumi has written a stack's file by itself, as it does for one that has none: with what
 * its secrets are encrypted with, and no configuration.
 */
export function isPulumisOwn(text: string, file: string): boolean {
  return !documentOf(text, file).has("config");
}

/** The ports in a stack's file, where it names both. */
export function portsIn(text: string, file: string): StackPorts | undefined {
  const document = documentOf(text, file);
  const [inference, tracker] = ["inference", "tracker"].map((chapter) =>
    document.getIn(["config", `${prefix}${chapter}`, "port"]),
  );
  if (typeof inference !== "number" || typeof tracker !== "number") return undefined;
  return { inference, tracker };
}

function withOwn(document: Document, { ephemeral, ports }: StackConfigArgs): string {
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  document.setIn(["config", `${prefix}ephemeral`], ephemeralNode(document, ephemeral));
  for (const [chapter, port] of Object.entries(ports ?? {})) {
    const path = ["config", `${prefix}${chapter}`];
    if (!isMap(document.getIn(path))) document.setIn(path, document.createNode({}));
    document.setIn([...path, "port"], port);
  }
  return document.toString({ lineWidth: 0 });
}

/** The time in quotes: without, Pulumi's YAML makes a date of it, and writes that its own way. */
function ephemeralNode(document: Document, { expiresAt, ...more }: Ephemeral) {
  const quoted = new Scalar(expiresAt);
  quoted.type = Scalar.QUOTE_DOUBLE;
  return document.createNode({ expiresAt: quoted, ...more });
}

/** @throws {CommandError} if it is no YAML */
function documentOf(text: string, file: string): Document {
  const document: Document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new CommandError(`${file} is no YAML: ${error.message}`);
  if (document.contents !== null && !isMap(document.contents)) {
    throw new CommandError(`${file} is no configuration of a stack: expected config: by key`);
  }
  if (isScalar(document.get("config", true)) && document.get("config") !== null) {
    throw new CommandError(`${file} is no configuration of a stack: expected config: by key`);
  }
  return document;
}

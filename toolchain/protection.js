import { CommandError, Unavailable } from "./errors.js";

/** @typedef {import("./stack.js").Pulumi} Pulumi */

/**
 * What is known of a stack's protection.
 * @typedef {object} Protection
 * @property {boolean} isConfigured by `updraft:protect`
 * @property {number} resources how many the state has
 * @property {number} protectedResources how many of them are protected
 */

/**
 * Looks before anything is touched.
 * @param {Pulumi} pulumi
 * @param {string} stack
 * @throws {CommandError} if the stack is protected, with how it is taken down on purpose
 */
export async function refuseIfProtected(pulumi, stack) {
  const state = JSON.parse(await pulumi.ask(["stack", "export", "--stack", stack]));
  /** @type {{ protect?: boolean }[]} */
  const resources = state.deployment?.resources ?? [];
  const problem = protectionProblem(stack, {
    isConfigured: await asksForProtection(pulumi, stack),
    resources: resources.length,
    protectedResources: resources.filter(({ protect }) => protect === true).length,
  });
  if (problem !== undefined) throw new CommandError(problem);
}

/**
 * Why a stack is not taken down; nothing if it may be.
 * @param {string} stack
 * @param {Protection} protection
 * @returns {string | undefined}
 */
export function protectionProblem(stack, { isConfigured, resources, protectedResources }) {
  const up = `  npm start -- --stack ${stack}`;
  const down = `  npm run down -- --stack ${stack}`;
  if (isConfigured && resources > 0) {
    return [
      `The stack ${stack} is protected (updraft:protect), and nothing of it has been touched. To take it down on purpose:`,
      `  npm run pulumi -- config set updraft:protect false --stack ${stack}`,
      up,
      down,
    ].join("\n");
  }
  if (protectedResources === 0) return undefined;
  return [
    `The stack ${stack} is still protected, and nothing of it has been touched: its configuration protects it no longer, and no update has taken that up. First run`,
    up,
    `or, if no update succeeds any more,`,
    `  npm run pulumi -- state unprotect --all --yes --stack ${stack}`,
    "and then",
    down,
  ].join("\n");
}

/** @param {Pulumi} pulumi @param {string} stack */
async function asksForProtection(pulumi, stack) {
  try {
    const value = await pulumi.ask(["config", "get", "updraft:protect", "--stack", stack]);
    return value.trim() === "true";
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return false;
  }
}

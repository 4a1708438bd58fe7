import { gateTable } from "../contracts/gate.ts";
import { mainMeasureNames, mainMeasures } from "../contracts/rule-facts.ts";

/**
 * Outputs of a stack.
 * @typedef {object} Outputs
 * @property {string} url
 * @property {string} predictUrl
 * @property {string | null} [predictToken] what predictions need; its value is not shown
 * @property {string} trackerUrl
 * @property {{ name: string, version: string, digest: string }} model
 * @property {Record<string, number>} metrics
 * @property {import("../contracts/gate.ts").GateReport} gate
 * @property {{ promotedFrom?: { stack: string, version: string } }} [release]
 */

/**
 * What a person wants to know of a stack that has come up.
 * @param {string} stack
 * @param {Outputs} outputs
 */
export function summary(stack, outputs) {
  const { model, metrics, gate, release } = outputs;
  const source = release?.promotedFrom;
  const main = Object.values(mainMeasures).find((measure) => metrics[measure] !== undefined);
  const measured =
    main === undefined ? "" : `, ${mainMeasureNames[main]} ${metrics[main]?.toFixed(4)}`;
  const flag = stack === "dev" ? "" : ` -- --stack ${stack}`;
  const next = source ? `takes over what ${source.stack} releases next` : "trains again";
  const token = `npm run -s pulumi -- stack output predictToken --show-secrets --stack ${stack}`;
  const rows = [
    ["page", outputs.url],
    ["predict", outputs.predictUrl],
    ...(outputs.predictToken ? [["with the token", token]] : []),
    ["tracker", outputs.trackerUrl],
    ...portForwards(outputs).map((command) => ["from here", command]),
    ["model", `${model.name} version ${model.version}${measured}`],
    ...(source ? [["promoted from", `${source.stack}, version ${source.version}`]] : []),
    ["gate", gate.verdict],
  ];
  return [
    "",
    `The stack ${stack} is up.`,
    "",
    ...rows.map(([name, value]) => `  ${name?.padEnd(14)} ${value}`),
    ...gateTable(gate)
      .split("\n")
      .map((line) => `    ${line}`),
    "",
    `  npm start${flag}      ${next}, and rolls out what has changed`,
    `  npm run down${flag}   takes the stack down`,
    "",
  ].join("\n");
}

/**
 * Commands that make addresses which only a cluster knows reachable from this machine.
 * @param {Outputs} outputs
 */
function portForwards({ url, trackerUrl }) {
  const services = [
    { address: url, ports: "8080:80" },
    { address: trackerUrl, ports: "5000" },
  ];
  return services.flatMap(({ address, ports }) => {
    const [service, namespace, kind] = new URL(address).hostname.split(".");
    if (kind !== "svc") return [];
    return [`kubectl --namespace ${namespace} port-forward service/${service} ${ports}`];
  });
}

const [, script, stack, outputs] = process.argv;
if (script === import.meta.filename && stack !== undefined && outputs !== undefined) {
  process.stdout.write(summary(stack, JSON.parse(outputs)));
}

import { formatNumber } from "../format.ts";
import type { GateNote } from "../gate.ts";
import { html } from "../html.ts";
import { addressOf } from "../route.ts";

/** A version with what the gate said about it. */
export interface JudgedVersion {
  readonly name: string;
  readonly version: string;
  readonly gate: GateNote;
}

/** The gate's rules, one a row, with what each version reached. */
export function GateMatrix({ versions }: { readonly versions: readonly JudgedVersion[] }) {
  const rules = rulesOf(versions);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Gate by version">
    <table class="list gate-matrix">
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col" class="number">Limit</th>
          ${versions.map(
            ({ name, version }) =>
              html`<th scope="col" class="number">
                <a href=${addressOf.version(name, version)}>v${version}</a>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rules.map(
          (rule) =>
            html`<tr key=${rule}>
              <th scope="row">${rule}</th>
              <td class="number quiet">${limitOf(rule, versions)}</td>
              ${versions.map(({ gate }) => {
                const result = gate.rules.find((one) => one.rule === rule);
                return html`<td
                  class=${`number ${result?.verdict ?? ""}`}
                  title=${result?.reason ?? ""}
                >
                  ${result ? formatNumber(result.value) : "–"}
                  ${result?.verdict === "failed" ? html`<span class="hidden">failed</span>` : null}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** All rules that were applied to any of the versions, in their order. */
export function rulesOf(versions: readonly Pick<JudgedVersion, "gate">[]): string[] {
  return [...new Set(versions.flatMap(({ gate }) => gate.rules.map(({ rule }) => rule)))];
}

/** The limit of a rule: one number, or the range that it had. */
export function limitOf(rule: string, versions: readonly Pick<JudgedVersion, "gate">[]): string {
  const limits = versions.flatMap(({ gate }) =>
    gate.rules.filter((one) => one.rule === rule).map(({ limit }) => limit),
  );
  const lowest = limits.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = limits.reduce((a, b) => Math.max(a, b), -Infinity);
  return lowest === highest
    ? formatNumber(lowest)
    : `${formatNumber(lowest)} – ${formatNumber(highest)}`;
}

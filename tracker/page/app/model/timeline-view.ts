import type { ModelVersion, Promotion } from "../data/registry.ts";
import { formatAgo, formatTime } from "../format.ts";
import { gateOf } from "../gate.ts";
import { html } from "../html.ts";
import { addressOf } from "../route.ts";
import { timelineOf, type Lane } from "./timeline.ts";

/** Versions as they came, and below them which one each alias stood for. */
export function TimelineView(props: {
  readonly versions: readonly ModelVersion[];
  readonly moves: readonly Promotion[];
}) {
  const { versions, moves } = props;
  const { versions: placed, lanes, ticks } = timelineOf(versions, moves);
  const byNumber = new Map(versions.map((one) => [one.version, one]));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Timeline of versions">
    <div class="timeline">
      <div class="lane">
        <span class="lane-name">versions</span>
        <div class="track">
          ${placed.map(({ version, at }) => {
            const found = byNumber.get(version);
            const verdict = gateOf(found?.tags)?.verdict;
            return html`<a
              key=${version}
              class=${`event ${verdict ?? ""}`}
              style=${{ left: `${at * 100}%` }}
              href=${addressOf.version(found?.name ?? "", version)}
              title=${`Version ${version}${verdict ? `, gate ${verdict}` : ""}, ${formatTime(found?.creation_timestamp ?? 0)}`}
              >v${version}</a
            >`;
          })}
        </div>
      </div>
      ${lanes.map((lane) => html`<${LaneView} key=${lane.alias} lane=${lane} />`)}
      <div class="lane ticks" aria-hidden="true">
        <span class="lane-name"></span>
        <div class="track">
          ${ticks.map(
            ({ time, at }) =>
              html`<span key=${time} style=${{ left: `${at * 100}%` }}
                >${formatAgo(time, Date.now())}</span
              >`,
          )}
        </div>
      </div>
    </div>
  </div>`;
}

function LaneView({ lane }: { readonly lane: Lane }) {
  const { alias, spans } = lane;
  return html`<div class="lane">
    <span class="lane-name">@${alias}</span>
    <div class="track">
      ${spans.map(
        ({ version, from, to, isCurrent }) =>
          html`<span
            key=${`${version} ${from}`}
            class=${`span${alias === "champion" ? " champion" : ""}${isCurrent ? " current" : ""}`}
            style=${{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
            title=${`${alias}: version ${version}${isCurrent ? ", now" : ""}`}
            >v${version}</span
          >`,
      )}
    </div>
  </div>`;
}

import { useState } from "preact/hooks";
import { fetchExperiment } from "../data/experiments.ts";
import { moveRun, renameRun, setRunTag, tagValue, type Run } from "../data/runs.ts";
import { html, type Content } from "../html.ts";
import { useLocation } from "../navigation.ts";
import { GateBadge, StatusBadge } from "../parts/badges.ts";
import { EditableTitle } from "../parts/editable-title.ts";
import { Notes } from "../parts/notes.ts";
import { PageHead } from "../parts/page-head.ts";
import { whenFound, whenLoaded } from "../parts/states.ts";
import { currentTab, Tabs, type Tab } from "../parts/tabs.ts";
import { addressOf } from "../route.ts";
import { FailureBox, RunFacts, RunOverview } from "../run/run-overview.ts";
import { RunArtifacts } from "../run/run-artifacts.ts";
import { RunCharts } from "../run/run-charts.ts";
import { useLiveRun, type LiveRun } from "../run/use-live-run.ts";
import { gateOf } from "../gate.ts";
import { useData } from "../use-data.ts";

const noteTag = "mlflow.note.content";

/** A run: how it goes, what it was given, what it reached and what it left behind. */
export function RunPage({ id }: { readonly id: string }) {
  const live = useLiveRun(id);
  const { query } = useLocation();
  return whenFound(live.run, (run) => {
    const { info, data } = run;
    const { reload } = live.run;
    const tabs = tabsOf(live);
    const tab = currentTab(tabs, query);
    const rename = (name: string) => renameRun(id, name).then(reload);
    return html`<${RunHead} run=${run} isLive=${live.isLive} onRename=${rename} onMoved=${reload} />
      <${FailureBox} run=${run} />
      <${RunFacts} run=${run} />
      <${Notes}
        text=${tagValue(data.tags, noteTag) ?? ""}
        onSave=${(text: string) => setRunTag(id, noteTag, text).then(reload)}
      />
      <${Tabs} tabs=${tabs} current=${tab} />
      <div role="tabpanel" aria-labelledby=${`tab-${tab}`}>
        ${panel(tab, { run, live, start: info.start_time })}
      </div>`;
  });
}

function RunHead(props: {
  readonly run: Run;
  readonly isLive: boolean;
  onRename(name: string): Promise<void>;
  onMoved(): void;
}) {
  const { info, data } = props.run;
  const experiment = useData(`experiment ${info.experiment_id}`, (signal) =>
    fetchExperiment(info.experiment_id, signal),
  );
  const crumbs = [
    { label: "Experiments", href: "/" },
    {
      label: experiment.data?.name ?? `Experiment ${info.experiment_id}`,
      href: addressOf.experiment(info.experiment_id),
    },
  ];
  const gate = gateOf(data.tags);
  return html`<${PageHead}
    title=${info.run_name}
    heading=${html`<${EditableTitle} text=${info.run_name} what="run" onSave=${props.onRename} />`}
    crumbs=${crumbs}
    beside=${html`<${StatusBadge} status=${info.status} />
      ${gate ? html`<span class="pair">gate <${GateBadge} verdict=${gate.verdict} /></span>` : null}
      ${props.isLive ? html`<span class="live" role="status">live</span>` : null}
      ${info.lifecycle_stage === "deleted" ? html`<span class="badge failed">deleted</span>` : null}`}
    actions=${html`<${MoveButton} run=${props.run} onMoved=${props.onMoved} />`}
  />`;
}

function MoveButton({ run, onMoved }: { readonly run: Run; onMoved(): void }) {
  const [problem, setProblem] = useState<string>();
  const to = run.info.lifecycle_stage === "deleted" ? "restore" : "delete";
  const move = () =>
    moveRun(run.info.run_id, to).then(onMoved, (error: Error) => setProblem(error.message));
  return html`<button type="button" class="plain" onClick=${move}>
      ${to === "delete" ? "Delete" : "Restore"}
    </button>
    ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : null}`;
}

function tabsOf({ curves }: LiveRun): Tab[] {
  const hasSystem = curves.data?.series.some(({ key }) => isSystem(key)) ?? false;
  return [
    { id: "overview", label: "Overview" },
    { id: "curves", label: "Curves" },
    ...(hasSystem ? [{ id: "system", label: "System" }] : []),
    { id: "artifacts", label: "Artifacts" },
  ];
}

function isSystem(key: string): boolean {
  return key.startsWith("system/");
}

interface Shown {
  readonly run: Run;
  readonly live: LiveRun;
  readonly start: number;
}

function panel(tab: string, { run, live, start }: Shown): Content {
  if (tab === "artifacts") return html`<${RunArtifacts} run=${run} />`;
  const charts = (only: (key: string) => boolean) =>
    whenLoaded(
      live.curves,
      (curves) => html`<${RunCharts} curves=${curves} start=${start} only=${only} />`,
    );
  if (tab === "curves") return charts((key) => !isSystem(key));
  if (tab === "system") return charts(isSystem);
  return html`<${RunOverview}
    run=${run}
    onSetTag=${(key: string, value: string | undefined) =>
      setRunTag(run.info.run_id, key, value).then(live.run.reload)}
  >
    ${whenLoaded(live.curves, (curves) =>
      curves.series.some(({ key, count }) => count > 1 && !isSystem(key))
        ? html`<${RunCharts}
            curves=${curves}
            start=${start}
            only=${(key: string) => !isSystem(key)}
            most=${6}
          />`
        : null,
    )}
  <//>`;
}

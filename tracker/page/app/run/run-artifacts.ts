import { ArtifactBrowser } from "../artifacts/artifact-browser.ts";
import { proxiedPath } from "../data/artifacts.ts";
import { fetchLoggedModel } from "../data/logged-models.ts";
import type { Run } from "../data/runs.ts";
import { html } from "../html.ts";
import { Empty, whenLoaded } from "../parts/states.ts";
import { useData } from "../use-data.ts";

/** The files of a run, and those of the models that it logged. */
export function RunArtifacts({ run }: { readonly run: Run }) {
  const models = run.outputs?.model_outputs ?? [];
  return html`<${Files} uri=${run.info.artifact_uri} />
    ${models.map(({ model_id }) => html`<${ModelFiles} key=${model_id} id=${model_id} />`)}`;
}

function ModelFiles({ id }: { readonly id: string }) {
  const loaded = useData(`logged model ${id}`, (signal) => fetchLoggedModel(id, signal));
  return whenLoaded(
    loaded,
    ({ info }) =>
      html`<section class="card">
        <h2>Model ${info.name}</h2>
        <${Files} uri=${info.artifact_uri} field=${`file-${id}`} />
      </section>`,
  );
}

function Files({ uri, field }: { readonly uri: string; readonly field?: string }) {
  const root = proxiedPath(uri);
  return root
    ? html`<${ArtifactBrowser} root=${root} field=${field} />`
    : html`<${Empty} title="The artifacts are not with this tracker.">
        <p>They are at <code>${uri}</code>, which a browser cannot read.</p>
      <//>`;
}

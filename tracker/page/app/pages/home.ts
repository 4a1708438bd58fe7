import { useState } from "preact/hooks";
import { fetchExperiments, type ActiveExperiment } from "../data/experiments.ts";
import { fetchModels, type RegisteredModel } from "../data/registry.ts";
import { html, type Content } from "../html.ts";
import { useQuery } from "../navigation.ts";
import { Ago, AliasBadge, None } from "../parts/badges.ts";
import { PageHead } from "../parts/page-head.ts";
import { Empty, whenLoaded } from "../parts/states.ts";
import { addressOf } from "../route.ts";
import { useData, usePolling } from "../use-data.ts";

const pollMs = 5000;

/** All experiments, and what is served. */
export function HomePage() {
  const experiments = useData("experiments", fetchExperiments);
  const models = useData("models", fetchModels);
  const isBusy = experiments.data?.some(({ activity }) => (activity?.running ?? 0) > 0) ?? false;
  usePolling(isBusy, pollMs, async () => experiments.reload());
  return html`<${PageHead} title="Experiments" /> ${whenLoaded(
      experiments,
      (all) => html`<${ExperimentList} experiments=${withoutUnused(all)} />`,
    )}
    ${whenLoaded(models, (all) => modelStrip(all))}`;
}

/** The experiment that is always there, while nobody uses it, is only in the way. */
function withoutUnused(experiments: readonly ActiveExperiment[]): readonly ActiveExperiment[] {
  const used = experiments.filter((one) => one.experiment_id !== "0" || one.activity);
  return used.length > 0 ? used : experiments;
}

function modelStrip(models: readonly RegisteredModel[]): Content {
  if (models.length === 0) return null;
  return html`<h2>Models</h2>
    <ul class="strip">
      ${models.slice(0, 6).map(
        ({ name, aliases = [], latest_versions = [] }) =>
          html`<li>
            <a class="card" href=${addressOf.model(name)}>
              <strong>${name}</strong>
              <span class="quiet">
                ${
                  aliases.length > 0
                    ? aliases.map(
                        ({ alias, version }) =>
                          html`<span class="pair"
                            ><${AliasBadge} alias=${alias} /> v${version}</span
                          >`,
                      )
                    : `version ${latest_versions[0]?.version ?? "–"}`
                }
              </span>
            </a>
          </li>`,
      )}
    </ul>`;
}

function ExperimentList({ experiments }: { readonly experiments: readonly ActiveExperiment[] }) {
  const [query, setQuery] = useQuery();
  const [text, setText] = useState(query.get("find") ?? "");
  const found = experiments.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  const onInput = (event: InputEvent) => {
    const { value } = event.target as HTMLInputElement;
    setText(value);
    setQuery({ find: value });
  };
  return html`<section class="card">
    ${
      experiments.length > 8 || text
        ? html`<input
            type="search"
            data-filter
            placeholder="Find an experiment"
            aria-label="Find an experiment"
            value=${text}
            onInput=${onInput}
          />`
        : null
    }
    ${found.length > 0 ? experimentTable(found) : html`<${Empty} title="No experiment is called so." />`}
    ${experiments.some(({ activity }) => activity) ? null : firstSteps()}
  </section>`;
}

function experimentTable(experiments: readonly ActiveExperiment[]): Content {
  return html`<table class="list">
    <thead>
      <tr>
        <th scope="col">Experiment</th>
        <th scope="col" class="number">Runs</th>
        <th scope="col">Now</th>
        <th scope="col">Latest run</th>
      </tr>
    </thead>
    <tbody>
      ${experiments.map(
        ({ experiment_id, name, activity }) =>
          html`<tr key=${experiment_id}>
            <td><a class="main" href=${addressOf.experiment(experiment_id)}>${name}</a></td>
            <td class="number" data-label="Runs">
              ${(activity?.runs ?? 0).toLocaleString("en-US")}
            </td>
            <td data-label="Now">
              ${
                activity && activity.running > 0
                  ? html`<span class="badge running"
                      ><i class="dot"></i>${activity.running} running</span
                    >`
                  : html`<${None} />`
              }
            </td>
            <td data-label="Latest run"><${Ago} time=${activity?.last_start_time} /></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What a newcomer types to see something here. */
function firstSteps(): Content {
  return html`<${Empty} title="No run has been logged yet.">
    <p>Point a client of MLflow at this tracker:</p>
    <pre><code>${`import mlflow

mlflow.set_tracking_uri("${location.origin}")
with mlflow.start_run():
    mlflow.log_metric("accuracy", 0.98)`}</code></pre>
  <//>`;
}

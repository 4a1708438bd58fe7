import { fetchModels, type RegisteredModel } from "../data/registry.ts";
import { html, type Content } from "../html.ts";
import { Ago, AliasBadge, None } from "../parts/badges.ts";
import { PageHead } from "../parts/page-head.ts";
import { Empty, whenLoaded } from "../parts/states.ts";
import { addressOf } from "../route.ts";
import { useData } from "../use-data.ts";

/** All registered models and what their aliases stand for. */
export function ModelsPage() {
  const loaded = useData("models", fetchModels);
  return html`<${PageHead} title="Models" /> ${whenLoaded(loaded, (models) =>
      models.length > 0
        ? html`<section class="card">${modelTable(models)}</section>`
        : html`<${Empty} title="No model is registered yet.">
            <p>A trainer registers what it publishes; with MLflow's client it is one call:</p>
            <pre><code>${`mlflow.register_model("runs:/<run id>/model", "digits")`}</code></pre>
          <//>`,
    )}`;
}

function modelTable(models: readonly RegisteredModel[]): Content {
  return html`<table class="list">
    <thead>
      <tr>
        <th scope="col">Model</th>
        <th scope="col">Aliases</th>
        <th scope="col" class="number">Latest version</th>
        <th scope="col">Changed</th>
        <th scope="col">Description</th>
      </tr>
    </thead>
    <tbody>
      ${models.map(
        (model) =>
          html`<tr key=${model.name}>
            <td><a class="main" href=${addressOf.model(model.name)}>${model.name}</a></td>
            <td data-label="Aliases">${aliasesOf(model)}</td>
            <td class="number" data-label="Latest version">${latestOf(model)}</td>
            <td data-label="Changed">
              <${Ago} time=${model.last_updated_timestamp ?? model.creation_timestamp} />
            </td>
            <td data-label="Description" class="why">${model.description || html`<${None} />`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function aliasesOf({ aliases = [] }: RegisteredModel): Content {
  if (aliases.length === 0) return html`<${None} />`;
  return html`${aliases.map(
    ({ alias, version }) =>
      html`<span class="pair"><${AliasBadge} alias=${alias} /> v${version}</span> `,
  )}`;
}

function latestOf({ latest_versions = [] }: RegisteredModel): Content {
  const numbers = latest_versions.map(({ version }) => Number(version));
  return numbers.length > 0 ? Math.max(...numbers) : html`<${None} />`;
}

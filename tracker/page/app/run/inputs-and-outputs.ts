import { tagValue, type Run } from "../data/runs.ts";
import { html } from "../html.ts";
import { DigestCode } from "../parts/badges.ts";

/** What went into a run and the models that came out of it. */
export function InputsAndOutputs({ run }: { readonly run: Run }) {
  const datasets = run.inputs?.dataset_inputs ?? [];
  const models = [
    ...(run.inputs?.model_inputs ?? []).map((model) => ({ ...model, way: "in" })),
    ...(run.outputs?.model_outputs ?? []).map((model) => ({ ...model, way: "out" })),
  ];
  if (datasets.length + models.length === 0) return null;
  return html`<section class="card">
    <h2>Inputs and outputs</h2>
    <table class="pairs" aria-label="Inputs and outputs">
      <tbody>
        ${datasets.map(
          ({ dataset, tags }) =>
            html`<tr>
              <th scope="row">
                ${dataset.name} <small>${tagValue(tags, "mlflow.data.context") ?? "dataset"}</small>
              </th>
              <td>
                <${DigestCode} digest=${dataset.digest} /> <small>${dataset.source_type}</small>
              </td>
            </tr>`,
        )}
        ${models.map(
          ({ model_id, way }) =>
            html`<tr>
              <th scope="row">model <small>${way}</small></th>
              <td><code>${model_id}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

import { readFileSync } from "node:fs";
import type { ArtifactStore, StoredFile } from "@updraft/contracts/artifact-store";
import { HttpError } from "@updraft/contracts/http-error";
import { Router, type ErrorRequestHandler, type RequestHandler, type Response } from "express";
import type { Filter } from "../search/filter.ts";
import type { Run } from "../store/runs.ts";
import type { TrackerStore } from "../store/tracker-store.ts";
import { experimentPage } from "./experiment-page.ts";
import { homePage, type ExperimentOverview, type ModelOverview } from "./home-page.ts";
import { html, type Html } from "./html.ts";
import { layout } from "./layout.ts";
import { modelPage } from "./model-page.ts";
import { runPage } from "./run-page.ts";
import type { VersionWithRun } from "./version-table.ts";

const everything: Filter = { kind: "and", of: [] };

const counts = {
  experiments: 50,
  models: 50,
  runs: 20,
  versions: 5,
  runsOfOne: 100,
  versionsOfOne: 100,
  moves: 200,
};

const stylesheet = readFileSync(new URL("page.css", import.meta.url), "utf8");

/** What a page may load: its style, and images from here. Scripts and other sites: nothing. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The pages for people: what was trained, how it went, what serves. */
export function pageRouter(store: TrackerStore, artifacts: ArtifactStore): Router {
  const router = Router({ caseSensitive: true });
  router.get("/page.css", (_request, response) => {
    response.set("Cache-Control", "no-cache").type("css").send(stylesheet);
  });
  router.get(
    "/",
    page(() => home(store)),
  );
  router.get(
    "/experiments/:id",
    page(({ id = "" }, token) => experiment(store, id, token)),
  );
  router.get(
    "/runs/:id",
    page(({ id = "" }) => run(store, artifacts, id)),
  );
  router.get(
    "/models/:name",
    page(({ name = "" }) => model(store, name)),
  );
  router.use(notFoundPage);
  return router;
}

function page(
  render: (parameters: Record<string, string>, pageToken: string | undefined) => Promise<Html>,
): RequestHandler<Record<string, string>> {
  return async (request, response) => {
    const token = request.query.page_token;
    const document = await render(request.params, typeof token === "string" ? token : undefined);
    send(response, document);
  };
}

function send(response: Response, document: Html): void {
  response
    .set({ "Content-Security-Policy": contentSecurityPolicy, "Cache-Control": "no-cache" })
    .type("html")
    .send(document.markup);
}

const notFoundPage: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof HttpError) || error.status >= 500) return next(error);
  response.status(error.status);
  const content = html`<h1>Not here</h1>
    <p>${error.message}.</p>
    <p><a href="/">To the overview</a></p>`;
  send(response, layout({ title: "Not here" }, content));
};

async function home(store: TrackerStore): Promise<Html> {
  const everywhere = { filter: everything, order_by: [] };
  const experiments = await store.experiments.search({
    ...everywhere,
    max_results: counts.experiments,
    view_type: "ACTIVE_ONLY",
  });
  const overviews: ExperimentOverview[] = [];
  for (const found of experiments.rows) {
    const { rows, nextPageToken } = await runsOf(store, found.experiment_id, counts.runs);
    const isUnusedDefault = found.experiment_id === "0" && rows.length === 0;
    if (isUnusedDefault && experiments.rows.length > 1) continue;
    overviews.push({ experiment: found, runs: rows, hasMore: nextPageToken !== undefined });
  }
  const models: ModelOverview[] = [];
  const registered = await store.registeredModels.search({
    ...everywhere,
    max_results: counts.models,
  });
  for (const found of registered.rows) {
    models.push({ model: found, versions: await versionsOf(store, found.name, counts.versions) });
  }
  return homePage(overviews, models, Date.now());
}

async function experiment(store: TrackerStore, id: string, pageToken?: string): Promise<Html> {
  const found = await store.experiments.get(id);
  const { rows, nextPageToken } = await runsOf(store, id, counts.runsOfOne, pageToken);
  return experimentPage(found, rows, { nextPageToken, now: Date.now() });
}

async function run(store: TrackerStore, artifacts: ArtifactStore, id: string): Promise<Html> {
  const found = await store.runs.get(id);
  const { artifact_uri, experiment_id } = found.info;
  const artifactRoot = /^mlflow-artifacts:\/(?!\/)(?<path>.+)$/.exec(artifact_uri)?.groups?.path;
  const files: StoredFile[] = artifactRoot ? await artifacts.list(artifactRoot) : [];
  return runPage(
    {
      run: found,
      experiment: await store.experiments.get(experiment_id),
      files,
      artifactRoot: artifactRoot ?? "",
    },
    Date.now(),
  );
}

async function model(store: TrackerStore, name: string): Promise<Html> {
  const found = await store.registeredModels.get(name);
  const versions = await versionsOf(store, name, counts.versionsOfOne);
  const { rows: moves } = await store.promotions.history({ name, max_results: counts.moves });
  return modelPage({ model: found, versions, moves }, Date.now());
}

function runsOf(store: TrackerStore, experimentId: string, count: number, pageToken?: string) {
  return store.runs.search({
    filter: everything,
    order_by: [],
    experiment_ids: [experimentId],
    run_view_type: "ACTIVE_ONLY",
    max_results: count,
    page_token: pageToken,
  });
}

async function versionsOf(
  store: TrackerStore,
  name: string,
  count: number,
): Promise<VersionWithRun[]> {
  const { rows } = await store.modelVersions.search({
    filter: {
      kind: "compare",
      field: { entity: "attribute", key: "name" },
      operator: "=",
      value: name,
    },
    order_by: [{ field: { entity: "attribute", key: "version_number" }, descending: true }],
    max_results: count,
  });
  const versions: VersionWithRun[] = [];
  for (const version of rows) {
    versions.push({ version, run: await runIfThere(store, version.run_id) });
  }
  return versions;
}

/** A version may name a run of another tracker, or one that is gone. */
async function runIfThere(store: TrackerStore, runId: string): Promise<Run | undefined> {
  if (runId === "") return undefined;
  try {
    return await store.runs.get(runId);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return undefined;
    throw error;
  }
}

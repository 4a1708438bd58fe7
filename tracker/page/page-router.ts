import { HttpError } from "@updraft/contracts/http-error";
import { Router, type RequestHandler, type Response } from "express";
import type { TrackerStore } from "../store/tracker-store.ts";
import { encodings, loadAssets, type Asset, type Assets, type Encoding } from "./assets.ts";
import { shell, type Shell } from "./shell.ts";

/** The page for people: one document for all its addresses, and the files of the app in it. */
export function pageRouter(store: TrackerStore): Router {
  const router = Router({ caseSensitive: true });
  const page = onDemand();
  router.get("/assets/:digest/*path", sendAsset(page));
  const open = (path: string, find: (fields: Record<string, string>) => Promise<unknown>) =>
    router.get(path, sendShell(page, find));
  for (const path of ["/", "/compare", "/models", "/promotions"]) open(path, nothingToFind);
  open("/experiments/:id", ({ id = "" }) => store.experiments.get(id));
  open("/runs/:id", ({ id = "" }) => store.runs.get(id));
  open("/models/:name", ({ name = "" }) => store.registeredModels.get(name));
  open("/models/:name/versions/:version", ({ name = "", version }) =>
    store.modelVersions.get(name, Number(version)),
  );
  return router;
}

interface Page {
  readonly assets: Assets;
  readonly shell: Shell;
}

/** The page's files, read when somebody first looks: a tracker that nobody looks at needs none. */
function onDemand(): () => Promise<Page> {
  let loading: Promise<Page> | undefined;
  return () => {
    loading ??= loadAssets().then(
      (assets) => ({ assets, shell: shell(assets) }),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
}

/** The app says itself what is not there; who only looks at the status learns it as well. */
function sendShell(
  page: () => Promise<Page>,
  find: (fields: Record<string, string>) => Promise<unknown>,
): RequestHandler<Record<string, string>> {
  return async (request, response) => {
    const { document, contentSecurityPolicy } = (await page()).shell;
    response
      .status(await statusOf(find(request.params)))
      .set({ "Content-Security-Policy": contentSecurityPolicy, "Cache-Control": "no-cache" })
      .type("html")
      .send(document);
  };
}

async function statusOf(found: Promise<unknown>): Promise<number> {
  try {
    await found;
    return 200;
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return error.status;
    throw error;
  }
}

function sendAsset(
  page: () => Promise<Page>,
): RequestHandler<{ readonly digest: string; readonly path: string[] }> {
  return async (request, response, next) => {
    const { assets } = await page();
    const asset = assets.files.get(request.params.path.join("/"));
    if (!asset) return next();
    // A page that was opened before an update asks by the old digest: it gets what there is now,
    // which nobody may keep under that name.
    const isCurrent = assets.base.endsWith(`/${request.params.digest}`);
    const etag = `"${assets.base.split("/").at(-1)}"`;
    response.set({
      "Content-Type": asset.type,
      "Cache-Control": isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
      ETag: etag,
      Vary: "Accept-Encoding",
    });
    if (request.headers["if-none-match"] === etag) return void response.status(304).end();
    const encoding = encodings.find((known) => request.acceptsEncodings(known) === known);
    await sendBody(response, asset, encoding);
  };
}

async function sendBody(
  response: Response,
  asset: Asset,
  encoding: Encoding | undefined,
): Promise<void> {
  if (!encoding) return void response.end(asset.content);
  const content = await asset.compressed(encoding);
  response.set("Content-Encoding", encoding).end(content);
}

async function nothingToFind(): Promise<void> {}

import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { stripTypes } from "./strip-types.ts";

/** How browsers take files: brotli over HTTPS, gzip from anywhere. */
export const encodings = ["br", "gzip"] as const;
export type Encoding = (typeof encodings)[number];

/** A file of the page as it is sent. */
export interface Asset {
  readonly type: string;
  readonly content: Buffer;
  /** The content made smaller, when it is first asked for. */
  compressed(encoding: Encoding): Promise<Buffer>;
}

/** All files of the page, by their path below {@link Assets.base}. */
export interface Assets {
  /** Such as `/assets/0f3c9a1b2c3d`: another one whenever a file has changed. */
  readonly base: string;
  readonly files: ReadonlyMap<string, Asset>;
  /** Where the browser finds a library that a module imports by name. */
  readonly imports: Readonly<Record<string, string>>;
  /** Modules that the page needs at once. */
  readonly modules: readonly string[];
}

const appFolder = join(import.meta.dirname, "app");

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ts": "text/javascript; charset=utf-8",
};

/** Libraries by the name that modules import them by, and the file that a browser takes. */
const libraries: Readonly<Record<string, string>> = {
  preact: "preact/dist/preact.mjs",
  "preact/hooks": "preact/hooks/dist/hooks.mjs",
  htm: "htm/dist/htm.mjs",
  echarts: "echarts/dist/echarts.esm.min.mjs",
};

/** Too big to be fetched before something is drawn. */
const fetchedLater = new Set(["echarts"]);

/** Reads the page's files, strips the types and finds the libraries. */
export async function loadAssets(): Promise<Assets> {
  const app = await appFiles();
  const lib = await Promise.all(
    Object.entries(libraries).map(async ([name, path]) => {
      return { name, path: `lib/${path}`, content: await readFile(libraryFile(path)) };
    }),
  );
  const all = [...app, ...lib];
  const hash = createHash("sha256");
  for (const { path, content } of all) hash.update(`${path}\0${content.length}\0`).update(content);
  const base = `/assets/${hash.digest("hex").slice(0, 12)}`;
  return {
    base,
    files: new Map(all.map(({ path, content }) => [path, asset(path, content)])),
    imports: Object.fromEntries(lib.map(({ name, path }) => [name, `${base}/${path}`])),
    modules: [
      ...lib.filter(({ name }) => !fetchedLater.has(name)).map(({ path }) => path),
      ...app.map(({ path }) => path).filter((path) => path.endsWith(".ts")),
    ],
  };
}

interface File {
  readonly path: string;
  readonly content: Buffer;
}

async function appFiles(): Promise<File[]> {
  const names = (await readdir(appFolder, { recursive: true }))
    .filter((name) => extname(name) in types && !name.endsWith(".test.ts"))
    .toSorted();
  const modules = names.filter((name) => name.endsWith(".ts"));
  const stripped = await stripTypes(modules.map((name) => join(appFolder, name)));
  const others = names.filter((name) => !name.endsWith(".ts"));
  return [
    ...modules.map((path, index) => ({ path, content: Buffer.from(stripped[index] ?? "") })),
    ...(await Promise.all(
      others.map(async (path) => ({ path, content: await readFile(join(appFolder, path)) })),
    )),
  ];
}

function libraryFile(path: string): string {
  const [name = "", ...rest] = path.split("/");
  const found = findPackageJSON(name, import.meta.url);
  if (!found) throw new Error(`The package ${name} is not installed; run npm ci`);
  return join(dirname(found), ...rest);
}

function asset(path: string, content: Buffer): Asset {
  const compressed: Partial<Record<Encoding, Promise<Buffer>>> = {};
  return {
    type: types[extname(path)] ?? "application/octet-stream",
    content,
    compressed: (encoding) => (compressed[encoding] ??= compress[encoding](content)),
  };
}

const compress: Readonly<Record<Encoding, (content: Buffer) => Promise<Buffer>>> = {
  // Level 6 is near the best and takes 60 ms for the charting library's megabyte, the best 2 s.
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (content) => promisify(gzip)(content, { level: 6 }),
};

import type { Express } from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";
import { openApi, operations } from "./open-api.ts";
import { ErrorAnswer, type Operation } from "./operation.ts";

let server: ServerUnderTest;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

/** What Express has of a route or of a router; its types do not say. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
  match(path: string): boolean;
  readonly path?: string;
}

/** Where routers may be mounted. */
const mounts = ["/v1", "/v2"];

/** Every route of the app, with the path below which it is mounted. */
function routesOf(stack: readonly Layer[], below = ""): { below: string; layer: Layer }[] {
  return stack.flatMap((layer) => {
    if (layer.route) return [{ below, layer }];
    if (!layer.handle.stack) return [];
    const mount = layer.match("/any") ? "" : mounts.find((path) => layer.match(path));
    if (mount === undefined) throw new Error(`a router is mounted where ${mounts} are not`);
    return routesOf(layer.handle.stack, `${below}${mount}`);
  });
}

const allRoutes = (app: Express) => routesOf((app.router as unknown as { stack: Layer[] }).stack);

/** The path as a client writes it. */
const pathOf = ({ path }: Operation) =>
  path.replace("{model}", "sums").replace("{version}", "7").replace("{label}", "none");

function leadsTo({ below, layer }: { below: string; layer: Layer }, operation: Operation) {
  const path = pathOf(operation);
  if (!path.startsWith(below)) return false;
  const inside = path.slice(below.length) || "/";
  return layer.route?.methods[operation.method] === true && layer.match(inside);
}

describe("the description of the server", () => {
  it("has every route that there is, and none that there is not", () => {
    const routes = allRoutes(server.app);
    expect(routes.length).toBeGreaterThan(15);
    const undescribed = routes.filter((route) => !operations.some((o) => leadsTo(route, o)));
    expect(undescribed.map(({ layer }) => layer.route)).toEqual([]);
    const missing = operations.filter((o) => !routes.some((route) => leadsTo(route, o)));
    expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it.each(operations.map((operation) => [operation.method, operation.path, operation] as const))(
    "holds of %s %s",
    async (_, __, operation) => {
      const model = server.models.requireFirst();
      const example = operation.example?.(model);
      const answer = await fetch(`${server.base}${pathOf(operation)}`, {
        method: operation.method,
        ...(example === undefined ? {} : { body: JSON.stringify(example) }),
      });
      const isLabel = operation.path.includes("{label}");
      // What the settings pin is not replaced by requests.
      const isControl = operation.path.startsWith("/v2/repository/models/");
      const expected = isLabel ? 404 : operation.answer && !isControl ? 200 : 501;
      expect(answer.status).toBe(expected);
      const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
      const content = expected === 200 ? operation.answer : { "application/json": ErrorAnswer };
      expect([200, ...(operation.errors ?? [])]).toContain(expected);
      expect(Object.keys(content ?? {})).toContain(type);
      const text = await answer.text();
      const schema: z.ZodType = content?.[type] ?? z.string();
      const said: unknown = type === "application/json" ? JSON.parse(text) : text;
      expect(schema.safeParse(said).error).toBeUndefined();
    },
  );

  it("says what errors are", async () => {
    for (const path of ["/predict", "/v1/models/sums:predict", "/v2/models/sums/infer"]) {
      const answer = await fetch(`${server.base}${path}`, { method: "POST", body: "{" });
      expect(answer.status).toBe(400);
      expect(ErrorAnswer.safeParse(await answer.json()).error).toBeUndefined();
    }
  });

  it("has names that lead somewhere, and each but once", async () => {
    const text = await (await fetch(`${server.base}/openapi.json`)).text();
    const document = JSON.parse(text) as ReturnType<typeof openApi>;
    expect(document.openapi).toBe("3.1.1");
    for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(text).not.toContain("$defs");
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(operations.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("shows requests that this model answers, and none before there is one", () => {
    const example = { features: [1, 2, 3, 4] };
    const active = server.models.requireFirst();
    expect(openApi({ model: active, hasToken: false }).paths["/predict"]).toMatchObject({
      post: { requestBody: { content: { "application/json": { example } } } },
    });
    const { paths } = openApi({ model: undefined, hasToken: false });
    expect(JSON.stringify(paths)).not.toContain('"example"');
  });

  it("speaks of a token where there is one", () => {
    const open = JSON.stringify(openApi({ model: undefined, hasToken: false }));
    expect(open).not.toMatch(/"security"|"securitySchemes"|"401"/);
    expect(openApi({ model: undefined, hasToken: true })).toMatchObject({
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      paths: { "/predict": { post: { security: [{ token: [] }] } } },
    });
  });
});

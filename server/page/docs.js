// @ts-check
import { byId, element } from "./element.js";
import { tryIt } from "./try-it.js";

/**
 * @typedef {{ $ref?: string, anyOf?: Schema[] }} Schema
 * @typedef {Record<string, { schema?: Schema, example?: unknown }>} Content by its content type
 * @typedef {{
 *   name: string, in: "path" | "query" | "header", description?: string,
 *   schema: { enum?: string[] },
 * }} Parameter
 * @typedef {{
 *   operationId: string, tags: string[], summary: string, description?: string,
 *   parameters: Parameter[], requestBody?: { content: Content },
 *   responses: Record<string, { description: string, content?: Content }>,
 * }} Operation
 * @typedef {{
 *   paths: Record<string, Record<string, Operation>>,
 *   components: { schemas: Record<string, Schema>, securitySchemes?: object },
 * }} Description
 */

const answer = await fetch("openapi.json").catch(() => undefined);
if (answer?.ok) show(await answer.json());
else byId("model").textContent = "the server does not answer; reload the page in a moment";

/** @param {Description} description */
function show({ paths, components }) {
  byId("access").hidden = components.securitySchemes === undefined;
  /** @type {Map<string, HTMLElement>} */
  const chapters = new Map();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? "";
      const chapter = chapters.get(tag) ?? element("article", {}, element("h2", {}, tag));
      chapters.set(tag, chapter);
      chapter.append(route(method, path, operation, components.schemas));
    }
  }
  byId("chapters").append(...chapters.values());
  const count = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
  byId("model").textContent = `${count} routes · OpenAPI 3.1`;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Operation} operation
 * @param {Record<string, Schema>} schemas
 */
function route(method, path, operation, schemas) {
  const inside = element("div", {});
  const details = element(
    "details",
    { id: operation.operationId },
    element(
      "summary",
      {},
      element("b", {}, method.toUpperCase()),
      element("code", {}, path),
      element("span", {}, operation.summary),
    ),
    inside,
  );
  // Most are never opened.
  details.addEventListener("toggle", () => fill(inside, method, path, operation, schemas), {
    once: true,
  });
  return details;
}

/**
 * @param {HTMLElement} inside
 * @param {string} method
 * @param {string} path
 * @param {Operation} operation
 * @param {Record<string, Schema>} schemas
 */
function fill(inside, method, path, operation, schemas) {
  const { description, parameters, requestBody, responses } = operation;
  if (description) inside.append(element("p", {}, description));
  if (parameters.length > 0) {
    const lines = parameters.flatMap(({ name, in: place, description: text = "", schema }) => [
      element("dt", {}, name),
      element(
        "dd",
        {},
        [`in the ${place}`, schema.enum?.join(" or "), text].filter(Boolean).join("; "),
      ),
    ]);
    inside.append(element("h3", {}, "Parameters"), element("dl", {}, ...lines));
  }
  if (requestBody) inside.append(...content("Body", requestBody.content, schemas));
  inside.append(element("h3", {}, "Try it"), tryIt(method, path, operation));
  for (const [status, response] of Object.entries(responses)) {
    if (status === "200") inside.append(...content("Answer", response.content ?? {}, schemas));
  }
  const failures = Object.entries(responses).filter(([status]) => status !== "200");
  if (failures.length === 0) return;
  const lines = failures.flatMap(([status, { description: text }]) => [
    element("dt", {}, status),
    element("dd", {}, text),
  ]);
  inside.append(element("h3", {}, 'Errors, as {"error": "…"}'), element("dl", {}, ...lines));
}

/**
 * @param {string} title
 * @param {Content} types
 * @param {Record<string, Schema>} schemas
 * @returns {HTMLElement[]}
 */
function content(title, types, schemas) {
  return Object.entries(types).flatMap(([type, { schema }]) => [
    element("h3", {}, `${title}, ${type}`),
    ...(schema ? [element("pre", {}, JSON.stringify(resolved(schema, schemas), null, 2))] : []),
  ]);
}

/**
 * A schema with those that it refers to in their places.
 * @param {unknown} schema
 * @param {Record<string, Schema>} schemas
 * @returns {unknown}
 */
function resolved(schema, schemas) {
  if (Array.isArray(schema)) return schema.map((item) => resolved(item, schemas));
  if (typeof schema !== "object" || schema === null) return schema;
  if ("$ref" in schema) {
    return resolved(schemas[String(schema.$ref).split("/").at(-1) ?? ""], schemas);
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, resolved(value, schemas)]),
  );
}

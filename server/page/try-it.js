// @ts-check
import { byId, element } from "./element.js";

/** More of an answer than this is not shown. */
const mostCharacters = 20_000;

/**
 * What asks a route from the page, and shows what it answers.
 * @param {string} method
 * @param {string} path
 * @param {import("./docs.js").Operation} operation
 */
export function tryIt(method, path, { parameters, requestBody }) {
  const fields = parameters
    .filter(({ in: place }) => place === "path")
    .map(({ name }) => ({ name, field: element("input", { spellcheck: false }) }));
  void fillIn(fields);
  const types = Object.keys(requestBody?.content ?? {});
  const example = requestBody?.content["application/json"]?.example;
  const text = element("textarea", { rows: 6, spellcheck: false, value: shown(example) });
  const file = element("input", { type: "file", accept: "image/png,image/jpeg" });
  const takesFile = types.includes("image/png");
  const output = element("pre", { hidden: true });
  output.setAttribute("aria-live", "polite");
  const button = element("button", { type: "button" }, "Send");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const values = fields.map(({ name, field }) => /** @type {const} */ ([name, field.value]));
    const image = takesFile ? file.files?.[0] : undefined;
    const body = image ?? (types.length > 0 ? text.value : undefined);
    output.hidden = false;
    output.textContent = "…";
    output.textContent = await asked(method, addressOf(path, values), body);
    button.disabled = false;
  });
  return element(
    "div",
    { className: "try" },
    ...fields.map(({ name, field }) => element("label", {}, name, field)),
    ...(types.includes("application/json") ? [element("label", {}, "JSON", text)] : []),
    ...(takesFile ? [element("label", {}, "or a PNG or JPEG instead", file)] : []),
    button,
    output,
  );
}

/**
 * The names in a path, as far as the server knows values for them.
 * @param {readonly { name: string, field: HTMLInputElement }[]} fields
 */
async function fillIn(fields) {
  if (fields.length === 0) return;
  const info = await (await fetch("model/info")).json();
  /** @type {Record<string, string>} */
  const known = { model: info.name ?? "", version: info.version ?? "" };
  for (const { name, field } of fields) field.value ||= known[name] ?? "";
}

/**
 * The address, relative to this page, so that it also holds behind a path of a proxy.
 * @param {string} path
 * @param {readonly (readonly [string, string])[]} values
 */
function addressOf(path, values) {
  let address = path;
  for (const [name, value] of values) {
    address = address.replace(`{${name}}`, () => encodeURIComponent(value));
  }
  return `.${address}`;
}

/**
 * @param {string} method
 * @param {string} address
 * @param {string | File | undefined} body
 * @returns {Promise<string>} status, time, and what came
 */
async function asked(method, address, body) {
  const token = /** @type {HTMLInputElement} */ (byId("token")).value;
  /** @type {Record<string, string>} */
  const headers = token && method === "post" ? { authorization: `Bearer ${token}` } : {};
  if (body !== undefined) {
    headers["content-type"] = body instanceof File ? body.type : "application/json";
  }
  const started = performance.now();
  try {
    const answer = await fetch(address, {
      method: method.toUpperCase(),
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const came = await answer.text();
    const milliseconds = (performance.now() - started).toFixed(1);
    const id = answer.headers.get("x-request-id") ?? "";
    return `${answer.status} ${answer.statusText} · ${milliseconds} ms · request ${id}\n\n${readable(came)}`;
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @param {string} text */
function readable(text) {
  let said = text;
  try {
    said = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // It is no JSON, and is shown as it is.
  }
  return said.length > mostCharacters ? `${said.slice(0, mostCharacters)}\n…` : said;
}

/** @param {unknown} example */
function shown(example) {
  if (example === undefined) return "{}";
  const long = JSON.stringify(example);
  return long.length > 500 ? long : JSON.stringify(example, null, 2);
}

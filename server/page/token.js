// @ts-check
import { byId, element } from "./element.js";

/** Behind a proxy, pages of another server may come from the same origin. */
const key = `token of ${new URL(".", location.href).pathname}`;

/** What was typed last; only this tab knows it. */
let token = stored();

/** The server wants a token, or another one; the message says so to people. */
export class TokenError extends Error {}

/**
 * Posts JSON to this server with the token that was typed, and shows the field for it where the
 * server wants one.
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<Response>}
 * @throws {TokenError} if the server wants another token
 */
export async function post(path, body) {
  const shown = token;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization(shown) },
    body: JSON.stringify(body),
  });
  const isRefused = answer.status === 401;
  byId("token").ariaInvalid = String(isRefused && shown !== "");
  if (!isRefused) return answer;
  byId("access").hidden = false;
  throw new TokenError(
    shown === ""
      ? "this server wants a token; type it into the field Token"
      : "this is not the server's token; type another one",
  );
}

/**
 * Makes the field for the token, which stays hidden until the server wants one.
 * @param {() => void} ask the model again, with another token than before
 */
export function createTokenField(ask) {
  const field = element("input", {
    id: "token",
    type: "password",
    autocapitalize: "none",
    autocomplete: "off",
    enterKeyHint: "go",
    spellcheck: false,
    value: token,
  });
  field.setAttribute("aria-describedby", "token-why");
  field.addEventListener("change", () => {
    token = field.value.trim();
    store(token);
    ask();
  });
  const why =
    "This server answers those who have its token. Enter sends it; it stays in this tab, and goes when the tab is closed.";
  byId("access").append(
    element("label", { htmlFor: field.id }, "Token"),
    field,
    element("p", { id: "token-why" }, why),
  );
}

/**
 * @param {string} shown
 * @returns {Record<string, string>} none for what no header can hold and no server has
 */
function authorization(shown) {
  return /^[!-~]+$/.test(shown) ? { authorization: `Bearer ${shown}` } : {};
}

function stored() {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    // The browser keeps nothing for this page.
    return "";
  }
}

/** @param {string} typed */
function store(typed) {
  try {
    if (typed === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, typed);
  } catch {
    // It then lasts as long as the page.
  }
}

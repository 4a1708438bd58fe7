/** A value of the configuration: text, or JSON where the value is an object. */
export function parseValue(value: string): unknown {
  try {
    return withNumbers(JSON.parse(value));
  } catch {
    return value;
  }
}

/** `pulumi config set --path` keeps a number such as 0.98 as text: here it is one again. */
function withNumbers(value: unknown): unknown {
  if (typeof value === "string" && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(value)) return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withNumbers);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]));
}

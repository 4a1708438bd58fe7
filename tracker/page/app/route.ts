/** What an address shows. */
export type Route =
  | { readonly page: "home" | "models" | "compare" | "promotions" | "nowhere" }
  | { readonly page: "experiment" | "run"; readonly id: string }
  | { readonly page: "model"; readonly name: string }
  | { readonly page: "version"; readonly name: string; readonly version: string };

/** Addresses of the pages, from what they show. */
export const addressOf = {
  experiment: (id: string) => pathOf("experiments", id),
  run: (id: string) => pathOf("runs", id),
  model: (name: string) => pathOf("models", name),
  version: (name: string, version: string) => pathOf("models", name, "versions", version),
  compare: (runIds: readonly string[]) =>
    `/compare?runs=${runIds.map(encodeURIComponent).join(",")}`,
};

/** The route of a path, such as `/runs/0af3`. */
export function routeOf(path: string): Route {
  const parts = partsOf(path);
  if (!parts) return { page: "nowhere" };
  const [first = "", second = "", third = "", fourth = "", ...more] = parts;
  if (more.length > 0) return { page: "nowhere" };
  switch (`${first}/${parts.length}`) {
    case "/0":
      return { page: "home" };
    case "models/1":
      return { page: "models" };
    case "compare/1":
      return { page: "compare" };
    case "promotions/1":
      return { page: "promotions" };
    case "experiments/2":
      return { page: "experiment", id: second };
    case "runs/2":
      return { page: "run", id: second };
    case "models/2":
      return { page: "model", name: second };
    case "models/4":
      return third === "versions"
        ? { page: "version", name: second, version: fourth }
        : { page: "nowhere" };
    default:
      return { page: "nowhere" };
  }
}

/**
 * Where an address of MLflow's own page leads here: its client prints them, and people keep them.
 * @returns undefined for a fragment that is not one of those
 */
export function addressForFragment(fragment: string): string | undefined {
  if (!fragment.startsWith("#/")) return undefined;
  const [path = "", query = ""] = fragment.slice(1).split("?");
  const parts = partsOf(path);
  if (!parts) return undefined;
  const [first, second, third, fourth] = parts;
  if (first === "experiments" && second !== undefined) {
    return third === "runs" && fourth !== undefined
      ? addressOf.run(fourth)
      : addressOf.experiment(second);
  }
  if (first === "compare-runs") return comparisonIn(query);
  if (first === "models" && second !== undefined) {
    return third === "versions" && fourth !== undefined
      ? addressOf.version(second, fourth)
      : addressOf.model(second);
  }
  return first === "models" ? "/models" : "/";
}

/** MLflow has the runs of a comparison as a JSON list. */
function comparisonIn(query: string): string {
  const ids = new URLSearchParams(query).get("runs")?.match(/[a-zA-Z0-9_-]+/g) ?? [];
  return addressOf.compare(ids);
}

function pathOf(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

function partsOf(path: string): string[] | undefined {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** A way to get hold of a version, as code to copy. */
export interface LoadCode {
  readonly title: string;
  readonly code: string;
}

/** What the code depends on. */
export interface LoadedVersion {
  readonly name: string;
  readonly version: string;
  readonly aliases: readonly string[];
  /** Files at the top of the version's folder. */
  readonly files: readonly string[];
  /** Of the package, if it is one of Updraft's. */
  readonly digest?: string | undefined;
  /** The version's own. */
  readonly source: string;
  readonly trackerUrl: string;
}

/** The ways to get hold of a version, the most likely first. */
export function loadCode(of: LoadedVersion): LoadCode[] {
  const { name, version, aliases, files, digest } = of;
  const alias = aliases.includes("champion") ? "champion" : aliases[0];
  const uri = alias ? `models:/${name}@${alias}` : `models:/${name}/${version}`;
  const python = (lines: string) =>
    `import mlflow\n\nmlflow.set_tracking_uri("${of.trackerUrl}")\n${lines}`;
  const ways: LoadCode[] = [];
  if (files.includes("MLmodel")) {
    ways.push({
      title: "MLflow",
      code: python(`model = mlflow.pyfunc.load_model("${uri}")\nmodel.predict(data)`),
    });
  }
  ways.push({
    title: "Download",
    code: python(`folder = mlflow.artifacts.download_artifacts("${uri}")`),
  });
  if (files.includes("signature.json") && digest) {
    ways.push(
      { title: "Serve", code: serveCode(of, alias) },
      {
        title: "Predict",
        code: `curl -s <the stack's url>/v1/models/${name}:predict \\\n  -H "Content-Type: application/json" \\\n  -d '{"instances": [...]}'`,
      },
    );
  }
  return ways;
}

/** Updraft's server, pinned to the bytes or following the alias. */
function serveCode({ name, source, digest, trackerUrl }: LoadedVersion, alias: string | undefined) {
  const follow = alias
    ? `\n\n# or whatever @${alias} stands for\nMLFLOW_TRACKING_URI=${trackerUrl} \\\nMODEL_NAME=${name} MODEL_ALIAS=${alias} \\\nnode server/main.ts`
    : "";
  return `# these bytes and no others\nMLFLOW_TRACKING_URI=${trackerUrl} \\\nMODEL_URI=${source} \\\nMODEL_DIGEST=${digest} \\\nnode server/main.ts${follow}`;
}

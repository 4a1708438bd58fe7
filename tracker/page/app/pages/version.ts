import { ArtifactBrowser } from "../artifacts/artifact-browser.ts";
import { fetchPackage, type PackageFiles } from "../data/package.ts";
import {
  describeVersion,
  fetchModel,
  fetchVersion,
  setVersionTag,
  type ModelVersion,
  type RegisteredModel,
} from "../data/registry.ts";
import { fetchRun, tagValue } from "../data/runs.ts";
import { formatNumber } from "../format.ts";
import { gateOf, gateTags } from "../gate.ts";
import { html, type Content } from "../html.ts";
import { AliasBadge, Ago, DigestCode, GateBadge } from "../parts/badges.ts";
import { CodeBox } from "../parts/code-box.ts";
import { Facts } from "../parts/facts.ts";
import { GateTable } from "../parts/gate-table.ts";
import { Notes } from "../parts/notes.ts";
import { PageHead } from "../parts/page-head.ts";
import { whenFound, whenLoaded } from "../parts/states.ts";
import { TagEditor } from "../parts/tag-editor.ts";
import { addressOf } from "../route.ts";
import { useData } from "../use-data.ts";
import { Evaluation } from "../version/evaluation.ts";
import { LineageView, lineageSteps } from "../version/lineage-view.ts";
import { loadCode } from "../version/load-code.ts";

const shownTags = new Set<string>(Object.values(gateTags));

interface Details {
  readonly version: ModelVersion;
  readonly model: RegisteredModel;
}

/** A version: how good it is, where it comes from, how to get hold of it. */
export function VersionPage(of: { readonly name: string; readonly version: string }) {
  const { name, version: number } = of;
  const loaded = useData(`version ${name}/${number}`, async (signal): Promise<Details> => {
    const [version, model] = await Promise.all([
      fetchVersion(name, number, signal),
      fetchModel(name, signal),
    ]);
    return { version, model };
  });
  return whenFound(
    loaded,
    (details) => html`<${LoadedVersion} ...${details} onChanged=${loaded.reload} />`,
  );
}

function LoadedVersion({ version, model, onChanged }: Details & { onChanged(): void }) {
  const { name, version: number, tags = [], description = "" } = version;
  const files = useData(`package ${name}/${number}/${version.source}`, (signal) =>
    fetchPackage(version, signal),
  );
  return html`<${VersionHead} version=${version} model=${model} />
    ${whenLoaded(files, (found) => facts(version, found))}
    <${Notes}
      text=${description}
      onSave=${(text: string) => describeVersion(name, number, text).then(onChanged)}
    />
    ${whenLoaded(files, (found) => packageSections(version, found))}
    <section class="card">
      <h2>Tags</h2>
      <${TagEditor}
        tags=${tags.filter(({ key }) => !shownTags.has(key))}
        onSet=${(key: string, value: string | undefined) =>
          setVersionTag(version, key, value).then(onChanged)}
      />
    </section>`;
}

function VersionHead({ version, model }: Details) {
  const { name, aliases = [], tags, run_id } = version;
  const verdict = gateOf(tags)?.verdict;
  const stage = version.current_stage ?? "None";
  const champion = model.aliases?.find(({ alias }) => alias === "champion")?.version;
  return html`<${PageHead}
    title=${`${name} version ${version.version}`}
    crumbs=${[
      { label: "Models", href: "/models" },
      { label: name, href: addressOf.model(name) },
    ]}
    beside=${html`${aliases.map((alias) => html`<${AliasBadge} alias=${alias} />`)}
    ${verdict ? html`<span class="pair">gate <${GateBadge} verdict=${verdict} /></span>` : null}
    ${stage === "None" ? null : html`<span class="badge">${stage}</span>`}`}
    actions=${
      champion && champion !== version.version && run_id
        ? html`<${CompareWithChampion} name=${name} champion=${champion} runId=${run_id} />`
        : null
    }
  />`;
}

/** The way to the champion's run beside this version's, if both are still there. */
function CompareWithChampion(of: {
  readonly name: string;
  readonly champion: string;
  readonly runId: string;
}) {
  const { name, champion, runId } = of;
  const runs = useData(`champion ${name}/${champion} ${runId}`, async (signal) => {
    const { run_id: championRun } = await fetchVersion(name, champion, signal);
    if (!championRun) return undefined;
    await Promise.all([fetchRun(championRun, signal), fetchRun(runId, signal)]);
    return [championRun, runId];
  });
  if (!runs.data) return null;
  return html`<a class="button plain" href=${addressOf.compare(runs.data)}
    >Compare with the champion</a
  >`;
}

function facts(version: ModelVersion, { card }: PackageFiles): Content {
  const metrics = Object.entries(card?.metrics ?? {}).slice(0, 6);
  return html`<${Facts}
    facts=${[
      ...metrics.map(([key, value]) => [key, html`<b>${formatNumber(value)}</b>`] as const),
      ["Registered", html`<${Ago} time=${version.creation_timestamp} />`],
      ["Package", packageCode(version)],
      [
        "Run",
        version.run_id
          ? html`<a href=${addressOf.run(version.run_id)}
              ><code>${version.run_id.slice(0, 8)}</code></a
            >`
          : "",
      ],
    ]}
  />`;
}

function packageCode({ tags }: ModelVersion): Content {
  const digest = tagValue(tags, gateTags.digest);
  return digest ? html`<${DigestCode} digest=${digest} />` : "";
}

function packageSections(version: ModelVersion, files: PackageFiles): Content {
  const { aliases = [], run_id, tags } = version;
  const digest = tagValue(tags, gateTags.digest);
  const { card, root } = files;
  const gate = card?.gate ?? gateOf(tags);
  const steps = lineageSteps({
    lineage: card?.lineage ?? {},
    runId: run_id,
    digest,
    version: version.version,
    aliases,
  });
  return html`<section class="card">
      <h2>Lineage</h2>
      <${LineageView} steps=${steps} />
    </section>
    <div class="columns">
      ${
        gate && gate.rules.length > 0
          ? html`<section class="card">
              <h2>Gate</h2>
              <${GateTable} rules=${gate.rules} />
            </section>`
          : null
      }
      <${Evaluation} files=${files} />
      <${LoadIt} version=${version} files=${files.names} />
    </div>
    ${
      root
        ? html`<section class="card">
            <h2>Files</h2>
            <${ArtifactBrowser} root=${root} />
          </section>`
        : null
    }`;
}

function LoadIt(of: { readonly version: ModelVersion; readonly files: readonly string[] }) {
  const { name, version, aliases = [], source, tags } = of.version;
  const ways = loadCode({
    name,
    version,
    aliases,
    files: of.files,
    digest: tagValue(tags, gateTags.digest),
    source,
    trackerUrl: location.origin,
  });
  return html`<section class="card">
    <h2>Load it</h2>
    ${ways.map(
      ({ title, code }) =>
        html`<h3>${title}</h3>
          <${CodeBox} code=${code} label=${`Code: ${title}`} />`,
    )}
  </section>`;
}

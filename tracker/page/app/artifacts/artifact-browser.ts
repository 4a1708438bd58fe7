import { fetchFolder, artifactAddress, type ArtifactEntry } from "../data/artifacts.ts";
import { formatBytes } from "../format.ts";
import { html } from "../html.ts";
import { useQuery } from "../navigation.ts";
import { Empty, whenLoaded } from "../parts/states.ts";
import { useData } from "../use-data.ts";
import { ArtifactPreview } from "./artifact-preview.ts";
import { useOpened } from "./use-opened.ts";

/** A tree of files and, beside it, the one that is chosen; which one is kept in the address. */
export function ArtifactBrowser(props: {
  readonly root: string;
  /** Where the address keeps which file is chosen. @default "file" */
  readonly field?: string;
}) {
  const { root, field = "file" } = props;
  const [query, setQuery] = useQuery();
  const chosen = query.get(field) ?? "";
  return html`<div class="artifacts">
    <${Folder}
      root=${root}
      folder=""
      chosen=${chosen}
      onChoose=${(file: string) => setQuery({ [field]: file })}
    />
    ${
      chosen
        ? html`<${ArtifactPreview} key=${chosen} root=${root} path=${chosen} />`
        : html`<div class="preview"><p class="quiet">Choose a file to look into it.</p></div>`
    }
  </div>`;
}

interface FolderProps {
  readonly root: string;
  readonly folder: string;
  readonly chosen: string;
  onChoose(path: string): void;
}

function Folder({ root, folder, chosen, onChoose }: FolderProps) {
  const loaded = useData(`${root}/${folder}`, (signal) => fetchFolder(root, folder, signal));
  return whenLoaded(loaded, (entries) =>
    entries.length === 0 && folder === ""
      ? html`<${Empty} title="No artifacts." />`
      : html`<ul class="tree" aria-label=${folder ? `Folder ${folder}` : "Files"}>
          ${entries.map((entry) => html`<li key=${entry.path}>${branch(entry, entries.length === 1)}</li>`)}
        </ul>`,
  );

  function branch(entry: ArtifactEntry, isOnly: boolean) {
    const { path, name, size } = entry;
    if (entry.isFolder) {
      const isOpen = chosen.startsWith(`${path}/`) || isOnly;
      return html`<details open=${isOpen || undefined}>
        <summary>${name}</summary>
        <${LazyFolder}
          root=${root}
          folder=${path}
          chosen=${chosen}
          isOpen=${isOpen}
          onChoose=${onChoose}
        />
      </details>`;
    }
    const onClick = (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      onChoose(path);
    };
    return html`<a
      href=${artifactAddress(root, path)}
      target="_blank"
      aria-current=${path === chosen ? "true" : undefined}
      onClick=${onClick}
    >
      <span>${name}</span><small>${size === undefined ? "" : formatBytes(size)}</small>
    </a>`;
  }
}

/** What is in a folder is fetched when somebody opens it. */
function LazyFolder(props: FolderProps & { readonly isOpen: boolean }) {
  const { isOpen: atFirst, ...folder } = props;
  const [isOpen, ref] = useOpened(atFirst);
  return html`<div ref=${ref}>${isOpen ? html`<${Folder} ...${folder} />` : null}</div>`;
}

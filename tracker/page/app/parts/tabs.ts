import { html } from "../html.ts";
import { useQuery } from "../navigation.ts";

/** A part of a page. */
export interface Tab {
  readonly id: string;
  readonly label: string;
}

/** Which parts a page has; the one that is shown is in the address. */
export function Tabs({
  tabs,
  current,
}: {
  readonly tabs: readonly Tab[];
  readonly current: string;
}) {
  const [, setQuery] = useQuery();
  const choose = (index: number) => {
    const tab = tabs[(index + tabs.length) % tabs.length];
    if (tab) setQuery({ tab: tab.id === tabs[0]?.id ? "" : tab.id, file: "" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === current);
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    choose(at + (event.key === "ArrowRight" ? 1 : -1));
    const list = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  return html`<div class="tabs" role="tablist" onKeyDown=${onKeyDown}>
    ${tabs.map(
      ({ id, label }, index) =>
        html`<button
          type="button"
          role="tab"
          id=${`tab-${id}`}
          aria-selected=${id === current}
          tabindex=${id === current ? 0 : -1}
          onClick=${() => choose(index)}
        >
          ${label}
        </button>`,
    )}
  </div>`;
}

/** The part that the address names, or the first. */
export function currentTab(tabs: readonly Tab[], query: URLSearchParams): string {
  return tabs.find(({ id }) => id === query.get("tab"))?.id ?? tabs[0]?.id ?? "";
}

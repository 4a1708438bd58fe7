import { useCallback, useEffect, useState } from "preact/hooks";
import { addressForFragment, routeOf } from "./route.ts";

const moved = new EventTarget();
let moves = 0;

/** Whether the reader came to this page from another one, without loading anew. */
export function hasMoved(): boolean {
  return moves > 0;
}

/** Goes to an address of this page. */
export function navigate(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  moved.dispatchEvent(new Event("move"));
}

/** Where the reader is; a component that uses it is drawn again when that changes. */
export function useLocation(): { readonly path: string; readonly query: URLSearchParams } {
  const [address, setAddress] = useState(currentAddress);
  useEffect(() => {
    const update = () => setAddress(currentAddress());
    moved.addEventListener("move", update);
    return () => moved.removeEventListener("move", update);
  }, []);
  const { pathname, searchParams } = new URL(address, location.origin);
  return { path: pathname, query: searchParams };
}

/** Changes fields of the address' query; what is undefined or empty is taken out. */
export function useQuery(): readonly [
  URLSearchParams,
  (changes: Readonly<Record<string, string | undefined>>) => void,
] {
  const { query } = useLocation();
  const change = useCallback((changes: Readonly<Record<string, string | undefined>>) => {
    navigate(withQuery(currentAddress(), changes), { replace: true });
  }, []);
  return [query, change];
}

/** An address with other fields in its query; commas stay readable. */
export function withQuery(
  address: string,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const url = new URL(address, "http://page");
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return `${url.pathname}${url.search.replaceAll("%2C", ",")}`;
}

/** Lets links, the back button and addresses of MLflow's page lead to pages without loading anew. */
export function followLinks(): void {
  leaveFragment();
  addEventListener("popstate", () => {
    leaveFragment();
    moves += 1;
    moved.dispatchEvent(new Event("move"));
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || !isPlainClick(event) || !leadsToPage(link)) return;
    event.preventDefault();
    moves += 1;
    navigate(`${link.pathname}${link.search}`);
    scrollTo(0, 0);
  });
}

function isPlainClick(event: MouseEvent): boolean {
  const { button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented } = event;
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey && !defaultPrevented;
}

function leadsToPage(link: HTMLAnchorElement): boolean {
  const isHere = link.origin === location.origin && link.target === "" && link.hash === "";
  return isHere && !link.hasAttribute("download") && routeOf(link.pathname).page !== "nowhere";
}

function leaveFragment(): void {
  const address = location.pathname === "/" ? addressForFragment(location.hash) : undefined;
  if (address) history.replaceState(null, "", address);
}

function currentAddress(): string {
  return `${location.pathname}${location.search}`;
}

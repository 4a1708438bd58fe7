import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { fetchRunPage, type RunPage, type RunRow, type RunSearch } from "../data/runs.ts";
import { usePolling } from "../use-data.ts";

/** The runs of a search, as far as they are there. */
export interface RunList {
  readonly rows: readonly RunRow[];
  /** The columns of the rows' cells. */
  readonly columns: readonly string[];
  readonly columnCounts: Readonly<Record<string, number>>;
  /** More runs are on their way. */
  readonly isLoading: boolean;
  /** There are more runs than are fetched without being asked for. */
  readonly hasMore: boolean;
  readonly error?: Error | undefined;
}

/** Few at first, to show something at once; then many, to be done soon. */
const pageSizes = { first: 100, others: 1000 };

/** Runs that are fetched without being asked for. */
const fetchedAtOnce = 10_000;

const pollMs = 4000;

const nothing: RunList = {
  rows: [],
  columns: [],
  columnCounts: {},
  isLoading: true,
  hasMore: false,
};

/** Fetches runs page by page and keeps those up to date that are going on. */
export function useRuns(search: RunSearch): {
  readonly list: RunList;
  loadMore(): void;
  reload(): void;
} {
  const [list, setList] = useState<RunList>(nothing);
  const [wanted, setWanted] = useState(fetchedAtOnce);
  const [round, setRound] = useState(0);
  const token = useRef<string | undefined>(undefined);
  const key = JSON.stringify(search);
  useEffect(() => {
    token.current = undefined;
    setWanted(fetchedAtOnce);
    const abort = new AbortController();
    setList((before) => ({ ...before, isLoading: true, error: undefined }));
    void fetchAll(search, abort.signal, { token, setList });
    return () => abort.abort();
  }, [key, round]);
  useEffect(() => {
    if (wanted === fetchedAtOnce) return;
    const abort = new AbortController();
    void fetchAll(search, abort.signal, { token, setList });
    return () => abort.abort();
  }, [wanted]);
  const isRunning = list.rows.some(({ status }) => status === "RUNNING");
  usePolling(isRunning && !list.isLoading, pollMs, async (signal) => {
    const page = await fetchRunPage(
      { ...search, columns: list.columns },
      { max_results: pageSizes.first },
      signal,
    );
    if (!signal.aborted) setList((before) => withNews(before, page));
  });
  const loadMore = useCallback(() => setWanted((before) => before + fetchedAtOnce), []);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { list, loadMore, reload };
}

interface Fetching {
  readonly token: { current: string | undefined };
  setList(change: (before: RunList) => RunList): void;
}

async function fetchAll(
  search: RunSearch,
  signal: AbortSignal,
  { token, setList }: Fetching,
): Promise<void> {
  let { columns } = search;
  try {
    for (let count = 0; ;) {
      const isFirst = token.current === undefined;
      const page = await fetchRunPage(
        { ...search, columns },
        { max_results: isFirst ? pageSizes.first : pageSizes.others, page_token: token.current },
        signal,
      );
      if (signal.aborted) return;
      ({ columns } = page);
      token.current = page.next_page_token;
      count += page.runs.length;
      const isDone = token.current === undefined || count >= fetchedAtOnce;
      setList((before) => withPage(before, page, { isFirst, isDone }));
      if (isDone) return;
    }
  } catch (error) {
    if (signal.aborted) return;
    const failure = error instanceof Error ? error : new Error(String(error));
    setList((before) => ({ ...before, isLoading: false, error: failure }));
  }
}

/** The list with one more page at its end, or with a first page in place of all. */
export function withPage(
  before: RunList,
  page: RunPage,
  { isFirst, isDone }: { readonly isFirst: boolean; readonly isDone: boolean },
): RunList {
  const rows = isFirst ? page.runs : [...before.rows, ...page.runs];
  const counts = { ...(isFirst ? {} : before.columnCounts) };
  for (const [column, count] of Object.entries(page.column_counts)) {
    counts[column] = (counts[column] ?? 0) + count;
  }
  return {
    rows,
    columns: page.columns,
    columnCounts: counts,
    isLoading: !isDone,
    hasMore: isDone && page.next_page_token !== undefined,
  };
}

/** The list with the newest state of its first runs, and with runs that have come since. */
export function withNews(before: RunList, page: RunPage): RunList {
  const news = new Map(page.runs.map((run) => [run.run_id, run]));
  const known = new Set(before.rows.map(({ run_id }) => run_id));
  const added = page.runs.filter(({ run_id }) => !known.has(run_id));
  const columnCounts = { ...before.columnCounts };
  for (const [column, count] of Object.entries(page.column_counts)) {
    columnCounts[column] ??= count;
  }
  return {
    ...before,
    columnCounts,
    rows: [...added, ...before.rows.map((row) => news.get(row.run_id) ?? row)],
  };
}

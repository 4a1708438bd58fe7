import { z } from "zod";
import { trainerContainer } from "../trainer-pod.ts";
import type { ClusterReader } from "./cluster-reader.ts";
import {
  endNews,
  hasEnded,
  hasLog,
  JobSeen,
  PodSeen,
  trialsNews,
  waitingNews,
  withoutPods,
  type News,
} from "./job-news.ts";
import { logLine, logNews } from "./log-news.ts";

export interface FollowedJob {
  readonly reader: ClusterReader;
  readonly namespace: string;
  /** Name of the Job, which may come yet. */
  readonly job: string;
  /** `log`: the lines of its pod; `trials`: how many of its pods are done. */
  readonly by: "log" | "trials";
  readonly say: (news: News) => void;
  readonly signal: AbortSignal;
  /** Between two looks at the cluster, in milliseconds. */
  readonly pauseMs: number;
}

/**
 * Says what a Job does until it ends or the signal does. It never throws for what the cluster
 * answers: the update waits for the Job itself, and this is only for those who watch.
 */
export async function followJob(followed: FollowedJob): Promise<void> {
  const { signal, pauseMs } = followed;
  const say = sayOnce(followed.say);
  const log = podLog(followed, say);
  while (!signal.aborted) {
    try {
      if (await look(followed, say, log)) return;
    } catch {
      // The API server is away, or we may not read this: the next look will tell.
    }
    await pause(pauseMs, signal);
  }
}

/** One look at the Job and its pods; whether it has ended. */
async function look(
  { reader, namespace, job, by, signal }: FollowedJob,
  say: (news: News | undefined) => void,
  log: (pod: PodSeen) => Promise<void>,
): Promise<boolean> {
  const found = await reader.read(`/apis/batch/v1/namespaces/${namespace}/jobs/${job}`, signal);
  if (found === undefined) return false;
  const seen = JobSeen.parse(found);
  const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${job}`);
  const list = await reader.read(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`,
    signal,
  );
  const pods = Pods.parse(list).items.toSorted((a, b) =>
    a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1,
  );
  if (by === "trials") {
    say(trialsNews(seen));
    for (const pod of pods) say(lasting(waitingNews(pod)));
  } else if (pods[0] && hasLog(pods[0])) {
    await log(pods[0]);
    say(endNews(pods[0]));
  } else if (pods[0]) {
    say(waitingNews(pods[0]));
  }
  if (pods.length === 0 && !hasEnded(seen)) {
    say(withoutPods(job, seen, await lastWarning({ reader, namespace, job, signal })));
  }
  return hasEnded(seen);
}

const Pods = z.object({ items: z.array(PodSeen) });
const Events = z.object({ items: z.array(z.object({ message: z.string().optional() })) });

/** What the cluster says is wrong with a Job that has no pods: a quota, a rule of the namespace. */
async function lastWarning({
  reader,
  namespace,
  job,
  signal,
}: Pick<FollowedJob, "reader" | "namespace" | "job" | "signal">): Promise<string | undefined> {
  const selector = encodeURIComponent(
    `involvedObject.kind=Job,involvedObject.name=${job},type=Warning`,
  );
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`;
  return Events.parse(await reader.read(path, signal)).items.at(-1)?.message;
}

/** Reads a pod's log to its end, and goes on where it was when the connection broke. */
function podLog({ reader, namespace, signal }: FollowedJob, say: (news: News | undefined) => void) {
  const read = new Set<string>();
  let last = "";
  return async (pod: PodSeen): Promise<void> => {
    const { name } = pod.metadata;
    if (read.has(name)) return;
    const since = last === "" ? "" : `&sinceTime=${encodeURIComponent(last)}`;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?container=${trainerContainer}&follow=true&timestamps=true${since}`;
    const resumedAt = last;
    for await (const line of reader.lines(path, signal)) {
      const { time, text } = logLine(line);
      // Lines since a time are those of that whole second.
      if (time <= resumedAt) continue;
      last = time;
      say(logNews(text));
    }
    if (hasLog(pod) === "ended") read.add(name);
  };
}

/** Says what stays only once, and of the rest nothing twice in a row. */
function sayOnce(say: (news: News) => void): (news: News | undefined) => void {
  const said = new Set<string>();
  let last: string | undefined;
  return (news) => {
    if (news === undefined || news.text === last || said.has(news.text)) return;
    last = news.text;
    if (news.isLasting) said.add(news.text);
    say(news);
  };
}

function lasting(news: News | undefined): News | undefined {
  return news?.isLasting ? news : undefined;
}

/** Waits without keeping the process. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}

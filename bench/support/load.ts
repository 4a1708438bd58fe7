import { Agent, request } from "node:http";

/** What a client has seen. */
export interface Load {
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly requestsPerSecond: number;
}

/**
 * Posts a body again and again over connections that are kept alive, each client one request
 * after another, for a number of requests in all.
 * @param url on 127.0.0.1
 * @throws on any answer that is not 200
 */
export async function load(
  url: string,
  body: string,
  { clients, requests }: { clients: number; requests: number },
): Promise<Load> {
  const times: number[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let left = requests;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const sent = performance.now();
      await post(url, body, agent);
      times.push(performance.now() - sent);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    p50Milliseconds: quantile(0.5),
    p99Milliseconds: quantile(0.99),
    requestsPerSecond: requests / seconds,
  };
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.once("error", reject);
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${answer.statusCode}`));
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { renderErrors } from "../render-errors.ts";
import { unavailable } from "../store/sql/database-error.ts";
import { probeRouter } from "./probes.ts";

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Asks `/ready` over a database whose answers the test decides on. */
async function probed(check: () => Promise<void>, isDraining?: () => boolean) {
  const log = pino({ level: "silent" });
  const app = express().use(probeRouter({ store: { check }, isDraining }), renderErrors(log));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready`;
  return async () => {
    const answer = await fetch(url);
    return [answer.status, await answer.text()];
  };
}

describe("/ready", () => {
  it("asks the database, once for all who ask at the same time", async () => {
    let asked = 0;
    const { promise: answering, resolve } = Promise.withResolvers<void>();
    const ready = await probed(() => {
      asked += 1;
      return answering;
    });
    const all = Promise.all([ready(), ready(), ready()]);
    await expect.poll(() => asked).toBe(1);
    resolve();

    for (const answer of await all) expect(answer).toEqual([200, "OK"]);
    expect(await ready()).toEqual([200, "OK"]);
    expect(asked).toBeGreaterThan(1);
  });

  it("is a 503 while the database cannot be reached", async () => {
    let isThere = false;
    const ready = await probed(async () => {
      if (!isThere) throw unavailable("The database cannot be reached", undefined);
    });
    expect(await ready()).toEqual([503, expect.stringContaining("The database cannot be reached")]);
    isThere = true;
    expect(await ready()).toEqual([200, "OK"]);
  });

  it("is a 503 when the database is silent, and asks anew the next time", async () => {
    const answers = [new Promise<void>(() => undefined), Promise.resolve()];
    const ready = await probed(() => answers.shift() ?? Promise.reject(new Error("no more")));
    expect(await ready()).toEqual([503, expect.stringContaining("does not answer within 2 s")]);
    expect(await ready()).toEqual([200, "OK"]);
  });

  it("is a 503 once the tracker is stopping", async () => {
    const ready = await probed(
      () => Promise.resolve(),
      () => true,
    );
    expect(await ready()).toEqual([503, "stopping"]);
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "@updraft/contracts/free-port";
import { trackerProblem } from "./tracker-preflight.ts";

type Answer = readonly [status: number, body: string];

const experiments: Answer = [200, '{"experiments": []}'];
const files: Answer = [200, '{"files": []}'];

/** A server that answers so to what asks for experiments and to what asks for artifacts. */
async function server(api: Answer, artifacts: Answer): Promise<{ uri: string; seen: string[] }> {
  const seen: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request.headers.authorization ?? "");
    const [status, body] = request.url?.includes("artifacts") ? artifacts : api;
    response.writeHead(status).end(body);
  };
  const listening = createServer(answer);
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void listening.close());
  return { uri: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, seen };
}

const configOf = (uri: string, more = {}) => ({ tracker: { port: 5000, uri }, ...more });

describe("trackerProblem", () => {
  it("has nothing to say of a tracker that answers as MLflow, or of the stack's own", async () => {
    const { uri } = await server(experiments, files);
    expect(await trackerProblem(configOf(uri))).toBeUndefined();
    expect(await trackerProblem({ tracker: { port: 5000 } })).toBeUndefined();
  });

  it("asks with the token, or with name and password", async () => {
    const { uri, seen } = await server(experiments, files);
    await trackerProblem(configOf(uri, { trackerToken: "t" }));
    await trackerProblem(configOf(uri, { trackerUsername: "u", trackerPassword: "p" }));
    expect(seen).toEqual(["Bearer t", "Bearer t", "Basic dTpw", "Basic dTpw"]);
  });

  it("says that nothing answers", async () => {
    const uri = `http://127.0.0.1:${await freePort()}`;
    expect(await trackerProblem(configOf(uri))).toBe(
      `updraft:tracker.uri: the tracker at ${uri} cannot be reached (ECONNREFUSED); start it, or set the address of one that runs`,
    );
  });

  it.each([
    [404, "<html>not here</html>", "404"],
    [200, "<html>welcome</html>", "200"],
    [200, "[]", "200"],
    [500, '{"error_code": "INTERNAL_ERROR", "message": "no database"}', "500: no database"],
  ])("says that %d %s is no tracker's answer", async (status, body, words) => {
    const { uri } = await server([status, body], files);
    expect(await trackerProblem(configOf(uri))).toBe(
      `updraft:tracker.uri: ${uri} is no tracker: it answered ${words} where MLflow lists experiments`,
    );
  });

  it("says that credentials are wanted, or that those given are refused", async () => {
    const { uri } = await server([401, "You are not authenticated."], files);
    const advice =
      "set updraft:trackerToken, or updraft:trackerUsername and updraft:trackerPassword, with pulumi config set --secret";
    expect(await trackerProblem(configOf(uri))).toBe(
      `updraft:tracker.uri: the tracker at ${uri} wants credentials (401); ${advice}`,
    );
    expect(await trackerProblem(configOf(uri, { trackerToken: "wrong-one" }))).toBe(
      `updraft:tracker.uri: the tracker at ${uri} refuses the credentials (401); ${advice}`,
    );
  });

  it("says that it serves no artifacts", async () => {
    const { uri } = await server(experiments, [503, "Endpoint disabled: --no-serve-artifacts"]);
    expect(await trackerProblem(configOf(uri))).toBe(
      `updraft:tracker.uri: the tracker at ${uri} serves no artifacts (503), and packages are kept there; start it with --serve-artifacts`,
    );
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convolutionMicroseconds } from "./support/convolutions.ts";
import { profileShares } from "./support/cpu-profile.ts";
import { jsonBody } from "./support/digit-bodies.ts";
import { type ServedRelease, startOwnServer } from "./support/own-server.ts";
import { releaseOf, withQuickStack } from "./support/quick-stack.ts";
import { load } from "./support/wrk.ts";

// What the server's time is spent on while it reads digits, one connection after another and many
// at once, beside what the convolutions of its network alone take with the same kernels.
//
//   npm run bench -- profile
const seconds = 10;

await withQuickStack("profile", async (stack) => {
  const release = await releaseOf(stack);
  for (const clients of [1, 64]) await profile(release, clients);
});
for (const size of [1, 16, 64]) {
  const taken = await convolutionMicroseconds(size);
  console.log(`the network's two convolutions alone, batches of ${size}: ${taken} µs for a digit`);
}

async function profile(release: ServedRelease, clients: number) {
  const folder = await mkdtemp(join(tmpdir(), "updraft-profile-"));
  try {
    const server = await startOwnServer(release, "wasm", [
      "--cpu-prof",
      `--cpu-prof-dir=${folder}`,
    ]);
    const post = { url: `${server.url}/v1/models/digits:predict`, ...jsonBody() };
    try {
      const { p50Milliseconds, requestsPerSecond } = await load(post, { clients, seconds });
      console.log(
        `${clients} connections, while it is profiled: p50 ${p50Milliseconds.toFixed(2)} ms, ${Math.round(requestsPerSecond)} requests/s`,
      );
    } finally {
      await server.stop();
    }
    for (const [part, share] of await profileShares(folder)) {
      console.log(`  ${`${(100 * share).toFixed(1)} %`.padStart(7)}  ${part}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

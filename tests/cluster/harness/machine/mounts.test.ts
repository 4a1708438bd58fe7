import { expect, it } from "vitest";
import { mountsBelow } from "./mounts.ts";

it("finds the mounts below folders, innermost first, and no others", () => {
  const mountInfo = [
    "22 28 0:21 / /proc rw,nosuid - proc proc rw",
    "30 28 0:30 / /run/updraft-cluster/node-1/a rw - tmpfs tmpfs rw",
    "31 30 0:31 / /run/updraft-cluster/node-1/a/b\\040c rw - overlay overlay rw",
    "32 28 0:32 / /run/updraft-cluster-of-another rw - tmpfs tmpfs rw",
    "",
  ].join("\n");
  expect(mountsBelow(mountInfo, ["/run/updraft-cluster", "/var/state"])).toEqual([
    "/run/updraft-cluster/node-1/a/b c",
    "/run/updraft-cluster/node-1/a",
  ]);
});

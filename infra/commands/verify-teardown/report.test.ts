import { describe, expect, it } from "vitest";
import { nothingFound } from "./leftover.ts";
import { report } from "./report.ts";

const pod = {
  kind: "Pod",
  name: "store-0",
  where: "in namespace updraft-dev",
  remedy: "goes with its StatefulSet store",
  isGoing: false,
};
const folder = {
  kind: "folder",
  name: "/state/dev",
  where: "the stack's files",
  remedy: "rm -r /state/dev",
  isGoing: false,
};

describe("report", () => {
  it("is one line where nothing is left", () => {
    expect(report("dev", nothingFound)).toBe("Nothing is left of the stack dev.");
  });

  it("says of everything what it is, where it is and how it is removed", () => {
    expect(report("dev", { ...nothingFound, leftovers: [pod, folder] })).toBe(
      [
        "2 things are left of the stack dev:",
        "  Pod store-0: in namespace updraft-dev; goes with its StatefulSet store",
        "  folder /state/dev: the stack's files",
        "    remove it: rm -r /state/dev",
      ].join("\n"),
    );
  });

  it("names what is kept and what nobody could see beside it", () => {
    const unseen = ["secrets outside of updraft-dev: the cluster answered 403"];
    expect(report("dev", { leftovers: [], kept: [folder], unseen })).toBe(
      [
        "Nothing is left of the stack dev.",
        "kept on purpose:",
        "  folder /state/dev: the stack's files",
        "    remove it: rm -r /state/dev",
        "could not be looked at:",
        "  secrets outside of updraft-dev: the cluster answered 403",
      ].join("\n"),
    );
  });
});

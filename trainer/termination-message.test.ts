import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { terminationMessage, writeTerminationMessage } from "./termination-message.ts";

describe("terminationMessage", () => {
  it("leaves a message alone that fits", () => {
    expect(terminationMessage("the gate failed\nrule  value")).toBe("the gate failed\nrule  value");
    expect(terminationMessage("é".repeat(2048))).toBe("é".repeat(2048));
  });

  it("cuts at the end of a line and says how many are left", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `problem ${index}: ${"x".repeat(80)}`);
    const cut = terminationMessage(lines.join("\n"));
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(4096);
    const kept = cut.split("\n");
    expect(kept.slice(0, -1)).toEqual(lines.slice(0, kept.length - 1));
    expect(kept.at(-1)).toBe(`(${101 - kept.length} more lines in the pod's log)`);
    expect(Buffer.byteLength([...kept, lines[0]].join("\n"))).toBeGreaterThan(4096);
  });

  it("cuts a line that is too long alone between two characters", () => {
    const cut = terminationMessage("😀".repeat(2000));
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(4096);
    expect(cut).toMatch(/^(?:😀){1000,}…\n\(the rest of it in the pod's log\)$/u);
    expect(terminationMessage(`${"x".repeat(5000)}\nmore`)).toMatch(
      /^x+…\n\(1 more line in the pod's log\)$/,
    );
  });
});

describe("writeTerminationMessage", () => {
  it("writes over the file that is there, which stays the same one", async () => {
    const file = join(await temporaryFolder(), "termination-log");
    await writeFile(file, "something longer than what follows");
    const { ino } = await stat(file);
    writeTerminationMessage(file, "short");
    expect(await readFile(file, "utf8")).toBe("short");
    expect((await stat(file)).ino).toBe(ino);
  });
});

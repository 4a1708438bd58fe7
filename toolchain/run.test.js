import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { Unavailable } from "./errors.js";
import { run } from "./run.js";

/** @param {string} program of Node @param {import("./run.js").RunOptions} [options] */
const node = (program, options) => run(process.execPath, ["-e", program], options);

describe("run", () => {
  it("gives what a program prints", async () => {
    expect(await node("console.log('out'); console.error('err')")).toBe("out\n");
  });

  it("tells each line as it comes, of both streams", async () => {
    /** @type {string[]} */
    const lines = [];
    await node("console.log('a\\nb'); console.error('c\\n\\nd')", {
      onLine: (line) => void lines.push(line),
    });
    expect(lines.toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  it("fails with what the program says of it, beginning and end, without its progress", async () => {
    const program = `
      for (let line = 1; line <= 20; line += 1) console.error("line " + line);
      console.error("progress");
      process.exitCode = 3;`;
    const kept = [1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 19, 20];
    const options = { name: "tool", onLine: (/** @type {string} */ line) => line === "progress" };
    await expect(node(program, options)).rejects.toEqual(
      new Unavailable(
        ["tool ended with exit code 3", ...kept.map((line) => `      line ${line}`)].join("\n"),
      ),
    );
  });

  it("fails if there is no such program", async () => {
    await expect(run("/nowhere/tool", [])).rejects.toEqual(new Unavailable("tool is not there"));
  });
});

describe("stopRunning", () => {
  it("ends what runs before it returns, and lets nothing else begin", async () => {
    const program = `
      import { run, stopRunning } from ${JSON.stringify(new URL("run.js", import.meta.url).href)};
      const inner = "process.on('SIGTERM', () => { console.log('ended'); process.exit(0); }); setInterval(() => {}, 1000); console.log('ready')";
      const { promise, resolve } = Promise.withResolvers();
      const onLine = (line) => { console.log(line); resolve(); };
      run(process.execPath, ["-e", inner], { onLine }).finally(() => console.log("went on"));
      await promise;
      await stopRunning();
      run(process.execPath, ["-e", "console.log('begun')"], { onLine });
      console.log("stopped");
      process.exit(0);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    await once(child, "close");
    expect(output).toBe("ready\nended\nstopped\n");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";

/**
 * A process that runs a program in the foreground; the program tells each signal it gets and ends
 * with 7 after what comes on its input.
 */
function start() {
  const inner = `
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => console.log(signal));
    process.stdin.on("data", () => process.exit(7));
    console.log("ready");`;
  const outer = `
    import { runInForeground } from ${JSON.stringify(new URL("foreground.js", import.meta.url).href)};
    const options = { cwd: ".", env: process.env };
    process.exitCode = await runInForeground(process.execPath, ["-e", ${JSON.stringify(inner)}], options);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", outer], { detached: true });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  return { child, pid: child.pid ?? 0, lines: () => output.trim().split("\n") };
}

describe("runInForeground", () => {
  it("passes one signal on where both the terminal and npm send it", async () => {
    const { child, pid, lines } = start();
    await expect.poll(lines).toEqual(["ready"]);
    process.kill(-pid, "SIGINT");
    process.kill(pid, "SIGINT");
    await expect.poll(lines).toEqual(["ready", "SIGINT"]);
    // Whatever else was sent has come by the time that a later signal has.
    process.kill(pid, "SIGTERM");
    await expect.poll(lines).toEqual(["ready", "SIGINT", "SIGTERM"]);
    child.stdin.write("end");
    expect(await once(child, "exit")).toEqual([7, null]);
  });

  it("ends with 128 and the number of the signal that ended the program", async () => {
    const outer = `
      import { runInForeground } from ${JSON.stringify(new URL("foreground.js", import.meta.url).href)};
      const args = ["-e", "process.kill(process.pid, 'SIGKILL')"];
      process.exitCode = await runInForeground(process.execPath, args, { cwd: ".", env: process.env });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", outer]);
    expect(await once(child, "exit")).toEqual([137, null]);
  });
});

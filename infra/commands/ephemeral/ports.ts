import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "@updraft/contracts/free-port";
import { checkout } from "../../checkout.ts";
import { loopback } from "../../local/loopback.ts";
import { serviceStatus } from "../../local/provider/supervisor-client.ts";
import { portsIn, type StackPorts } from "./stack-config.ts";

/** Ports that nobody listens on, and that no other stack of this checkout counts on. */
export async function freePorts(folder = checkout): Promise<StackPorts> {
  const names = (await readdir(folder)).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const taken = new Set(
    texts.flatMap((text, index) => Object.values(portsOf(text, names[index] ?? ""))),
  );
  const next = async (): Promise<number> => {
    const port = await freePort();
    if (taken.has(port)) return next();
    taken.add(port);
    return port;
  };
  return { inference: await next(), tracker: await next() };
}

/**
 * Whether a stack can go on with its ports: nobody listens there, or its own services do.
 * @param folder of the stack
 */
export async function areUsable(ports: StackPorts, folder: string): Promise<boolean> {
  const usable = await Promise.all(
    Object.entries(ports).map(
      async ([name, port]) =>
        (await isFree(port)) || (await serviceStatus({ folder, name, port })) !== undefined,
    ),
  );
  return usable.every(Boolean);
}

/** The ports of another stack; a file that nobody can read keeps nobody from going on. */
function portsOf(text: string, file: string): Partial<StackPorts> {
  try {
    return portsIn(text, file) ?? {};
  } catch {
    return {};
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, loopback, () => server.close(() => resolve(true)));
  });
}

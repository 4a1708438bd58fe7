import { readdirSync } from "node:fs";
import { join } from "node:path";

// Runs one benchmark, `npm run bench -- <name> [options]`, or says which there are.
const [name, ...options] = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "main.ts")
  .map((file) => file.slice(0, -".ts".length));

if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- <${names.join(" | ")}> [options]`);
  process.exitCode = 2;
} else {
  process.argv = [process.argv[0] ?? "node", join(import.meta.dirname, `${name}.ts`), ...options];
  await import(`./${name}.ts`);
}

import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { checkout } from "../../checkout.ts";
import { imageNames } from "../../kubernetes/images/build-context.ts";
import { noImages, readImages } from "../images/read-images.ts";
import { builtImages } from "../images/stack-images.ts";
import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { billOfMaterials, type ImageContent } from "./bill-of-materials.ts";
import { contentHere, contentOf } from "./image-content.ts";

const usage = `Usage: npm run sbom -- [stack] [--out <folder>]

Writes what is in the platform's images, a bill of materials for each (CycloneDX 1.6, JSON): of the
images that a stack has built, or without a stack of those that this checkout would be built into.
  --out  where to. Default: .updraft/sbom/<stack>, or .updraft/sbom/checkout`;

await runCommand(usage, async (argv) => {
  const { positionals, values } = argumentsOf(argv, { out: { type: "string" } }, usage);
  const [stack, ...more] = positionals;
  if (more.length > 0) throw new UsageError(usage);
  const contents = await contentsOf(stack);
  if (contents.length === 0) process.stdout.write(noImages(stack ?? ""));
  const folder = resolve(values.out ?? join(checkout, ".updraft", "sbom", stack ?? "checkout"));
  for (const content of contents) {
    const bill = billOfMaterials(content);
    const file = join(folder, `${content.image}.cdx.json`);
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${JSON.stringify(bill, undefined, 2)}\n`);
    process.stdout.write(
      `${bill.components.length} components: ${relative(process.cwd(), file)}\n`,
    );
  }
  return 0;
});

async function contentsOf(stack: string | undefined): Promise<ImageContent[]> {
  const read =
    stack === undefined
      ? imageNames.map((name) => contentHere(name, checkout))
      : builtImages(await readImages(stack)).map((image) => contentOf(image, checkout));
  return Promise.all(read);
}

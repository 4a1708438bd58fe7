import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../checkout.ts";
import { noImages, readImages } from "../images/read-images.ts";
import { builtImages } from "../images/stack-images.ts";
import { billOfMaterials } from "../sbom/bill-of-materials.ts";
import { contentOf } from "../sbom/image-content.ts";
import { addToSummary } from "../support/job-summary.ts";
import { findProgram } from "../support/program.ts";
import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { signImage } from "./sign-image.ts";
import { noServices, signingOf, withoutLog } from "./signing.ts";

const usage = `Usage: npm run sign -- <stack> [--key <key>] [--public-key <key>] [--no-log]
       npm run sign -- <stack> --identity <who> --issuer <url>

Signs the images that a stack has built, by their digests, attaches the bill of materials of each,
and checks both. In GitHub Actions no key is needed: the workflow's identity signs.
  --key         file or address of a key, as cosign takes it; COSIGN_PASSWORD opens it
  --public-key  to check with. Default: beside the key
  --identity    who the certificate that cosign gets here names, and
  --issuer      who says so
  --no-log      writes nothing to the public log of signatures

Ends with 3 if cosign is not here; COSIGN names another one than that on PATH.`;

const advice =
  "Install cosign 3 (https://docs.sigstore.dev/cosign/system_config/installation; in GitHub Actions sigstore/cosign-installer).";

await runCommand(usage, async (argv) => {
  const options = {
    key: { type: "string" },
    "public-key": { type: "string" },
    identity: { type: "string" },
    issuer: { type: "string" },
    "no-log": { type: "boolean" },
  } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(usage);
  const images = builtImages(await readImages(stack));
  if (images.length === 0) {
    process.stdout.write(noImages(stack));
    return 0;
  }
  const cosign = findProgram(["cosign"], "COSIGN", advice);
  const signing = signingOf(values, process.env);
  const folder = await mkdtemp(join(tmpdir(), "updraft-sign-"));
  try {
    const config = join(folder, "signing-config.json");
    await writeFile(config, JSON.stringify(noServices));
    for (const image of images) {
      const bill = join(folder, `${image.name}.cdx.json`);
      await writeFile(bill, JSON.stringify(billOfMaterials(await contentOf(image, checkout))));
      const chosen = values["no-log"] ? withoutLog(signing, config) : signing;
      const outcome = await signImage(cosign, image.ref, bill, chosen);
      process.stdout.write(`${outcome}: ${image.ref}\n`);
      addToSummary(`- ${outcome}, with its bill of materials: \`${image.ref}\``);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return 0;
});

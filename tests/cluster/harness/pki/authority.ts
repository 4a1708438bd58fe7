import { existsSync } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../../toolchain/run.js";
import { paths, pkiFile } from "../paths.ts";
import { authorities, certificateRequests, extensionsOf } from "./certificates.ts";
import type { CertificateRequest } from "./certificates.ts";

const validDays = 365;
/** Long before they end they are made anew. */
const renewMilliseconds = 300 * 24 * 3600 * 1000;

/**
 * Makes the cluster's keys and certificates unless they are there. The folder appears whole or not
 * at all. They outlive `down`, so that a kubeconfig stays valid.
 */
export async function ensureCertificates(): Promise<void> {
  if (existsSync(paths.pki)) {
    const { mtimeMs } = await stat(pkiFile("sa.key"));
    if (Date.now() - mtimeMs < renewMilliseconds) return;
    await rm(paths.pki, { recursive: true });
  }
  const draft = `${paths.pki}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await Promise.all(authorities.map((name) => authority(draft, name)));
  await Promise.all(certificateRequests().map((request) => certificate(draft, request)));
  await serviceAccountKey(draft);
  await rename(draft, paths.pki);
}

async function authority(folder: string, name: string): Promise<void> {
  const extensions = [
    "-addext basicConstraints=critical,CA:TRUE",
    "-addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature",
  ];
  await openssl(
    folder,
    `req -x509 ${newKey(name)} -days ${validDays} -subj /CN=${name} ${extensions.join(" ")} -out ${name}.crt`,
  );
}

async function certificate(folder: string, request: CertificateRequest): Promise<void> {
  const { name, subject, authority: by } = request;
  await writeFile(join(folder, `${name}.ext`), extensionsOf(request));
  await openssl(folder, `req ${newKey(name)} -subj ${subject} -out ${name}.csr`);
  // Serial numbers from a file would be the same for those that are made at the same time.
  const serial = `0x${crypto.randomUUID().replaceAll("-", "").slice(0, 30)}`;
  const signer = `-CA ${by}.crt -CAkey ${by}.key -set_serial ${serial} -days ${validDays}`;
  await openssl(
    folder,
    `x509 -req -in ${name}.csr ${signer} -extfile ${name}.ext -out ${name}.crt`,
  );
}

function newKey(name: string): string {
  return `-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${name}.key`;
}

/** What the apiserver signs the tokens of service accounts with. */
async function serviceAccountKey(folder: string): Promise<void> {
  await openssl(folder, "genrsa -out sa.key 2048");
  await openssl(folder, "rsa -in sa.key -pubout -out sa.pub");
}

/** @param command whose words have no spaces */
async function openssl(folder: string, command: string): Promise<void> {
  await run("openssl", command.split(" "), { cwd: folder });
}

import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CredentialsError } from "./credentials.ts";
import { openCredentialsFile } from "./credentials-file.ts";

let folder: string;
let file: string;
let messages: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "credentials-"));
  file = join(folder, "users.json");
  messages = [];
});
afterEach(() => rm(folder, { recursive: true }));

const log = pino(
  { level: "info" },
  {
    write: (line: string) => void messages.push((JSON.parse(line) as { msg: string }).msg),
  },
);

const usersWith = (...secrets: string[]) =>
  JSON.stringify({ users: [{ name: "ada", access: "write", secrets }] });

/** Replaces the file at once: one that is written in place may be read when it is half there. */
async function replaceFile(content: string): Promise<void> {
  await writeFile(`${file}.new`, content);
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}

it("follows the file as secrets are rotated, and outlives a mistake", async () => {
  await writeFile(file, usersWith("the-first-secret"), { mode: 0o600 });
  const opened = await openCredentialsFile(file, log, 20);
  const knows = (secret: string) => opened.current().userOf({ secret }) !== undefined;
  expect([knows("the-first-secret"), knows("the-second-secret")]).toEqual([true, false]);

  await replaceFile(usersWith("the-first-secret", "the-second-secret"));
  await expect.poll(() => knows("the-second-secret")).toBe(true);
  expect(messages).toEqual(["the credentials have changed"]);

  await replaceFile("{");
  await expect.poll(() => messages.length).toBe(2);
  expect(messages[1]).toBe(
    `${file} (TRACKER_CREDENTIALS_FILE): it is not JSON\nthe credentials stay as they were`,
  );
  expect([knows("the-first-secret"), knows("the-second-secret")]).toEqual([true, true]);

  await replaceFile(usersWith("the-second-secret"));
  await expect.poll(() => knows("the-first-secret")).toBe(false);
  opened.close();
});

it("warns of plain secrets that everybody can read, not of digests", async () => {
  const warning =
    "every user of this machine can read the secrets; chmod o-r, or write them as sha256:<digest>";
  await writeFile(file, usersWith("the-first-secret"));
  await chmod(file, 0o644);
  (await openCredentialsFile(file, log)).close();
  expect(messages).toEqual([warning]);

  await writeFile(file, usersWith(`sha256:${"0".repeat(64)}`));
  (await openCredentialsFile(file, log)).close();
  expect(messages).toEqual([warning]);
});

it("names the file and the setting with each problem", async () => {
  const where = `${file} (TRACKER_CREDENTIALS_FILE)`;
  await expect(openCredentialsFile(file, log)).rejects.toThrow(
    new CredentialsError(`${where}: there is no such file`),
  );
  await writeFile(file, '{"users": [{"access": "read", "secrets": ["x"]}]}');
  await expect(openCredentialsFile(file, log)).rejects.toThrow(
    new CredentialsError(
      [
        `${where}: users[0].name: expected a text`,
        `${where}: users[0].secrets[0]: expected at least 16 characters, or sha256: and 64 hexadecimal digits`,
      ].join("\n"),
    ),
  );
  await expect(openCredentialsFile(folder, log)).rejects.toThrow(
    `${folder} (TRACKER_CREDENTIALS_FILE): it is a folder; expected a file`,
  );
});

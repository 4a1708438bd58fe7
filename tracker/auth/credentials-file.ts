import { unwatchFile, watchFile } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Logger } from "pino";
import { CredentialsError, parseCredentials, type Credentials } from "./credentials.ts";

/** How often the file is looked at for a change, in milliseconds. */
const lookEveryMs = 2000;

/** A file that says who may use the tracker. */
export interface CredentialsFile {
  /** As the file has it now, or had it when it could last be read. */
  current(): Credentials;
  /** Stops looking at it. */
  close(): void;
}

/**
 * Opens a file of credentials, and follows its changes: secrets are rotated without a restart. A
 * change that cannot be used is logged and leaves the credentials as they were.
 * @throws {CredentialsError}
 */
export async function openCredentialsFile(
  file: string,
  log: Logger,
  intervalMs = lookEveryMs,
): Promise<CredentialsFile> {
  let current = await read(file, log);
  let closed = false;
  const reread = async () => {
    try {
      const changed = await read(file, log);
      if (closed) return;
      current = changed;
      log.info({ file }, "the credentials have changed");
    } catch (error) {
      log.error({ file }, `${messageOf(error)}\nthe credentials stay as they were`);
    }
  };
  // By its state and not by events: those of a mounted or renamed file are not to be relied on.
  const look = () => void reread();
  watchFile(file, { interval: intervalMs, persistent: false }, look);
  return {
    current: () => current,
    close() {
      closed = true;
      unwatchFile(file, look);
    },
  };
}

async function read(file: string, log: Logger): Promise<Credentials> {
  try {
    const credentials = parseCredentials(await readFile(file, "utf8"));
    const { mode } = await stat(file);
    if (credentials.holdsPlainSecrets && (mode & 0o004) !== 0) {
      log.warn(
        { file },
        "every user of this machine can read the secrets; chmod o-r, or write them as sha256:<digest>",
      );
    }
    return credentials;
  } catch (error) {
    const problems = messageOf(error).split("\n");
    throw new CredentialsError(
      problems.map((problem) => `${file} (TRACKER_CREDENTIALS_FILE): ${problem}`).join("\n"),
      { cause: error },
    );
  }
}

function messageOf(error: unknown): string {
  if (error instanceof CredentialsError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "the file may not be read; check who owns it";
  if (code === "EISDIR") return "it is a folder; expected a file";
  return error instanceof Error ? error.message : String(error);
}

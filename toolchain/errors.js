/** Something cannot be had here in the way that was tried; another way may work. */
export class Unavailable extends Error {
  /** @param {string} message the reason, as the end of a line @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = "Unavailable";
  }
}

/** What ends a command with one message for the person who ran it, and no stack trace. */
export class CommandError extends Error {
  /** @param {string} message @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

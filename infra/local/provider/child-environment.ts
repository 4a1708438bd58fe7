/** What of our own environment a child gets: what tools need, and nothing that is a secret. */
const passedOn = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "UPDRAFT_CACHE",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
];

/**
 * The environment of a service or a task: its own variables and a few of ours. The engine's
 * (backend, access token, passphrase) stay with the engine.
 */
export function childEnvironment(
  own: Readonly<Record<string, string>>,
  ours: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const passed = passedOn.flatMap((key) => (ours[key] === undefined ? [] : [[key, ours[key]]]));
  return { ...Object.fromEntries(passed), ...own };
}

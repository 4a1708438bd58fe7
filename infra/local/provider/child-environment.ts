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
  "NODE_USE_ENV_PROXY",
];

/** What a bucket is reached with, by the names that tools for S3 know. */
const ofBuckets = [
  "S3_ENDPOINT_URL",
  "MLFLOW_S3_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/**
 * The environment of a service or a task: its own variables and a few of ours. The engine's
 * (backend, access token, passphrase) stay with the engine. A training whose data is in a bucket
 * gets what the bucket is reached with.
 */
export function childEnvironment(
  own: Readonly<Record<string, string>>,
  ours: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const readsBucket = own["TRAINER_DATASET"]?.startsWith("s3://") === true;
  const names = readsBucket ? [...passedOn, ...ofBuckets] : passedOn;
  const passed = names.flatMap((key) => (ours[key] === undefined ? [] : [[key, ours[key]]]));
  return { ...Object.fromEntries(passed), ...own };
}

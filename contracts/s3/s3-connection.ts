import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { s3Address, type S3Address } from "./s3-address.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** A bucket that can be asked. */
export interface S3Connection extends S3Address {
  readonly client: S3Client;
  /** Where it is, for messages: `http://minio:9000`, or AWS with the region. */
  readonly place: string;
}

/** Requests that may be under way at once; a slow reader holds one as long as it reads. */
const maxSockets = 1000;

/**
 * Connects to a bucket with the variables that users of S3 know: `S3_ENDPOINT_URL` (or
 * `MLFLOW_S3_ENDPOINT_URL`, or those of AWS' own tools) for a store that is not AWS,
 * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, and `AWS_REGION` or
 * `AWS_DEFAULT_REGION`. Without keys the client takes them where AWS' tools do: a profile, the role
 * of a pod or of a machine.
 * @param endpoint another address of the same store
 * @throws if the address is not `s3://bucket/prefix`, or the endpoint is no address of a server
 */
export function connectToS3(
  uri: string,
  variables: Variables,
  endpoint: string | undefined = endpointIn(variables),
): S3Connection {
  const address = s3Address(uri);
  const region = variables["AWS_REGION"] || variables["AWS_DEFAULT_REGION"] || "us-east-1";
  const config: S3ClientConfig = {
    region,
    credentials: credentialsIn(variables),
    // A bucket of AWS may be in another region than the variables say.
    followRegionRedirects: true,
    maxAttempts: 5,
    // Bodies are signed as they are; checksums beside them are what some other stores refuse.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 120_000,
      throwOnRequestTimeout: true,
      socketTimeout: 120_000,
      httpAgent: { maxSockets, keepAlive: true },
      httpsAgent: { maxSockets, keepAlive: true },
    },
    logger: silent,
  };
  if (endpoint === undefined) {
    return { ...address, client: new S3Client(config), place: `AWS (${region})` };
  }
  const isAws = URL.parse(endpoint)?.hostname.endsWith(".amazonaws.com") ?? false;
  const client = new S3Client({ ...config, endpoint, forcePathStyle: !isAws });
  return { ...address, client, place: endpoint };
}

/** The client's own warnings say nothing that our errors do not. */
const silent = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const endpointVariables = [
  "S3_ENDPOINT_URL",
  "MLFLOW_S3_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL",
];

function endpointIn(variables: Variables): string | undefined {
  const name = endpointVariables.find((variable) => variables[variable]);
  return name && checkEndpoint(name, variables[name] ?? "");
}

/** The address of a server as given. @throws naming the variable if it is none */
export function checkEndpoint(name: string, value: string): string {
  const url = URL.parse(value);
  if (url && /^https?:$/.test(url.protocol) && url.username === "")
    return value.replace(/\/+$/, "");
  const shown = value.replace(/\/\/[^/]*@/, "//");
  throw new Error(
    `${name} is "${shown}": expected http://host:port or https://host of an S3 store`,
  );
}

function credentialsIn(variables: Variables): S3ClientConfig["credentials"] {
  const accessKeyId = variables["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = variables["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    const missing = accessKeyId ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID";
    throw new Error(`${missing} is missing; set both parts of the key for S3, or none`);
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: variables["AWS_SESSION_TOKEN"] || undefined,
  };
}

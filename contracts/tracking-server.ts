/** Where a tracking server is and who asks. */
export interface TrackingServer {
  /** `http://host:port`, with the path that it is served below, without a slash at its end. */
  readonly url: string;
  /** Value of the header `Authorization`. */
  readonly authorization: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The tracking server that the variables of MLflow's own clients name: `MLFLOW_TRACKING_URI`, and
 * `MLFLOW_TRACKING_USERNAME` with `MLFLOW_TRACKING_PASSWORD` or `MLFLOW_TRACKING_TOKEN`.
 * @throws if the address is missing or no address of a server
 * @see https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
 */
export function trackingServer(variables: Variables): TrackingServer {
  const given = variables["MLFLOW_TRACKING_URI"];
  const url = given ? URL.parse(given) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const problem = given ? `is "${withoutCredentials(given)}"` : "is not set";
    throw new Error(`MLFLOW_TRACKING_URI ${problem}: expected http://host:port of the tracker`);
  }
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    authorization: authorizationIn(variables) ?? authorizationOf(url),
  };
}

/** The header's value, with a user before a token, as in MLflow. */
function authorizationIn(variables: Variables): string | undefined {
  const username = variables["MLFLOW_TRACKING_USERNAME"];
  const password = variables["MLFLOW_TRACKING_PASSWORD"];
  const token = variables["MLFLOW_TRACKING_TOKEN"];
  if (username && password) return basic(username, password);
  return token ? `Bearer ${token}` : undefined;
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  return basic(decodeURIComponent(username), decodeURIComponent(password));
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function withoutCredentials(uri: string): string {
  return uri.replace(/\/\/[^/]*@/, "//");
}

import { gzipSync } from "node:zlib";
import { greyPng } from "./grey-png.ts";
import { createRandom, damaged, pick } from "./odd-requests.ts";

/** A request to the server as it is sent. */
export interface OddServerRequest {
  readonly method: string;
  /** Printable, as an HTTP client sends it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** A route as the server's OpenAPI document has it: method and path, with the names filled in. */
export interface ServerRoute {
  readonly method: string;
  readonly path: string;
}

type Random = () => number;
type Kind = (random: Random, routes: readonly ServerRoute[]) => OddServerRequest;

const mebibyte = 1 << 20;

/** Requests that the server with the model `sums` answers with 200. */
const sound: readonly OddServerRequest[] = [
  ["/v1/models/sums:predict", { instances: [[1, 2, 3, 4]] }],
  ["/v1/models/sums:predict", { inputs: { image: [[1, 2, 3, 4]] } }],
  ["/v1/models/sums:predict", { instances: Array.from({ length: 40 }, () => [1, 2, 3, 4]) }],
  ["/predict", { features: [1, 2, 3, 4] }],
  ["/predict", { image: `data:image/png;base64,${greyPng(2, 2).toString("base64")}` }],
  ["/v2/models/sums/infer", v2Body([1, 2, 2, 1], [1, 2, 3, 4])],
  ["/v2/models/sums/infer", { id: "a", ...v2Body([2, 2, 2, 1], [1, 2, 3, 4, 5, 6, 7, 8]) }],
  ["/feedback", { features: [1, 2, 3, 4], label: "two" }],
].map(([path, value]) => posted(String(path), Buffer.from(JSON.stringify(value))));

const methods = `GET HEAD PUT DELETE PATCH OPTIONS PROPFIND LOCK SEARCH PURGE REPORT TRACE QUERY`;

const pathParts =
  `.. . %2e%2e ..%2f %252e%252e%252f %2f %5c.. %00 %ff %c0%ae %E0%A4%A a ~ %20 index.html page.js
  tsconfig.json app.ts package.json models sums sums:predict v1 v2 versions labels 1 7 __proto__
  constructor toString %F0%9F%98%80 ;x ?x=1 ?a[b]=c ?__proto__[x]=1 & + * :predict {model}`.split(
    /\s+/,
  );

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -(2 ** 63),
  "",
  "1",
  "\0",
  "\ud800",
  "__proto__",
  "../../etc/passwd",
  "😀".repeat(50),
  "x".repeat(5000),
  [],
  {},
  [[[[]]]],
  [1, "2", null],
  [[1, 2], [3]],
  { image: [1, 2, 3, 4] },
];

const texts = [
  '{"__proto__":{"instances":[[1,2,3,4]]}}',
  '{"constructor":{"prototype":{"polluted":1}},"instances":[[1,2,3,4]]}',
  '{"instances":[[1,2,3,NaN]]}',
  '{"instances":[[1e999,-1e999,1e-999,1]]}',
  `{"instances":${"[".repeat(20_000)}`,
  `{"a":`.repeat(10_000),
  `{"instances":[${"[".repeat(3000)}${"]".repeat(3000)}]}`,
  "\ufeff{}",
  "null",
  "[]",
  '"',
  "",
];

const contentTypes = [
  "application/json",
  "application/octet-stream",
  "image/png",
  "image/svg+xml",
  "multipart/form-data",
  "multipart/form-data; boundary=x",
  "text/plain; charset=utf-16",
  "application/json; charset=nonsense",
  "x",
  ";",
];

/** An odd request, the same for the same number. */
export function oddServerRequest(number: number, routes: readonly ServerRoute[]): OddServerRequest {
  const random = createRandom(number);
  // Two of 50,000: each holds the server up for a moment.
  if (number % 50_000 === 25_000) return tooLarge(random);
  return pick(kinds, random)(random, routes);
}

const kinds: readonly Kind[] = [
  soundQuestion,
  soundQuestion,
  soundQuestion,
  knownRoute,
  knownRoute,
  damagedQuestion,
  damagedQuestion,
  oddJson,
  oddJson,
  oddText,
  lyingTensors,
  lyingTensors,
  oddMethod,
  trickyPath,
  oddImage,
  packed,
  oddForm,
];

function soundQuestion(random: Random): OddServerRequest {
  return pick(sound, random);
}

function knownRoute(random: Random, routes: readonly ServerRoute[]): OddServerRequest {
  const { method, path } = pick(routes, random);
  return { method, path, headers: {}, body: method === "GET" ? undefined : Buffer.from("{}") };
}

function damagedQuestion(random: Random): OddServerRequest {
  const question = pick(sound, random);
  return { ...question, body: damaged(question.body ?? Buffer.alloc(1), random) };
}

/** A sound question in which one value is another one, somewhere. */
function oddJson(random: Random): OddServerRequest {
  const { path, body } = pick(sound, random);
  const value = JSON.parse(String(body)) as unknown;
  const replaced = random() < 0.1 ? pick(oddValues, random) : changed(value, random);
  return posted(random() < 0.1 ? pick(sound, random).path : path, Buffer.from(json(replaced)));
}

function changed(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random() < 0.2) return pick(oddValues, random);
  const keys = Object.keys(value);
  const key = random() < 0.1 || keys.length === 0 ? "extra" : pick(keys, random);
  const inner = changed((value as Record<string, unknown>)[key], random);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? inner : item));
  return { ...value, [key]: inner };
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

function oddText(random: Random): OddServerRequest {
  const headers = { "content-type": pick(contentTypes, random) };
  return { ...posted(pick(sound, random).path, Buffer.from(pick(texts, random))), headers };
}

/** Tensors, mostly behind a head that says something else about them. */
function lyingTensors(random: Random): OddServerRequest {
  const size = pick([16, 0, -1, 15, 17, 1e9, 2 ** 53, 0.5, "16", null], random);
  const shape = pick(
    [[1, 2, 2, 1], [1e9, 2, 2, 1], [2 ** 31, 2 ** 31], [-1, 4], [0, 2, 2, 1], [], [1, 4], [2.5]],
    random,
  );
  const datatype = pick(["FP32", "FP32", "FP64", "INT8", "BYTES", "BOOL", "FP16", "odd"], random);
  const name = pick(["image", "image", "__proto__", ""], random);
  const data = random() < 0.5 ? { parameters: { binary_data_size: size } } : { data: [1, 2] };
  const outputs = [{ name: "sums", parameters: { binary_data: pick([true, 1, "x"], random) } }];
  const input = { name, shape, datatype, ...data };
  const head = json({ inputs: [input], ...(random() < 0.5 ? { outputs } : {}) });
  const length = pick(
    [head.length, head.length, 0, -1, head.length + 1, 1e12, "x", "1e3", "0x10", " 5 "],
    random,
  );
  const values = Buffer.alloc(pick([16, 16, 0, 15, 4096], random), 1);
  const question = posted("/v2/models/sums/infer", Buffer.concat([Buffer.from(head), values]));
  return { ...question, headers: { "inference-header-content-length": String(length) } };
}

function oddMethod(random: Random, routes: readonly ServerRoute[]): OddServerRequest {
  const body = random() < 0.3 ? Buffer.from("{}") : undefined;
  const method = pick(methods.split(" "), random);
  return { method, path: pick(routes, random).path, headers: {}, body };
}

function trickyPath(random: Random): OddServerRequest {
  const parts = Array.from({ length: 1 + random() * 5 }, () => pick(pathParts, random));
  const path = `/${parts.join(pick(["/", "/", "//", "\\"], random))}`;
  const method = pick(["GET", "GET", "POST", "HEAD"], random);
  return {
    method,
    path,
    headers: { accept: pick(["*/*", "text/html", ""], random) },
    body: undefined,
  };
}

function oddImage(random: Random): OddServerRequest {
  const images = [
    greyPng(2, 2),
    greyPng(28, 28),
    // A head that claims 400 megapixels, with nothing behind it.
    greyPng(20_000, 20_000, Buffer.alloc(0)),
    greyPng(2, 2, Buffer.alloc(1000)),
    greyPng(0, 0),
    Buffer.from("ffd8ffe000104a46494600010100000100010000ffc0001108ffffffff03", "hex"),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    Buffer.from("GIF89a"),
  ];
  const image = pick(images, random);
  const body = random() < 0.5 ? damaged(image, random) : image;
  if (random() < 0.3) {
    const address = `data:image/png;base64,${body.toString("base64")}`;
    return posted("/predict", Buffer.from(json({ image: address })));
  }
  const headers = { "content-type": pick(["image/png", "image/jpeg", "text/plain"], random) };
  return {
    ...posted(`/predict${pick(["", "?prepare=digit", "?model=x"], random)}`, body),
    headers,
  };
}

/** A body that is packed, or says so. */
function packed(random: Random): OddServerRequest {
  const question = pick(sound, random);
  const whole = gzipSync(question.body ?? "");
  // One in a hundred of these unpacks to more than the server takes.
  const body = random() < 0.01 ? bomb : pick([whole, whole, damaged(whole, random)], random);
  const encoding = pick(["gzip", "gzip", "deflate", "br", "odd", "gzip, gzip"], random);
  return { ...question, body, headers: { "content-encoding": encoding } };
}

const bomb = gzipSync(Buffer.alloc(17 * mebibyte));

function oddForm(random: Random): OddServerRequest {
  const field = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`;
  const form = Buffer.concat([Buffer.from(field), greyPng(2, 2), Buffer.from("\r\n--x--\r\n")]);
  const type = pick(["x", "x", "y", '"', ""], random);
  const body = random() < 0.7 ? damaged(form, random) : form;
  const headers = { "content-type": `multipart/form-data; boundary=${type}` };
  return { ...posted("/predict", body), headers };
}

function tooLarge(random: Random): OddServerRequest {
  return posted(pick(sound, random).path, Buffer.alloc(17 * mebibyte, " "));
}

function posted(path: string, body: Buffer): OddServerRequest {
  return { method: "POST", path, headers: {}, body };
}

function v2Body(shape: readonly number[], data: readonly number[]) {
  return { inputs: [{ name: "image", shape, datatype: "FP32", data }] };
}

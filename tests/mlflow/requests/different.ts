import { get, long, none, patch, post, remove, type ComparedRequest } from "./request.ts";

/** A request that this tracker answers otherwise than MLflow, on purpose. */
export interface DifferentRequest {
  readonly request: ComparedRequest;
  /** Status and code of MLflow's answer, such as `500 INTERNAL_ERROR`. */
  readonly theirs: string;
  readonly ours: string;
  readonly reason: string;
}

type Answers = Pick<DifferentRequest, "theirs" | "ours">;

function different(reason: string, answers: Answers, requests: ComparedRequest[]) {
  return requests.map((request): DifferentRequest => ({ request, reason, ...answers }));
}

const ok = "200";
const refused = "400 INVALID_PARAMETER_VALUE";
const missing = "404 RESOURCE_DOES_NOT_EXIST";
const failed = "500 INTERNAL_ERROR";

const search = { experiment_ids: ["<exp>"] };
const transition = { name: "other", version: "1", archive_existing_versions: true };

/** Comes after the other requests: what one of the servers refuses must not be missed later. */
export const differentRequests: readonly DifferentRequest[] = [
  ...different(
    "a user's mistake is no error of the server, which clients repeat for minutes",
    { theirs: failed, ours: refused },
    [
      post("/runs/search", { ...search, order_by: ["start_time", "start_time DESC"] }),
      post("/runs/search", { ...search, order_by: ["metrics.m", "metrics.m"] }),
      get("/registered-models/search", { order_by: ["name", "name DESC"] }),
      get("/model-versions/search", { order_by: ["name", "name"] }),
      post("/logged-models/search", { ...search, filter: "creation_time > 'a'" }),
      post("/model-versions/create", {
        name: "other",
        source: "models:/m-none",
        model_id: "m-none",
      }),
      post("/model-versions/transition-stage", { ...transition, stage: "None" }),
      post("/model-versions/transition-stage", { ...transition, stage: "Archived" }),
    ],
  ),
  ...different("the same", { theirs: failed, ours: missing }, [
    post("/model-versions/create", { name: "other", source: "models:/other/Staging" }),
  ]),
  ...different("the same", { theirs: "500", ours: refused }, [
    post("/logged-models/search", { ...search, page_token: "nonsense" }),
  ]),
  ...different(
    "MLflow lets the database's message through",
    { theirs: "400 BAD_REQUEST", ours: refused },
    [
      post("/logged-models/<model>/params", {
        model_id: "<model>",
        params: [{ key: "rate", value: "0.2" }],
      }),
    ],
  ),
  ...different("the same", { theirs: "400 BAD_REQUEST", ours: "400 RESOURCE_ALREADY_EXISTS" }, [
    post("/experiments/update", { experiment_id: "<exp>", new_name: "tagged" }),
  ]),
  ...different("the same", { theirs: "400 BAD_REQUEST", ours: missing }, [
    post("/runs/log-metric", {
      run_id: "<run>",
      key: "acc",
      value: 0.9,
      timestamp: 1,
      model_id: "m-none",
    }),
  ]),
  ...different(
    "what is logged or deleted can be logged or deleted again: the first answer may be lost",
    { theirs: "400 BAD_REQUEST", ours: ok },
    [
      post("/logged-models/<model>/params", {
        model_id: "<model>",
        params: [{ key: "rate", value: "0.1" }],
      }),
    ],
  ),
  ...different("the same", { theirs: missing, ours: ok }, [
    post("/experiments/restore", { experiment_id: "<exp>" }),
  ]),
  ...different(
    "a value that MLflow drops or reads as 0 is refused, so that nothing is lost unnoticed",
    { theirs: ok, ours: refused },
    [
      post("/runs/log-metric", { run_id: "<run>", key: "m", value: 1, timestamp: 1.5 }),
      post("/runs/log-metric", { run_id: "<run>", key: "m", value: 1, timestamp: 1, step: 1.5 }),
      post("/runs/log-metric", { run_id: "<run>", key: "m", value: true, timestamp: 1 }),
      post("/runs/create", { experiment_id: "<exp>", tags: [{ key: "", value: "b" }] }),
      post("/runs/create", { experiment_id: "<exp>", tags: "x" }),
      post("/runs/update", { run_id: "<run>", status: "DONE" }),
      post("/runs/log-inputs", { run_id: "<run>", datasets: [{}] }),
      post("/runs/log-inputs", { run_id: "<run>", datasets: [{ dataset: { name: "d" } }] }),
      patch("/logged-models/<model>", { model_id: "<model>", status: "DONE" }),
      post("/runs/search", { ...search, run_view_type: "NO" }),
      post("/experiments/search", { max_results: 9, view_type: "NO" }),
      post("/logged-models/search", { ...search, max_results: 0 }),
      post("/logged-models/search", { ...search, max_results: -1 }),
      get("/registered-models/search", { max_results: 0 }),
    ],
  ),
  ...different(
    "a filter that was cut off, or lacks an AND, would find something else than was meant",
    { theirs: ok, ours: refused },
    [
      post("/runs/search", { ...search, filter: "metrics.m > 0 AND" }),
      post("/runs/search", { ...search, filter: "params. = '1'" }),
      post("/logged-models/search", { ...search, filter: "name = 'cnn' AND" }),
      post("/experiments/search", { max_results: 9, filter: "AND" }),
      post("/experiments/search", { max_results: 9, filter: "name = 'a' name = 'b'" }),
    ],
  ),
  ...different(
    "only the part before the dot in backticks is not worth a grammar of its own",
    { theirs: ok, ours: refused },
    [post("/runs/search", { ...search, filter: "`params`.p = '1'" })],
  ),
  ...different(
    "limits that MLflow documents and its databases do not keep",
    { theirs: ok, ours: refused },
    [
      post("/registered-models/create", { name: long(257) }),
      post("/experiments/create", { name: "   " }),
      post("/runs/log-batch", {
        run_id: "<two>",
        tags: [{ key: "huge", value: long(1_000_001) }],
      }),
    ],
  ),
  ...different("no address may lead out of its folder", { theirs: ok, ours: refused }, [
    post("/experiments/create", { name: "up", artifact_location: "s3://bucket/../a" }),
  ]),
  ...different("what is no id of a run is refused as such", { theirs: missing, ours: refused }, [
    get("/runs/get", { run_id: "../x" }),
  ]),
  ...different("a run that is missing has no history", { theirs: ok, ours: missing }, [
    get("/metrics/get-history", { run_id: none, metric_key: "m" }),
  ]),
  ...different("a deleted model takes no more tags", { theirs: ok, ours: missing }, [
    patch("/logged-models/<mlp>/tags", { tags: [{ key: "a", value: "1" }] }),
  ]),
  ...different("other spellings are understood as well", { theirs: refused, ours: ok }, [
    post("/experiments/search", { max_results: 9, filter: "attributes.name = 'a'" }),
    post("/experiments/search", { max_results: 9, order_by: ["tags.team"] }),
    post("/experiments/search", {}),
    post("/runs/search", { ...search, order_by: "metrics.m" }),
    post("/runs/search", { experiment_ids: "<exp>" }),
    post("/logged-models/search", { ...search, filter: "metric.acc > 0.6" }),
    post("/logged-models/search", { ...search, filter: "tags.team IS NULL" }),
    get("/registered-models/search", { filter: "attributes.name = 'a'" }),
    get("/model-versions/search", { filter: "attr.name = 'a'" }),
    get("/model-versions/search", { filter: "version_number = 1.0" }),
  ]),
  ...different(
    "the model's id is in the address; the body need not repeat it",
    { theirs: refused, ours: missing },
    [patch("/logged-models/m-none", { status: "LOGGED_MODEL_READY" })],
  ),
  ...different(
    "clients look for this code to find out what a server can do",
    { theirs: "404", ours: "404 ENDPOINT_NOT_FOUND" },
    [get("/no/such-operation"), post("/runs/no-such-operation")],
  ),
  ...different("the same", { theirs: "405", ours: "404 ENDPOINT_NOT_FOUND" }, [
    get("/runs/create"),
    remove("/runs/get", { run_id: "<run>" }),
  ]),
];

/** What an HTTP service throws, anywhere, for its one error middleware to render. */
export class HttpError extends Error {
  readonly status: number;
  /** What a caller branches on, such as MLflow's `RESOURCE_DOES_NOT_EXIST`. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
  }
}

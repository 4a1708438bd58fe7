"""Asks a server in every way that Triton's client knows; prints what it saw as JSON.

Usage: python triton.py <http://host:port>
"""

import json
import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

client = triton.InferenceServerClient(url=sys.argv[1].removeprefix("http://"))
image = np.array([1, 2, 3, 4]).reshape(1, 2, 2, 1)


def tensor(values, datatype, is_binary):
    result = triton.InferInput("image", list(values.shape), datatype)
    result.set_data_from_numpy(values, binary_data=is_binary)
    return result


def answer(
    values=image.astype(np.float32),
    datatype="FP32",
    binary=(True, True),
    name="sums",
    wanted="sums",
    **options,
):
    outputs = [triton.InferRequestedOutput(wanted, binary_data=binary[1])]
    given = [tensor(values, datatype, binary[0])]
    result = client.infer(name, given, outputs=outputs, **options)
    head = result.get_response()
    return {
        "values": result.as_numpy("sums").tolist(),
        "id": head.get("id"),
        "version": head["model_version"],
        "binary": "data" not in head["outputs"][0],
    }


def error(call, *args, **options):
    try:
        call(*args, **options)
        return "nothing was raised"
    except InferenceServerException as raised:
        return [raised.status(), raised.message()]


def datatypes(is_binary, names):
    kinds = {
        "BOOL": np.bool_,
        "UINT8": np.uint8,
        "UINT16": np.uint16,
        "UINT32": np.uint32,
        "UINT64": np.uint64,
        "INT8": np.int8,
        "INT16": np.int16,
        "INT32": np.int32,
        "INT64": np.int64,
        "FP16": np.float16,
        "FP32": np.float32,
        "FP64": np.float64,
    }
    return {
        name: answer(image.astype(kinds[name]), name, (is_binary, True))["values"]
        for name in kinds
        if name in names
    }


def at_once():
    given = [tensor(image.astype(np.float32), "FP32", True)]
    asked = [client.async_infer("sums", given, request_id=str(index)) for index in range(8)]
    return [each.get_result().get_response()["id"] for each in asked]


everything = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"]
several = np.stack([image[0], image[0] * 2]).astype(np.float32)
seen = {
    "live": client.is_server_live(),
    "ready": client.is_server_ready(),
    "model ready": [
        client.is_model_ready("sums"),
        client.is_model_ready("sums", "7"),
        client.is_model_ready("sums", "8"),
        client.is_model_ready("other"),
    ],
    "server": client.get_server_metadata(),
    "model": client.get_model_metadata("sums"),
    "model's version": client.get_model_metadata("sums", "7"),
    "index": client.get_model_repository_index(),
    "bytes": answer(request_id="mine"),
    "json": answer(binary=(False, False), model_version="7"),
    "json to bytes": answer(binary=(False, True)),
    "bytes to json": answer(binary=(True, False)),
    "no wishes": client.infer("sums", [tensor(several, "FP32", True)]).as_numpy("sums").tolist(),
    "compressed": [
        answer(
            binary=(is_binary, is_binary),
            request_compression_algorithm=algorithm,
            response_compression_algorithm=algorithm,
        )["values"]
        for algorithm in ["gzip", "deflate"]
        for is_binary in [True, False]
    ],
    "binary datatypes": datatypes(True, [*everything, "FP16", "FP32", "FP64"]),
    "json datatypes": datatypes(False, [*everything, "FP32", "FP64"]),
    "at once": at_once(),
    "errors": {
        "model": error(answer, name="other"),
        "version": error(answer, model_version="8"),
        "shape": error(answer, several.reshape(2, 4)),
        "output": error(answer, wanted="other"),
        "range": error(answer, image.astype(np.float32) * 3),
        "load": error(client.load_model, "sums"),
        "unload": error(client.unload_model, "sums"),
    },
}
print(json.dumps(seen))

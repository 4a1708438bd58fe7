"""The network of models/digits behind FastAPI and ONNX Runtime: what Python teams serve with.

Its weights are random; that changes no time. Usage: serve_onnx.py PORT
"""

import sys

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Request
from onnx import TensorProto, helper, numpy_helper


def network() -> bytes:
    random = np.random.default_rng(0)

    def weights(name, *shape):
        return numpy_helper.from_array(random.normal(0, 0.05, shape).astype(np.float32), name)

    same = {"kernel_shape": [5, 5], "pads": [2, 2, 2, 2]}
    pool = {"kernel_shape": [2, 2], "strides": [2, 2]}
    node = helper.make_node
    graph = helper.make_graph(
        [
            node("Mul", ["image", "scale"], ["scaled"]),
            node("Conv", ["scaled", "k1"], ["c1"], **same),
            node("MaxPool", ["c1"], ["p1"], **pool),
            node("Relu", ["p1"], ["r1"]),
            node("Conv", ["r1", "k2"], ["c2"], **same),
            node("MaxPool", ["c2"], ["p2"], **pool),
            node("Relu", ["p2"], ["r2"]),
            node("Flatten", ["r2"], ["f"]),
            node("Gemm", ["f", "w1", "b1"], ["d1"]),
            node("Relu", ["d1"], ["r3"]),
            node("Gemm", ["r3", "w2", "b2"], ["d2"]),
            node("Softmax", ["d2"], ["probabilities"]),
        ],
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [None, 1, 28, 28])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 10])],
        [
            numpy_helper.from_array(np.float32(1 / 255), "scale"),
            weights("k1", 16, 1, 5, 5),
            weights("k2", 32, 16, 5, 5),
            weights("w1", 1568, 128),
            weights("b1", 128),
            weights("w2", 128, 10),
            weights("b2", 10),
        ],
    )
    opset = helper.make_opsetid("", 17)
    return helper.make_model(graph, opset_imports=[opset], ir_version=9).SerializeToString()


session = onnxruntime.InferenceSession(network(), providers=["CPUExecutionProvider"])
app = FastAPI()


@app.post("/v1/models/digits:predict")
async def predict(request: Request):
    instances = np.asarray((await request.json())["instances"], dtype=np.float32)
    (probabilities,) = session.run(None, {"image": instances.reshape(-1, 1, 28, 28)})
    return {"predictions": probabilities.tolist()}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")

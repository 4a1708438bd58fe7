"""Reads a server's answers with MLServer's schemas; prints what it saw as JSON.

Usage: python mlserver_types.py <http://host:port>
"""

import json
import sys
import urllib.error
import urllib.request

import numpy as np
from mlserver import types
from mlserver.codecs import NumpyCodec

url = sys.argv[1]


def ask(path, body=None):
    data = None if body is None else body.encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url + path, data=data)) as got:
            return got.read()
    except urllib.error.HTTPError as refused:
        return refused.read()


def infer(shape, **dump):
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    tensor = NumpyCodec.encode_input("image", values)
    wanted = types.RequestOutput(name="sums")
    sent = types.InferenceRequest(id="mine", inputs=[tensor], outputs=[wanted])
    return ask("/v2/models/sums/infer", sent.model_dump_json(**dump))


def read(schema, body):
    return schema.model_validate_json(body)


def answer(**dump):
    got = read(types.InferenceResponse, infer((2, 2, 2, 1), **dump))
    values = NumpyCodec.decode_output(got.outputs[0])
    return [got.id, got.model_name, got.model_version, values.tolist()]


model = read(types.MetadataModelResponse, ask("/v2/models/sums"))
server = read(types.MetadataServerResponse, ask("/v2"))
index = read(types.RepositoryIndexResponse, ask("/v2/repository/index", "{}"))
refused = read(types.InferenceErrorResponse, infer((1, 4)))
seen = {
    "model": model.model_dump(mode="json", exclude_none=True),
    "server": server.name,
    "index": [item.model_dump(mode="json") for item in index.root],
    "answer": answer(),
    "answer without nulls": answer(exclude_none=True),
    "refused": refused.error,
}
print(json.dumps(seen))

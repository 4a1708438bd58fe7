"""Asks a server that has no model yet; prints what the clients saw as JSON.

Usage: python not_ready.py <http://host:port>
"""

import asyncio
import json
import sys

import httpx
import tritonclient.http as triton
from kserve import InferenceRESTClient, RESTConfig

url = sys.argv[1]


async def kserve(protocol):
    client = InferenceRESTClient(RESTConfig(protocol=protocol))
    seen = {
        "live": await client.is_server_live(url),
        "model ready": await client.is_model_ready(url, "sums"),
    }
    if protocol == "v2":
        try:
            seen["ready"] = await client.is_server_ready(url)
        except httpx.HTTPStatusError as raised:
            seen["ready"] = raised.response.status_code
    return seen


client = triton.InferenceServerClient(url=url.removeprefix("http://"))
seen = {
    "triton": {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "model ready": client.is_model_ready("sums"),
        "index": client.get_model_repository_index(),
    },
    "v1": asyncio.run(kserve("v1")),
    "v2": asyncio.run(kserve("v2")),
}
print(json.dumps(seen))

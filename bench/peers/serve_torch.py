"""The network of models/digits behind FastAPI and PyTorch. Random weights change no time.

Usage: serve_torch.py PORT
"""

import sys

import torch
import uvicorn
from fastapi import FastAPI, Request
from torch import nn

network = nn.Sequential(
    nn.Conv2d(1, 16, 5, padding="same", bias=False),
    nn.MaxPool2d(2),
    nn.ReLU(),
    nn.Conv2d(16, 32, 5, padding="same", bias=False),
    nn.MaxPool2d(2),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(1568, 128),
    nn.ReLU(),
    nn.Linear(128, 10),
    nn.Softmax(1),
).eval()
# With a thread for each core one image takes longer here than with one.
torch.set_num_threads(1)
app = FastAPI()


@app.post("/v1/models/digits:predict")
async def predict(request: Request):
    instances = torch.tensor((await request.json())["instances"], dtype=torch.float32)
    with torch.inference_mode():
        return {"predictions": network(instances.reshape(-1, 1, 28, 28) / 255).tolist()}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")

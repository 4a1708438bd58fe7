"""The network of models/digits behind FastAPI and Keras. Random weights change no time.

Usage: serve_keras.py PORT
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy
import uvicorn
from fastapi import FastAPI, Request
from keras import layers

network = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(16, 5, padding="same", use_bias=False),
        layers.MaxPooling2D(),
        layers.ReLU(),
        layers.Conv2D(32, 5, padding="same", use_bias=False),
        layers.MaxPooling2D(),
        layers.ReLU(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
app = FastAPI()


@app.post("/v1/models/digits:predict")
async def predict(request: Request):
    instances = numpy.asarray((await request.json())["instances"], dtype=numpy.float32)
    return {"predictions": network.predict(instances.reshape(-1, 28, 28, 1), verbose=0).tolist()}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")

"""Trains the reference network with Keras on TensorFlow, as a graph, and prints each epoch as JSON."""
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy
import tensorflow
from keras import layers
from mnist import digits, one_cycle, report_peak

options = json.loads(sys.argv[1])
keras.utils.set_random_seed(options["seed"])
images, labels = digits(options["folder"], "train")
images, labels = images[: options["count"]], labels[: options["count"]]
test_images, test_labels = digits(options["folder"], "t10k")
batch, epochs = options["batch"], options["epochs"]
steps = len(labels) // batch

network = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(options["dropout"]),
        layers.Dense(10),
    ]
)


class OneCycle(keras.callbacks.Callback):
    step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate.assign(one_cycle(self.step, epochs * steps, options["rate"]))
        self.step += 1


class Report(keras.callbacks.Callback):
    """Judges after each epoch; that counts, as it does for the others, only in the whole time."""

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.perf_counter() - self.started
        parts = [network.predict_on_batch(test_images[at : at + 500]) for at in range(0, len(test_labels), 500)]
        accuracy = float((numpy.concatenate(parts).argmax(1) == test_labels).mean())
        line = {"epoch": epoch + 1, "seconds": seconds, "images": steps * batch, "accuracy": accuracy}
        print(json.dumps(line), flush=True)


network.compile(
    optimizer=keras.optimizers.Adam(),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
data = (
    tensorflow.data.Dataset.from_tensor_slices((images, labels))
    .cache()
    .shuffle(len(labels), seed=options["seed"])
    .batch(batch, drop_remainder=True)
    .prefetch(2)
)
network.fit(data, epochs=epochs, shuffle=False, verbose=0, callbacks=[OneCycle(), Report()])
report_peak()

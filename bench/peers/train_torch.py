"""Trains the reference network with PyTorch, eagerly, and prints each epoch as a line of JSON."""
import json
import sys
import time

import numpy
import torch
from mnist import digits, one_cycle, report_peak
from torch import nn

options = json.loads(sys.argv[1])
torch.manual_seed(options["seed"])
images, labels = digits(options["folder"], "train")
images = torch.from_numpy(images[: options["count"]].transpose(0, 3, 1, 2).copy())
labels = torch.from_numpy(labels[: options["count"]])
test_images, test_labels = digits(options["folder"], "t10k")
test_images = torch.from_numpy(test_images.transpose(0, 3, 1, 2).copy())
test_labels = torch.from_numpy(test_labels)

network = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding="same"),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, padding="same"),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(3136, 128),
    nn.ReLU(),
    nn.Dropout(options["dropout"]),
    nn.Linear(128, 10),
)
optimizer = torch.optim.Adam(network.parameters())
loss_of = nn.CrossEntropyLoss()
batch, epochs = options["batch"], options["epochs"]
steps = len(labels) // batch
random = numpy.random.default_rng(options["seed"])

for epoch in range(epochs):
    started = time.perf_counter()
    order = torch.from_numpy(random.permutation(len(labels)))
    network.train()
    for step in range(steps):
        rate = one_cycle(epoch * steps + step, epochs * steps, options["rate"])
        for group in optimizer.param_groups:
            group["lr"] = rate
        chosen = order[step * batch : (step + 1) * batch]
        optimizer.zero_grad(set_to_none=True)
        loss_of(network(images[chosen]), labels[chosen]).backward()
        optimizer.step()
    seconds = time.perf_counter() - started
    network.eval()
    with torch.inference_mode():
        answers = torch.cat([network(part).argmax(1) for part in test_images.split(500)])
    accuracy = (answers == test_labels).float().mean().item()
    line = {"epoch": epoch + 1, "seconds": seconds, "images": steps * batch, "accuracy": accuracy}
    print(json.dumps(line), flush=True)
report_peak()

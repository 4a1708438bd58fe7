"""MNIST's published files as arrays, and the one-cycle learning rate that the contestants share."""
import gzip
import json
import math
import os
import resource

import numpy


def idx(folder, name, header):
    path = os.path.join(folder, name)
    if os.path.exists(path + ".gz"):
        with gzip.open(path + ".gz") as file:
            content = file.read()
    else:
        with open(path, "rb") as file:
            content = file.read()
    return numpy.frombuffer(content, numpy.uint8, offset=header)


def digits(folder, split):
    """Images [n, 28, 28, 1], float32 in [0, 1], and labels [n]."""
    images = idx(folder, f"{split}-images-idx3-ubyte", 16).reshape(-1, 28, 28, 1)
    labels = idx(folder, f"{split}-labels-idx1-ubyte", 8)
    return images.astype(numpy.float32) / 255, labels.astype(numpy.int64)


def one_cycle(step, steps, highest, warm_up=0.2, start=0.04):
    """Rises along a line to the highest rate, falls along a cosine to zero."""
    progress = step / steps
    if progress < warm_up:
        return highest * (start + (1 - start) * progress / warm_up)
    return highest * 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))


def report_peak():
    """The last line: the most memory that the process had, in bytes."""
    print(json.dumps({"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))

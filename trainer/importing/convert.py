"""Converts a model to a graph of tfjs.

Usage: convert.py keras-h5|keras-v3|saved-model <from> <to>

Ends with 3 if what it needs is not installed or does not fit together.
"""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# A conversion computes next to nothing, and must not take the memory of a GPU.
os.environ["CUDA_VISIBLE_DEVICES"] = ""

NOT_INSTALLED = 3


def main(kind: str, source: str, target: str) -> None:
    try:
        import keras
        import tf_keras
        from tensorflowjs import converters
    except Exception as error:  # Versions that clash raise what they like.
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(NOT_INSTALLED)

    with tempfile.TemporaryDirectory() as folder:
        saved = source
        if kind != "saved-model":
            saved = os.path.join(folder, "saved")
            export(source, saved, keras, tf_keras)
        converters.convert(
            ["--input_format=tf_saved_model", "--output_format=tfjs_graph_model", saved, target]
        )


def export(source: str, target: str, keras, tf_keras) -> None:
    """Writes a file of Keras as a SavedModel, by the version of Keras that can read it."""
    try:
        model = keras.models.load_model(source, compile=False)
    except Exception as error:
        try:
            older = tf_keras.models.load_model(source, compile=False)
        except Exception:
            raise error from None
        older.export(target)
        return
    model.export(target)


if __name__ == "__main__":
    main(*sys.argv[1:])

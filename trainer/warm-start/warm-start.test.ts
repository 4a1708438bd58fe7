import * as tf from "@tensorflow/tfjs";
import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { smallNetwork } from "../fixtures/small-network.ts";
import { storedWeights } from "../training/training-state.ts";
import { beginWith, type WarmWeights } from "./warm-start.ts";

/** What is known of a version with a network. */
function versionOf(network: tf.LayersModel): WarmWeights {
  return { version: "3", digest: digestOf("a"), weights: storedWeights(network, "network") };
}

const valuesOf = (network: tf.LayersModel) =>
  network.getWeights().map((weight) => [...weight.dataSync()]);

/** As the small network, with other layers after the convolution. */
function widerNetwork(): tf.LayersModel {
  const layers = smallNetwork(7).layers.slice(0, -2);
  const more = [tf.layers.dense({ name: "logits", units: 5 }), tf.layers.softmax({ name: "out" })];
  return tf.sequential({ name: "wider", layers: [...layers, ...more] });
}

describe("a training that begins with the weights of a version", () => {
  it("has all of them where the network is the same, and keeps no tensor beside them", () => {
    const champion = smallNetwork(1);
    const version = versionOf(champion);
    const network = smallNetwork(2);
    const before = tf.memory().numTensors;
    expect(beginWith(network, version)).toBe("begins with 3 of 3 weights of version 3");
    expect(tf.memory().numTensors).toBe(before);
    expect(valuesOf(network)).toEqual(valuesOf(champion));
  });

  it("has those that fit, and says which do not", () => {
    const champion = smallNetwork(1);
    const network = widerNetwork();
    const own = valuesOf(network);
    expect(beginWith(network, versionOf(champion))).toBe(
      "begins with 1 of 3 weights of version 3: logits/kernel is [48, 5] here and [48, 2] there; logits/bias is [5] here and [2] there",
    );
    expect(valuesOf(network)).toEqual([valuesOf(champion)[0], ...own.slice(1)]);
  });

  it("does not begin if none fits", () => {
    const layers = [tf.layers.dense({ name: "only", units: 2, inputShape: [3] })];
    const network = tf.sequential({ name: "other", layers });
    expect(() => beginWith(network, versionOf(smallNetwork()))).toThrow(
      "none of the weights of version 3 fits this network (TRAINER_WARM_START): only/kernel is [3, 2] here and nothing there; only/bias is [2] here and nothing there; set none, or train the network of that version",
    );
  });
});

import { expect, it } from "vitest";
import { logLine, logNews } from "./log-news.ts";

it("parts a line from its time", () => {
  const time = "2026-07-14T09:35:12.000000001Z";
  expect(logLine(`${time} epoch 1/2  loss 0.1`)).toEqual({ time, text: "epoch 1/2  loss 0.1" });
  expect(logLine(`${time} `)).toEqual({ time, text: "" });
  expect(logLine(time)).toEqual({ time, text: "" });
});

it("passes the trainer's lines for people on, and lets the release stay", () => {
  const progress = "epoch 1/2  40 %  loss 0.0312  5,210 images/s  14 s left";
  expect(logNews(progress)).toEqual({ text: progress, isLasting: false });
  const released = "released digits version 4, accuracy 0.9912, sha256:aaaa";
  expect(logNews(`${released}  `)).toEqual({ text: released, isLasting: true });
  expect(logNews("   ")).toBeUndefined();
});

it("takes from the log for machines only the warnings", () => {
  expect(logNews('{"level":30,"msg":"the run has started"}')).toBeUndefined();
  expect(logNews('{"level":40,"msg":"the tracker is away"}')).toEqual({
    text: "the tracker is away",
    isLasting: true,
  });
  expect(logNews('{"level":50}')).toBeUndefined();
  expect(logNews("{no JSON")).toEqual({ text: "{no JSON", isLasting: false });
});

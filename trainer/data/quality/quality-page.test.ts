import { digestOf } from "@updraft/contracts/digest";
import { model } from "@updraft/models/digits";
import { expect, it } from "vitest";
import { checkQuality } from "./check-quality.ts";
import { qualityFiles } from "./quality-files.ts";
import { QualityReport } from "./report.ts";

const count = 60;
const train = {
  count,
  inputs: Uint8Array.from({ length: count * 784 }, (_, at) => (at % 784 === 0 ? at / 784 : at % 7)),
  labels: Int32Array.from({ length: count }, (_, index) => (index < 2 ? 10 : index % 10)),
  originOf: (index: number) => `<b>.csv, line ${index}`,
};
const check = (champion?: Parameters<typeof checkQuality>[3]) =>
  checkQuality(
    { dataset: { train }, name: "file:///d", digest: digestOf("d"), seed: 1 },
    model,
    {},
    champion,
  ).report;

it("is one page that needs nothing else, with the rows to look at as text", async () => {
  const page = String((await qualityFiles(check()))["data/quality.html"]);
  expect(page).toContain("The data is rejected");
  expect(page).toContain("<li>&lt;b&gt;.csv, line 1: its label is 10; expected 0 to 9</li>");
  expect(page).not.toMatch(/<b>|<script|<link|src=|href="http/);
  expect(page.match(/<svg/g)).toHaveLength(2);
});

it("has the distribution of the champion's data beside this one's", async () => {
  const { baseline } = check();
  const page = String((await qualityFiles(check({ version: "4", baseline })))["data/quality.html"]);
  expect(page).toContain(">champion, version 4</text>");
});

it("is a file for programs too", async () => {
  const report = check();
  const json = String((await qualityFiles(report))["data/quality.json"]);
  expect(QualityReport.parse(JSON.parse(json))).toEqual(report);
});

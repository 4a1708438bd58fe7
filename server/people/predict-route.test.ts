import { crc32, deflateSync, gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";
import { maxImageBytes } from "./decode-image.ts";

let server: ServerUnderTest;
let png: Buffer;
let jpeg: Buffer;
let gif: Buffer;

// The model adds up four values from 0 to 10, and gives the sum and twice the sum.
beforeAll(async () => {
  const image = sharp(Uint8Array.of(0, 255, 0, 255), { raw: { width: 2, height: 2, channels: 1 } });
  png = await image.png().toBuffer();
  gif = await image.gif().toBuffer();
  const white = { width: 40, height: 40, channels: 3, background: "white" } as const;
  jpeg = await sharp({ create: white }).jpeg().toBuffer();
  server = await startServer();
});

afterAll(() => server.close());

async function ask(
  body: string | Uint8Array<ArrayBuffer> | FormData,
  headers: Record<string, string> = {},
  query = "",
) {
  const answer = await fetch(`${server.base}/predict${query}`, { method: "POST", headers, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const json = (body: unknown) => ask(JSON.stringify(body), { "content-type": "application/json" });
const bytes = (buffer: Buffer) => new Uint8Array(buffer);
const asPng = (content: Buffer) => ask(bytes(content), { "content-type": "image/png" });
const dataUrl = (content: Buffer, type = "image/png") =>
  `data:${type};base64,${content.toString("base64")}`;

function form(...parts: readonly (readonly [string, string | Buffer])[]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === "string") data.append(name, value);
    else data.append(name, new Blob([bytes(value)]), "image");
  }
  return data;
}

/** A PNG of one grey pixel's header and whatever chunks follow it. */
function pngOf(size: readonly [number, number], ...chunks: (readonly [string, Buffer])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size[0], 0);
  header.writeUInt32BE(size[1], 4);
  header[8] = 8;
  const all = [["IHDR", header] as const, ...chunks, ["IEND", Buffer.alloc(0)] as const];
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    ...all.flatMap(([name, data]) => {
      const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
      const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
      length.writeUInt32BE(data.length);
      checksum.writeUInt32BE(crc32(named));
      return [length, named, checksum];
    }),
  ]);
}

const sum = (first: number) => ({
  status: 200,
  body: {
    prediction: 1,
    label: "two",
    probabilities: { one: first, two: first * 2 },
    model: "sums",
    model_version: "7",
    latency_ms: expect.any(Number),
  },
});

describe("POST /predict", () => {
  it("answers values with the class, its name and what each class got", async () => {
    expect(await json({ features: [1, 2, 3, 4] })).toEqual(sum(10));
    expect(
      await json({
        features: [
          [[1], [2]],
          [[3], [4]],
        ],
      }),
    ).toEqual(sum(10));
    expect(await json({ features: { image: [1, 2, 3, 4] } })).toEqual(sum(10));
  });

  it("takes JSON from clients that do not say so", async () => {
    const body = '{"features":[1,2,3,4]}';
    expect(await ask(body, { "content-type": "application/x-www-form-urlencoded" })).toEqual(
      sum(10),
    );
    expect(await ask(body, { "content-type": "application/json; charset=utf-8" })).toEqual(sum(10));
  });

  it("takes an image in a data URL, as a body, and in a form", async () => {
    expect(await json({ image: dataUrl(png) })).toEqual(sum(20));
    expect(await json({ image: dataUrl(jpeg, "image/jpeg") })).toEqual(sum(40));
    expect(await ask(bytes(png), { "content-type": "image/png" })).toEqual(sum(20));
    expect(await ask(bytes(jpeg), { "content-type": "image/jpeg" })).toEqual(sum(40));
    expect(await ask(form(["anything", png]))).toEqual(sum(20));
  });

  it("goes by what an image is, not by what it is called", async () => {
    expect(await ask(bytes(png), { "content-type": "image/jpeg" })).toEqual(sum(20));
  });

  it("takes a model, its version and the preparation in each of the ways", async () => {
    const options = { model: "sums", model_version: "7", prepare: "contain" };
    const query = `?${new URLSearchParams(options)}`;
    expect(await json({ image: dataUrl(png), ...options, model_version: 7 })).toEqual(sum(20));
    expect(await ask(form(["file", png], ...Object.entries(options)))).toEqual(sum(20));
    expect(await ask(bytes(png), { "content-type": "image/png" }, query)).toEqual(sum(20));
  });

  it.each([
    [{ features: [1, 2, 3, 4], model: "digits" }, 404, 'there is no model "digits"'],
    [{ features: [1, 2, 3, 4], model_version: "8" }, 404, 'there is no version 8 of "sums"'],
    [{ features: [1, 2, 3] }, 400, "instance 0 has 3 values; expected"],
    [{ features: [1, 2, 3, 11] }, 400, "value 3 of instance 0 is 11; expected"],
    [{ features: "1,2,3,4" }, 400, "expected numbers, got string"],
    [{ features: null }, 400, "expected numbers, got null"],
    [{}, 400, 'expected "features" or "image", got neither'],
    [{ features: [1], image: "data:," }, 400, 'expected "features" or "image", got both'],
    [{ feature: [1] }, 400, 'Unrecognized key: "feature"'],
    [{ features: [1], model: 3 }, 400, "model: Invalid input: expected string"],
    [[1, 2, 3, 4], 400, "expected object"],
    [{ image: "https://example.com/x.png" }, 400, "addresses are not fetched"],
    [{ image: "file:///etc/passwd" }, 400, "addresses are not fetched"],
    [{ image: "../../etc/passwd" }, 400, "addresses are not fetched"],
    [{ image: "data:image/png,raw" }, 400, 'expected "image" to be a data URL'],
    [{ image: "data:image/svg+xml;base64,PHN2Zy8+" }, 415, "begins with"],
    [{ image: "data:image/png;base64,%%%" }, 400, "is no base64"],
    [{ image: "data:image/png;base64,PHN2Zy8+" }, 415, "neither PNG nor JPEG by its first bytes"],
    [{ image: 7 }, 400, "image: Invalid input: expected string"],
    [{ image: "data:image/png;base64,iVBORw0KGgo=" }, 400, "the image cannot be read ("],
  ])("answers %.60j with %i", async (body, status, message) => {
    const answer = await json(body);
    expect(answer.status).toBe(status);
    expect(answer.body["error"]).toContain(message);
  });

  it("says which content types it takes", async () => {
    for (const type of ["image/svg+xml", "image/gif", "text/html", "application/octet-stream"]) {
      expect(await ask("<svg/>", { "content-type": type })).toEqual({
        status: 415,
        body: {
          error: `the content type "${type}" is not read; expected application/json, image/png, image/jpeg or multipart/form-data`,
        },
      });
    }
  });

  it("says how an image is sent that came as something else", async () => {
    expect(await ask(bytes(png), { "content-type": "text/plain" })).toEqual({
      status: 400,
      body: { error: "the body is not JSON but a PNG; send it with content-type: image/png" },
    });
  });

  it.each([
    ["without a file", () => form(["model", "sums"]), "the form has 0 files; expected one"],
    ["with two", () => form(["a", png], ["b", png]), "the form has 2 files; expected one"],
    ["with another field", () => form(["a", png], ["x", "y"]), "the form cannot be read: Unrec"],
    [
      "with many parts",
      () => form(...Array.from({ length: 5 }, (_, index) => [`${index}`, "x"] as const)),
      "the form has more than 4 parts",
    ],
  ])("refuses a form %s", async (_, create, message) => {
    const answer = await ask(create());
    expect(answer.status).toBe(400);
    expect(answer.body["error"]).toContain(message);
  });

  it.each([
    ["multipart/form-data", "names no boundary"],
    ['multipart/form-data; x="; boundary=y"; boundary=x', "names no boundary"],
    ["multipart/form-data; charset=utf-8; boundary=x", "the body is no form"],
    ["multipart/form-data; boundary=x", "the body is no form"],
  ])("refuses what is no form but is called %s", async (type, message) => {
    const answer = await ask("x", { "content-type": type });
    expect(answer.status).toBe(400);
    expect(answer.body["error"]).toContain(message);
  });

  it("refuses an option in the address that there is not", async () => {
    const answer = await ask(bytes(png), { "content-type": "image/png" }, "?version=7");
    expect(answer.body["error"]).toBe('the address cannot be read: Unrecognized key: "version"');
    const twice = await ask(bytes(png), { "content-type": "image/png" }, "?model=a&model=b");
    expect(twice.status).toBe(400);
  });
});

describe("POST /predict of what should do harm", () => {
  const pixel = ["IDAT", deflateSync(Buffer.from([0, 255]))] as const;

  it("reads neither SVG nor GIF, whatever they are called", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>');
    for (const content of [svg, gif]) {
      expect(await asPng(content)).toMatchObject({
        status: 415,
        body: { error: expect.stringContaining("neither PNG nor JPEG") },
      });
    }
  });

  it("refuses an animated PNG", async () => {
    const frames = ["acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])] as const;
    expect(await asPng(pngOf([1, 1], pixel))).toMatchObject({ status: 200 });
    expect(await asPng(pngOf([1, 1], frames, pixel))).toEqual({
      status: 415,
      body: { error: "the PNG is animated; send one of its frames" },
    });
  });

  it("unpacks no small file into many pixels", async () => {
    const huge = pngOf([50_000, 50_000], ["IDAT", deflateSync(Buffer.alloc(1024 * 1024))]);
    expect(huge.length).toBeLessThan(2048);
    expect(await asPng(huge)).toEqual({
      status: 413,
      body: {
        error:
          "the image has 50000 x 50000 pixels, more than the 16777216 that are read; send a smaller one",
      },
    });
  });

  it("keeps its memory when a small file unpacks into more than it says", async () => {
    const flood = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const before = process.memoryUsage.rss();
    const pixels = await asPng(pngOf([1, 1], ["IDAT", flood]));
    const text = Buffer.concat([Buffer.from("Comment\0\0", "latin1"), flood]);
    const comment = await asPng(pngOf([1, 1], ["zTXt", text], pixel));
    const profile = Buffer.concat([Buffer.from("icc\0\0", "latin1"), flood]);
    const colours = await asPng(pngOf([1, 1], ["iCCP", profile], pixel));
    for (const { status } of [pixels, comment, colours]) expect([200, 400]).toContain(status);
    expect((process.memoryUsage.rss() - before) / 1024 / 1024).toBeLessThan(128);
  });

  it("refuses files and data URLs that are too large", async () => {
    const large = Buffer.concat([png, Buffer.alloc(maxImageBytes)]);
    expect(await asPng(large)).toMatchObject({ status: 413 });
    expect(await json({ image: dataUrl(large) })).toMatchObject({ status: 413 });
    expect(await ask(form(["file", large]))).toMatchObject({ status: 413 });
    expect(await asPng(Buffer.alloc(17 * 1024 * 1024))).toEqual({
      status: 413,
      body: { error: "the body is larger than 16777216 bytes" },
    });
  });

  it("unpacks no compressed body beyond the same limit", async () => {
    const body = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    expect(await ask(bytes(body), { "content-encoding": "gzip" })).toMatchObject({ status: 413 });
  });

  it("is not brought down by lists in lists", async () => {
    for (const deep of [`${"[".repeat(1_000_000)}`, `${"[".repeat(50_000)}${"]".repeat(50_000)}`]) {
      expect((await ask(`{"features":${deep}}`)).status).toBe(400);
    }
  });

  it("says nothing of its own files or code when an image is broken", async () => {
    const whole = pngOf([64, 64], ["IDAT", deflateSync(Buffer.alloc(64 * 65))]);
    for (const content of [whole.subarray(0, 50), Buffer.concat([png.subarray(0, 30), png])]) {
      const { status, body } = await asPng(content);
      expect(status).toBe(400);
      expect(Object.keys(body)).toEqual(["error"]);
      expect(body["error"]).not.toMatch(/node_modules|\.[tj]s|\n/);
    }
  });

  it("repeats of what it was sent at most a few words", async () => {
    const answer = await ask(`{"${"x".repeat(1_000_000)}":1}`);
    expect(String(answer.body["error"]).length).toBeLessThan(700);
  });
});

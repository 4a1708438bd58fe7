import type { Page } from "playwright-core";

/** A point in shares of the pad, from its upper left corner. */
type Point = readonly [number, number];

/** Strokes of each digit as people draw them. */
export const digitStrokes: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  "0": [arc({ x: 0.5, y: 0.5, width: 0.22, height: 0.32, from: -90, to: 270 })],
  "1": [
    [
      [0.5, 0.18],
      [0.5, 0.82],
    ],
  ],
  "2": [
    [
      ...arc({ x: 0.5, y: 0.36, width: 0.2, height: 0.18, from: -170, to: 30 }),
      [0.3, 0.8],
      [0.74, 0.8],
    ],
  ],
  "3": [
    [
      ...arc({ x: 0.47, y: 0.33, width: 0.2, height: 0.16, from: -150, to: 90 }),
      ...arc({ x: 0.47, y: 0.66, width: 0.22, height: 0.17, from: -90, to: 150 }),
    ],
  ],
  "4": [
    [
      [0.36, 0.2],
      [0.3, 0.56],
      [0.72, 0.56],
    ],
    [
      [0.64, 0.2],
      [0.6, 0.84],
    ],
  ],
  "5": [
    [
      [0.68, 0.2],
      [0.38, 0.2],
      [0.36, 0.46],
      ...arc({ x: 0.47, y: 0.63, width: 0.2, height: 0.19, from: -100, to: 140 }),
    ],
  ],
  "6": [
    [
      [0.6, 0.18],
      [0.44, 0.34],
      ...arc({ x: 0.5, y: 0.64, width: 0.17, height: 0.18, from: 190, to: -170 }),
    ],
  ],
  "7": [
    [
      [0.28, 0.22],
      [0.72, 0.22],
      [0.45, 0.82],
    ],
  ],
  "8": [
    [
      ...arc({ x: 0.5, y: 0.34, width: 0.15, height: 0.15, from: 90, to: 450 }),
      ...arc({ x: 0.5, y: 0.66, width: 0.18, height: 0.17, from: -90, to: 270 }),
    ],
  ],
  "9": [
    [
      ...arc({ x: 0.48, y: 0.36, width: 0.17, height: 0.17, from: 0, to: -360 }),
      [0.62, 0.6],
      [0.58, 0.84],
    ],
  ],
};

/** Draws strokes on the pad with the mouse. */
export async function draw(page: Page, strokes: readonly (readonly Point[])[] = []): Promise<void> {
  const area = await page.locator("#canvas").boundingBox();
  if (!area) throw new Error("the pad is not on the page");
  const at = ([x, y]: Point) => [area.x + x * area.width, area.y + y * area.height] as const;
  for (const [first, ...others] of strokes) {
    if (!first) continue;
    await page.mouse.move(...at(first));
    await page.mouse.down();
    let last = first;
    for (const point of others) {
      const way = Math.hypot(point[0] - last[0], point[1] - last[1]);
      await page.mouse.move(...at(point), { steps: Math.ceil(way / 0.1) });
      last = point;
    }
    await page.mouse.up();
  }
}

/** Part of an ellipse, from one angle to another in degrees, clockwise from the right. */
function arc(ellipse: {
  x: number;
  y: number;
  width: number;
  height: number;
  from: number;
  to: number;
}): Point[] {
  return Array.from({ length: 25 }, (_, step) => {
    const degrees = ellipse.from + ((ellipse.to - ellipse.from) * step) / 24;
    const angle = (degrees * Math.PI) / 180;
    return [
      ellipse.x + ellipse.width * Math.cos(angle),
      ellipse.y + ellipse.height * Math.sin(angle),
    ];
  });
}

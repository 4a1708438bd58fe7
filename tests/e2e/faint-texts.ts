import type { Page } from "playwright-core";

/**
 * Runs in the page: every text with less contrast than WCAG's AA asks for. What is disabled needs
 * none, nor what is not shown.
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
const script = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (element) => {
    const color = channels(getComputedStyle(element).backgroundColor);
    return color[3] === 0 && element.parentElement ? ground(element.parentElement) : color;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || element.closest(":disabled, noscript, .unseen")) continue;
    const style = getComputedStyle(element);
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const [darker, lighter] = [channels(style.color), ground(element)].map(luminance).sort((a, b) => a - b);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(element.textContent.trim() + ": " + ratio.toFixed(2));
  }
  return faint;
})()`;

/** The texts of a page that are hard to read, each with its contrast. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(script);
}

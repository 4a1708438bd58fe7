// @ts-check
import { byId } from "./element.js";

/** How long a hand must rest, in milliseconds, until its answer is read out. */
const rest = 700;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/**
 * Has a text read out by screen readers, once no other one has come for a moment: answers come with
 * every piece of a stroke.
 * @param {string} text
 */
export function speak(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    byId("spoken").textContent = text;
  }, rest);
}

// @ts-check
import { byId, element } from "./element.js";
import { post, TokenError } from "./token.js";

/**
 * Buttons to say which class it really was.
 * @param {readonly string[]} labels
 */
export function createFeedback(labels) {
  const group = /** @type {HTMLFieldSetElement} */ (byId("feedback"));
  /** The answer that the buttons are about, by its request. @type {string | undefined} */
  let about;
  let isTold = false;
  const buttons = labels.map((label) => {
    const button = element("button", { type: "button", className: "choice" }, label);
    button.addEventListener("click", () => void tell(label));
    return button;
  });
  byId("choices").append(...buttons);

  /** @param {string | undefined} told the label that was told */
  const show = (told) => {
    isTold = told !== undefined;
    for (const button of buttons) {
      button.ariaPressed = String(button.textContent === told);
      // Not `disabled`: who has just pressed it would lose the focus.
      button.ariaDisabled = String(isTold);
    }
  };

  /** @param {string} label */
  const tell = async (label) => {
    if (isTold || about === undefined) return;
    const requestId = about;
    show(label);
    const { correct, problem } = await send(requestId, label);
    // Somebody has drawn on meanwhile.
    if (about !== requestId) return;
    if (problem) show(undefined);
    byId("thanks").textContent = problem
      ? `Not noted: ${problem}`
      : `Thanks! The model ${correct ? "was right" : "was wrong"}: it was a ${label}.`;
  };

  return {
    /**
     * Makes the buttons be about an answer; about none they cannot be pressed.
     * @param {string | undefined} requestId
     */
    ask(requestId) {
      about = requestId;
      show(undefined);
      byId("thanks").textContent = "";
      if (!requestId && group.contains(document.activeElement)) byId("canvas").focus();
      group.disabled = !requestId;
    },
  };
}

/**
 * @param {string} requestId of the answer
 * @param {string} label what it really was
 * @returns {Promise<{ correct?: boolean, problem?: string }>}
 */
async function send(requestId, label) {
  try {
    const answer = await post("feedback", { request_id: requestId, label });
    const said = await answer.json();
    if (answer.ok) return { correct: said.correct };
    return { problem: said.error ?? `the server answered ${answer.status}` };
  } catch (error) {
    const isRefused = error instanceof TokenError;
    return { problem: isRefused ? error.message : "the server does not answer" };
  }
}

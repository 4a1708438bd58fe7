import { code, counted, shortDigest } from "./format-values.ts";
import { sourceInWords } from "./input-changes.ts";
import type { ReleaseWay } from "./release-steps.ts";

/** What an update does that comes to a release, in a sentence. */
export function actionInWords({ mode, inputs }: ReleaseWay): string {
  const { source, pin, reason, trials } = inputs;
  switch (mode) {
    case "training": {
      const what = source
        ? `A model is trained with the code and the settings of ${sourceInWords(source)}.`
        : "A model is trained.";
      const first = counted(trials?.length ?? 0, "trial");
      return trials
        ? `${first} of a sweep, and then a model is trained with the best settings.`
        : what;
    }
    case "promotion":
      return source
        ? `Nothing is trained: ${sourceInWords(source)} is evaluated here, and promoted if it passes the gate.`
        : "Nothing is trained: a release of another stack is evaluated here, and promoted if it passes the gate.";
    case "rollback": {
      const why = reason === undefined ? "" : `: ${code(reason)}`;
      return `Nothing is trained: ${pinInWords(pin ?? "")} serves again${why}.`;
    }
  }
}

/** What an update does that leaves the release as it is, in a sentence. */
export function stayInWords({ mode, inputs }: ReleaseWay, version: string | undefined): string {
  const stays = version === undefined ? "what serves stays" : `version ${version} stays`;
  if (mode === "rollback") return `Nothing is trained: ${stays}, it is pinned.`;
  if (mode === "promotion" && inputs.source) {
    return `Nothing is promoted: ${stays}, it is ${sourceInWords(inputs.source)} already.`;
  }
  return `Nothing is trained: ${stays}, nothing that decides the model has changed.`;
}

/** `version 3`, or the first digits of a digest. */
export function pinInWords(pin: string): string {
  return pin.startsWith("sha256:") ? code(shortDigest(pin)) : `version ${pin}`;
}

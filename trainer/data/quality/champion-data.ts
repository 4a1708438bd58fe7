import type { InputBaseline } from "@updraft/contracts/card";
import { Card } from "@updraft/contracts/card";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { messageOf } from "../../outcome.ts";
import type { ModelRegistry } from "../../tracking/tracking.ts";

/** What the version that serves was trained on, or why that is not known. */
export type ChampionData =
  | {
      readonly version: string;
      /** By the names of the model's input and output. */
      readonly baseline: Readonly<Record<string, InputBaseline>>;
    }
  | { readonly unknown: string };

/**
 * Looks the champion up and reads its card. Whatever is wrong with either is no reason not to
 * train: it only means that drift cannot be told.
 */
export async function championData(
  registry: Pick<ModelRegistry, "versionOf">,
  model: string,
): Promise<ChampionData> {
  try {
    const champion = await registry.versionOf(model, "champion");
    if (!champion) return { unknown: "there is no champion" };
    const { version, uri } = champion;
    try {
      const content = await openArtifactStore(uri).read("card.json");
      const { baseline } = Card.parse(JSON.parse(content.toString("utf8")));
      return { version, baseline };
    } catch (error) {
      return { unknown: `the card of version ${version} cannot be read: ${firstLine(error)}` };
    }
  } catch (error) {
    return { unknown: `the champion cannot be looked up: ${firstLine(error)}` };
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split("\n")[0] ?? "";
}

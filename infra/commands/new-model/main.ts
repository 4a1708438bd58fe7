import { join, relative, resolve } from "node:path";
import { messageOf } from "@updraft/contracts/message-of";
import { argumentsOf, CommandError, runCommand, UsageError } from "../support/run-command.ts";
import { newModel, type NewModel, type Wish } from "./new-model.ts";

const usage = `Usage: npm run new-model -- <name> [--csv <file> --label <column>] [--kind classifier|regressor]

Makes models/<name>/ of a table: its definition, network and test, and a copy of the table. It can be
trained, gated and served at once; then change in it what you like.
  --csv    table with the names of its columns in the first line [the irises of models/iris]
  --label  column that the model tells or estimates
  --kind   classifier tells classes apart, regressor estimates numbers [classifier]`;

const checkout = join(import.meta.dirname, "../../..");

/** What is made of the irises. */
const irisLabels = { classifier: "species", regressor: "petal_width" };

await runCommand(usage, async (argv) => {
  const wish = wishIn(argv);
  const made = await newModel(wish, join(checkout, "models")).catch((error: unknown) => {
    throw new CommandError(messageOf(error), { cause: error });
  });
  process.stdout.write(said(wish, made));
  return 0;
});

function wishIn(argv: readonly string[]): Wish {
  const options = {
    kind: { type: "string", default: "classifier" },
    csv: { type: "string" },
    label: { type: "string" },
  } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [name, ...more] = positionals;
  const { kind, csv, label } = values;
  if (name === undefined || more.length > 0) throw new UsageError(usage);
  if (kind !== "classifier" && kind !== "regressor") {
    throw new UsageError(`--kind ${kind}: expected classifier or regressor\n\n${usage}`);
  }
  if (csv !== undefined && label === undefined) {
    throw new UsageError(`--label is missing: name the column to learn\n\n${usage}`);
  }
  return {
    name,
    kind,
    csv: csv === undefined ? join(checkout, "models/iris/iris.csv") : resolve(csv),
    label: label ?? irisLabels[kind],
  };
}

function said(
  { name, label }: Wish,
  { folder, features, labels, rows, skipped }: NewModel,
): string {
  const from = `${rows} rows, ${features.length} features (${features.join(", ")})`;
  const classes = labels.length > 0 ? `, ${labels.length} classes of ${label}` : ` for ${label}`;
  const left =
    skipped.length > 0 ? `\nleft out, for they are no numbers: ${skipped.join(", ")}` : "";
  return `${relative(process.cwd(), folder) || folder} is made: ${from}${classes}${left}

Train it, and see what the gate says:
  npm run trainer -- train --model ${name}
Serve it: let Pulumi.dev.yaml say updraft:model: { name: ${name} }, without a dataset and a gate of
another model, and then
  npm start
Test it:
  npm test -- --project unit models/${name}
More: docs/your-own-model.md
`;
}

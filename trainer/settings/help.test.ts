import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { commands, isCommand, type CommandName } from "./commands.ts";
import { commandHelp, helpText } from "./help.ts";
import { generalOptions, hyperparameterOptions, type Option } from "./options.ts";

const models = ["digits", "iris"];
const names = Object.keys(commands).filter(isCommand);

function helpOf(command: CommandName): string {
  return commandHelp(command, model, models);
}

function hasRow(help: string, { flag, variable }: Option): boolean {
  const start = flag === undefined ? "  " : `  --${flag} `;
  return help.split("\n").some((line) => line.startsWith(start) && line.endsWith(` ${variable}`));
}

describe("the help", () => {
  it("has a line for every command, says where its flags are, and fits a terminal", () => {
    const help = helpText(model, models);
    const missing = names.filter((name) => !help.includes(`  ${name} `));
    expect(missing).toEqual([]);
    expect(help).toContain("  npm run trainer -- <command> --help lists what a command takes.\n");
    expect(help).toContain("  digits, iris; --model says which");
    expect(help).toContain(
      "0 released, 1 failed or cancelled, 2 bad settings, 3 data rejected, 4 gate failed",
    );
    expect(help.split("\n").length).toBeLessThan(50);
  });
});

describe("the help of a command", () => {
  it("names among them every flag with its variable", () => {
    const all = names.map(helpOf).join("\n");
    const options = [...generalOptions, ...hyperparameterOptions(model)];
    expect(options.filter((option) => !hasRow(all, option))).toEqual([]);
  });

  it("knows every setting that it names", () => {
    const keys: readonly string[] = generalOptions.map(({ key }) => key);
    const named = names.flatMap((name) => commands[name].settings.flatMap(([, own]) => own));
    expect(named.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it("has what the model brings along", () => {
    const help = helpOf("train");
    expect(help).toContain("  digits, iris; this is the help for --model digits");
    expect(help).toMatch(/^ {2}mnist-10k {2,}10,000 of MNIST's .* \(default\)$/m);
    expect(help).toMatch(/^ {2}file:\/\/\/<folder> {2,}train-images-idx3-ubyte, /m);
    expect(help).toMatch(/^ {2}minAccuracy\n {6}least share of right answers$/m);
    expect(help).not.toMatch(/^ {2}minR2$/m);
    expect(help).toMatch(/^ {2}--optimizer <value> {2}TRAINER_OPTIMIZER\n {6}how weights follow/m);
  });

  it("leaves out what the command does not look at", () => {
    expect(helpOf("rollback")).not.toContain("--epochs");
    expect(helpOf("evaluate")).toContain("--package <name>");
  });
});

import { SHELLS } from "./completion-script.js";
import { command } from "./options/command.js";
import { choice } from "./options/kinds.js";

const positionals = { shell: choice("The shell that runs the script; none: the one that $SHELL names", SHELLS) };

export const completionCommand = command({
  command: "completion [shell]",
  describe: "Print a script that completes commands, options and values (bash, zsh)",
  positionals,
  options: {},
  examples: [
    ["completion bash", "append it to ~/.bashrc, then open a new shell"],
    ["completion zsh", "append it to ~/.zshrc, then open a new shell"],
  ],
  async run({ shell }) {
    const { completionScript, shellOf } = await import("./completion-script.js");
    process.stdout.write(completionScript(shell ?? shellOf(process.env.SHELL)));
  },
});

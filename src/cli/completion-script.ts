/** The shells that a completion script is written for. */
export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

/** The shell of a path such as $SHELL; bash where it is none that we know. */
export function shellOf(path: string | undefined): Shell {
  return SHELLS.find((shell) => path?.split("/").at(-1) === shell) ?? "bash";
}

/**
 * A script that completes commands, options and values in a shell; it asks `headrace` for them.
 */
export function completionScript(shell: Shell): string {
  return shell === "zsh" ? ZSH : BASH;
}

/** Bash 3.2, which macOS has, lacks mapfile: the answers are read line by line. */
const BASH = `# Completes headrace in bash: headrace completion bash >> ~/.bashrc
_headrace() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word
  COMPREPLY=()
  while IFS= read -r word; do
    [[ "$word" == "$current"* ]] && COMPREPLY+=("$word")
  done < <(SHELL=bash headrace --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)
}
complete -o bashdefault -o default -F _headrace headrace
`;

/** Yargs adds what each word means, after a colon, where $SHELL names zsh. */
const ZSH = `# Completes headrace in zsh: headrace completion zsh >> ~/.zshrc
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_headrace() {
  local -a found
  found=(\${(f)"$(SHELL=zsh headrace --get-yargs-completions "\${(@)words[1,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then _describe headrace found; else _files; fi
}
compdef _headrace headrace
`;

export type Shell = 'bash' | 'zsh' | 'fish';

/** A script for a shell to load: at each TAB it asks `tspipe complete` with the words before the cursor. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_tspipe() {
  local IFS=$'\\n'
  COMPREPLY=($(tspipe complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tspipe tspipe
`,
  zsh: `_tspipe() {
  local -a found
  found=("\${(@f)$(tspipe complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef _tspipe tspipe
`,
  fish: `complete -c tspipe -f -a '(tspipe complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};

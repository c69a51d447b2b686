export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * A script for a shell to load: at each TAB it asks `tspipe complete` with the words before the cursor, without their
 * quotes. What ends in a slash goes on, so that no space follows it.
 */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  // bash breaks words at @, : and =, and keeps their quotes; so the words are read from the line. $2 is what it replaces.
  bash: `_tspipe() {
  local line=\${COMP_LINE:0:COMP_POINT} word='' begun='' quote='' char i one
  local -a words=()
  for ((i = 0; i < \${#line}; i++)); do
    char=\${line:i:1}
    if [[ $quote ]]; then
      if [[ $char == "$quote" ]]; then quote=''; else word+=$char; fi
    elif [[ $char == [\\"\\'] ]]; then
      quote=$char begun=1
    elif [[ $char == [[:space:]] ]]; then
      [[ $begun ]] && words+=("$word")
      word='' begun=''
    else
      [[ $char == \\\\ ]] && { ((i++)); char=\${line:i:1}; }
      word+=$char begun=1
    fi
  done
  COMPREPLY=()
  if [[ \${words[\${#words[@]} - 1]-} == *[\\<\\>] ]]; then compopt -o default; return; fi
  local replaced=$2
  [[ $quote ]] || replaced=\${replaced//\\\\/}
  local kept=\${word%"$replaced"}
  while IFS= read -r one; do
    one=\${one#"$kept"}
    [[ ! $quote && $one == *[!A-Za-z0-9_@%+=:,./~-]* ]] && printf -v one %q "$one"
    COMPREPLY+=("$one")
  done < <(tspipe complete -- "\${words[@]:1}" "$word" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace
  return 0
}
complete -F _tspipe tspipe
`,
  zsh: `#compdef tspipe
_tspipe() {
  local -a found open how
  local missed=1
  found=("\${(@f)$(tspipe complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  if [[ $PREFIX == '~'* ]]; then
    how=(-Q) found=("\${(@)\${(@q)found}/#\\\\\\~/~}")
  fi
  open=("\${(@M)found:#*/}")
  found=("\${(@)found:#(|*/)}")
  compadd $how -S '' -a open && missed=0
  compadd $how -a found && missed=0
  return missed
}
if [[ $funcstack[1] == _tspipe ]]; then
  _tspipe "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _tspipe tspipe
fi
`,
  fish: `function __tspipe_candidates
  set -l words (commandline -opc)
  set -l word (commandline -ct | string replace -r '^["\\']' '' | string unescape)
  tspipe complete -- $words[2..] "$word" 2>/dev/null
end
complete -c tspipe -f -a '(__tspipe_candidates)'
`,
};

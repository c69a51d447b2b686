/** Whether a variable is named like a secret: `…KEY`, `…TOKEN`, `…SECRET…` or `…PASS…`, in any case. */
export function isSecretName(name: string): boolean {
  return /(?:KEY|TOKEN)$|SECRET|PASS/i.test(name);
}

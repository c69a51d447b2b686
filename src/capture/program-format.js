import { PipeError } from '../errors.ts';
/** The version that `ProgramText.version` says; a worker refuses others. */
export const PROGRAM_FORMAT = 1;
/** The JSON of a program, read. */
export function parseProgram(text) {
  const program = JSON.parse(text);
  if (program.version === PROGRAM_FORMAT) return program;
  throw new PipeError(
    'PROGRAM_NOT_READABLE',
    `A stored function has format ${String(program.version)}; this tspipe reads ${PROGRAM_FORMAT}. Use the version that stored it, or call the function again.`,
  );
}
//# sourceMappingURL=program-format.js.map

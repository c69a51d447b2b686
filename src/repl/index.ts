export { openRepl } from './open-repl.ts';

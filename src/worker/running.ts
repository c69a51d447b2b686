import type { Recipe, RunRequest } from '../queue/index.ts';
import type { RunEnd } from './report.ts';
import type { OwnContext } from './task-context.ts';

/** Takes what a task printed. */
export type Print = (stream: 'out' | 'err', text: string) => void;

/** A task under way in this worker. */
export interface Running {
  readonly run: RunRequest;
  readonly recipe: Recipe;
  readonly own: OwnContext;
  /** Where it overlaps with others, keeps what it prints. */
  readonly print: Print | undefined;
  readonly finish: (end: RunEnd) => void;
}

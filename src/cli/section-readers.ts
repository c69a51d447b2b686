import type { SectionReaders } from '../config/index.ts';
import { Environment, type EnvironmentChoice } from '../environment/index.ts';
import { providerFrom } from '../provider/index.ts';
import { Scheduler } from '../scheduler/index.ts';

/** Those who say what is wrong in a section of the configuration. */
export const sectionReaders: SectionReaders = {
  environ: (choice) => Environment.from(choice as EnvironmentChoice),
  scheduler: (choice) => Scheduler.from(choice),
  provider: (choice) => providerFrom(choice),
};

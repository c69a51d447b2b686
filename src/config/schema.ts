import * as v from 'valibot';
import { isPlainObject, NAME_PATTERN } from '../util/index.ts';

const choice = v.union(
  [v.string(), v.custom<Readonly<Record<string, unknown>>>(isPlainObject)],
  'a name or a dictionary of options',
);

const NAMES = 'a pattern of names, such as *_CREDENTIALS or !SSH_ASKPASS';
const namePattern = v.pipe(v.string(NAMES), v.regex(NAME_PATTERN, NAMES));

const profile = v.strictObject({
  environ: v.optional(choice),
  provider: v.optional(choice),
  scheduler: v.optional(choice),
});

/** What a configuration file may hold. The rooms that own an environment, provider or scheduler check theirs. */
export const configSchema = v.strictObject({
  base_queue_dir: v.optional(v.pipe(v.string('a path'), v.nonEmpty('a path'))),
  shared: v.optional(v.boolean('true or false')),
  secret_names: v.optional(v.array(namePattern, 'a list of patterns')),
  environ: v.optional(choice),
  provider: v.optional(choice),
  scheduler: v.optional(choice),
  profiles: v.optional(v.record(v.string(), profile)),
});

/** An environment, provider or scheduler as a configuration gives it: a name, or a dictionary of options. */
export type ConfigChoice = v.InferOutput<typeof choice>;

/** A named set of environment, provider and scheduler. */
export type ConfigProfile = v.InferOutput<typeof profile>;

/** The values of one configuration file. */
export type ConfigValues = v.InferOutput<typeof configSchema>;

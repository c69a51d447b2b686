import type { MakeTarget } from './target.ts';

/** All that reads what others wrote; each is loaded alone. */
export const TARGETS: Readonly<Record<string, () => Promise<MakeTarget>>> = {
  'queue-file': async () => (await import('./targets/queue-file.ts')).queueFile,
  values: async () => (await import('./targets/values.ts')).values,
  yaml: async () => (await import('./targets/yaml.ts')).yaml,
  configuration: async () => (await import('./targets/configuration.ts')).configuration,
  'command-line': async () => (await import('./targets/command-line.ts')).commandLine,
  messages: async () => (await import('./targets/messages.ts')).messages,
  'set-up': async () => (await import('./targets/set-up.ts')).setUp,
};

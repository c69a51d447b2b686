export type { EnvironmentDictionary } from './dictionary.ts';
export {
  Environment,
  type EnvironmentChoice,
  type EnvironmentDescription,
  type VariableValues,
} from './environment.ts';
export type { EnvironmentOptions } from './parts.ts';
export { registerEnvironment } from './registry.ts';
export { Secret, secret } from './secret.ts';
export type { VariableInput, Variables } from './variables.ts';

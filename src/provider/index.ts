export type { AgentRequest, JobState, Provider, Resources } from './provider.ts';
export { type ProviderChoice, type ProviderFactory, providerFrom, registerProvider } from './registry.ts';

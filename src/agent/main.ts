// The agent's process: a small file, so that Node keeps what it compiles before it loads the large ones.
import { useCompileCache } from '../compile-cache.ts';

useCompileCache();
await import('./run-agent.ts');

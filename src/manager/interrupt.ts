const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `act` at each Ctrl-C (and TERM, HUP) instead of ending the process. When it is closed after one, the process
 * ends by that signal, unless somebody else handles it.
 */
export function onInterrupt(act: () => void): { close(): void } {
  let got: NodeJS.Signals | undefined;
  const listen = (signal: NodeJS.Signals): void => {
    got = signal;
    act();
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    close: () => {
      for (const signal of SIGNALS) process.off(signal, listen);
      if (got !== undefined && process.listenerCount(got) === 0) process.kill(process.pid, got);
    },
  };
}

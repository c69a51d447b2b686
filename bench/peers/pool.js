// What the workers of piscina and workerpool run.
import { runTrue } from './peer.js';

export const noop = (index) => index;
export const command = async () => {
  await runTrue();
  return 0;
};

// The worker of workerpool.js.
import workerpool from 'workerpool';
import { command, noop } from './pool.js';

workerpool.worker({ noop, command });

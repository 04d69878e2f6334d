// The worker of Node: as that of browsers, with the module from the disk.

import { parentPort } from 'node:worker_threads';
import '../node.js';
import { serving } from './serving.js';

const handle = serving((message, buffers) => parentPort?.postMessage(message, buffers));
parentPort?.on('message', handle);

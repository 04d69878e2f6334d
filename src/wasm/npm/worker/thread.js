// The worker of browsers.

import { serving } from './serving.js';

const handle = serving((message, buffers) => self.postMessage(message, { transfer: buffers }));
self.addEventListener('message', ({ data }) => handle(data));

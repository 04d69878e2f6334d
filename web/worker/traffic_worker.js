// The worker of the traffic dialog: answers what every worker does, and reads files of requests. It is bundled by itself, so that
// the others do not grow by it.

import { TRACES } from './traces.js';
import { answerAlso } from './worker.js';

answerAlso(TRACES);

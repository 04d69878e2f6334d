// The worker of the dialogs in which people bring their own: answers what every worker does, and reads files of requests, models
// and measurements. It is bundled by itself, so that the others do not grow by it.

import { MEASUREMENTS } from './measurements.js';
import { MODELS } from './models.js';
import { TRACES } from './traces.js';
import { answerAlso } from './worker.js';

answerAlso({ ...TRACES, ...MEASUREMENTS, ...MODELS });

// Which of a person's own files a text is: a model, GPUs, or what a benchmark has measured.

import { isModelConfig, isQuantConfig, looseObject } from '../yours/model_files.js';

/** Figures of GPUs, as the reference's table names them. */
const GPU_FIGURES = ['TFlopsPeak', 'BwPeakTBs'];

/** Means that the results of vLLM's and SGLang's benchmarks hold, and lists of requests beside them. */
const MEANS = ['mean_ttft_ms', 'mean_tpot_ms', 'mean_itl_ms', 'median_ttft_ms'];
const REQUESTS = ['input_lens', 'output_lens', 'ttfts'];

/** @param {any} value */
const isGpu = (value) => value !== null && typeof value === 'object' && GPU_FIGURES.some((figure) => figure in value);

/** Whether an object is a table of GPUs. @param {Record<string, any>} object */
const isGpuTable = (object) => {
  const values = Object.values(object);
  return isGpu(object) || (values.length > 0 && values.every(isGpu));
};

/**
 * What a text is that holds one object; null if it is none of these. A benchmark that lists its requests is traffic, too, and
 * is taken as such: its dialog leads on.
 * @param {string} text
 * @returns {'model'|'gpu'|'measured'|null}
 */
export function yoursOf(text) {
  const object = looseObject(text);
  if (object !== null && (isModelConfig(object) || isQuantConfig(object))) return 'model';
  if (object !== null && isGpuTable(object)) return 'gpu';
  // Results at several rates may stand in a file one per line.
  const result = object ?? looseObject(text.split('\n', 1)[0]);
  return result !== null && hasMeansAlone(result) ? 'measured' : null;
}

/** Whether a result has means over its requests, of vLLM and SGLang or AIPerf, and not the requests. @param {any} result */
const hasMeansAlone = (result) =>
  (MEANS.some((key) => key in result) && !REQUESTS.some((key) => Array.isArray(result[key]))) ||
  (result.time_to_first_token !== null && typeof result.time_to_first_token === 'object');

/** What heads a column of the load, and one of a latency; requests one by one have times of arrival instead. */
const LOAD = /\b(rate|qps|rps|concurrency|concurrent)\b/i;
const LATENCY = /\b(ttft|itl|tpot)\b/i;
const ARRIVAL = /arriv|timestamp|start|sent/i;

/**
 * Whether a text is a table of latencies by rate, with a heading.
 * @param {string} head
 */
export function isMeasuredTable(head) {
  const heading = head.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const words = heading.replaceAll('_', ' ');
  return /[,;\t|]/.test(heading) && LOAD.test(words) && LATENCY.test(words) && !ARRIVAL.test(words);
}

/**
 * Whether a text is the result of a benchmark, whatever else it is: of several files of that kind each is a rate.
 * @param {string} text
 */
export function isBenchmark(text) {
  const [first = ''] = text.split('\n', 1);
  const object = looseObject(text) ?? looseObject(first);
  if (object === null) return false;
  if (MEANS.some((key) => key in object)) return true;
  // GuideLLM and AIPerf.
  return Array.isArray(object.benchmarks) || 'time_to_first_token' in (object.metrics ?? object);
}

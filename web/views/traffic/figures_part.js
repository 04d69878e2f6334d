// What was read of a file, and what of it will be simulated: counts, rates, lengths, and their pictures.

import { Chart } from '../../charts/chart.js';
import { count, number } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/traffic.js';
import { facts, keyed, section } from './parts.js';

/** @import {TraceBins, TraceLengths, TraceReport, TraceTraffic} from '#engine' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Serving} from '../../shared/types.d.ts' */
/** @import {Shown} from './reading.js' */

const { FIGURES, READ } = words;

/**
 * Counts in parts, at the middle of each.
 * @param {TraceBins} bins
 */
function parts({ edges, counts }) {
  const xs = counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
  return { xs, values: counts.map(Number) };
}

/**
 * Arrivals over time, as a rate: so that parts of any width can be compared with a cluster's.
 * @param {TraceTraffic} traffic
 * @returns {ChartSpec|null}
 */
export function arrivalsChart(traffic) {
  const { edges, counts } = traffic.arrivals;
  if (counts.length < 2) return null;
  const { xs } = parts(traffic.arrivals);
  const values = counts.map((many, i) => Number(many) / (edges[i + 1] - edges[i]));
  const between = (/** @type {number} */ at) => {
    const place = xs.indexOf(at);
    return place < 0 ? `${number(at)} s` : words.timeBetween(edges[place], edges[place + 1]);
  };
  return {
    summary: words.arrivalsSummary(traffic),
    xName: FIGURES.time,
    x: { label: FIGURES.timeAxis, format: between, tick: number, ends: [edges[0], edges[edges.length - 1]] },
    y: { label: FIGURES.perSecond, format: number, log: 'never', zero: true },
    xs,
    series: [{ label: FIGURES.perSecond, values, kind: 'bars', colour: '--main' }],
  };
}

/**
 * @param {TraceLengths} lengths
 * @param {string} colour
 * @returns {ChartSpec|null}
 */
export function lengthsChart(lengths, colour) {
  const { edges, counts } = lengths.histogram;
  if (counts.length < 2) return null;
  // Parts of equal ratio stand side by side on a logarithmic axis.
  const xs = counts.map((_, i) => Math.sqrt(Math.max(edges[i], 1) * edges[i + 1]));
  const between = (/** @type {number} */ at) => {
    const place = xs.indexOf(at);
    return place < 0 ? count(at) : words.tokensBetween(edges[place], edges[place + 1] - 1);
  };
  return {
    summary: words.lengthsSummary(lengths),
    xName: FIGURES.tokens,
    x: { label: FIGURES.tokensAxis, format: between, tick: count, log: true },
    y: { label: FIGURES.requestsAxis, format: count, log: 'never', zero: true, whole: true },
    xs,
    series: [{ label: FIGURES.requests, values: counts.map(Number), kind: 'bars', colour }],
  };
}

/** What was read: counts, reasons, remarks. */
export function countsPart() {
  const body = element('div', {});
  const root = section('traffic-read-part', READ.title, body);
  const show = keyed(body);
  return {
    root,
    /** @param {TraceReport|null} report */
    render(report) {
      root.hidden = report === null;
      if (report === null) return;
      const { counts, dropped, time_zero: zero, warnings, notes, questions, traffic } = report;
      const many = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)]));
      show(JSON.stringify([many, dropped, zero, warnings, notes], bigints), () => {
        const remarks = [
          ...warnings,
          ...notes,
          ...(many.out_of_order > 0 && !warnings.some((each) => /sorted/.test(each))
            ? [words.outOfOrderWords(many.out_of_order)]
            : []),
          ...(traffic.equal_times > 0 && !warnings.some((each) => /same time/.test(each))
            ? [words.equalTimesWords(Number(traffic.equal_times))]
            : []),
        ];
        const kept = (/** @type {string|null} */ id) => questions.find((question) => question.id === id)?.words;
        const reasons = dropped.map(({ kept_if: id, ...each }) =>
          element(
            'li',
            {},
            words.droppedWords({ ...each, rows: Number(each.rows), first_line: Number(each.first_line) }),
            kept(id ?? null) ? ` ${words.keptIfWords(kept(id ?? null) ?? '')}` : null,
          ),
        );
        return [
          facts([
            [READ.rows, words.countsWords(/** @type {any} */ (many))],
            [READ.zero, zero],
          ]),
          reasons.length === 0
            ? null
            : element('ul', { class: 'traffic-reasons', 'aria-label': READ.reasons }, ...reasons),
          remarks.length === 0
            ? null
            : element(
                'ul',
                { class: 'traffic-remarks', 'aria-label': READ.notes },
                ...remarks.map((each) => element('li', {}, each)),
              ),
        ];
      });
    },
  };
}

/** @param {string} _key @param {unknown} value */
const bigints = (_key, value) => (typeof value === 'bigint' ? Number(value) : value);

/**
 * What will be simulated.
 * @param {() => string[]} about what saved pictures say they are about
 */
export function figuresPart(about) {
  const result = element('p', { class: 'traffic-result', role: 'status' });
  const longer = element('p', { class: 'traffic-longer', hidden: true });
  const remarks = element('ul', { class: 'traffic-remarks', 'aria-label': READ.notes });
  const body = element('div', {});
  const charts = element('div', { class: 'traffic-charts' });
  const root = section('traffic-figures-part', FIGURES.title, result, longer, remarks, body, charts);
  const show = keyed(body);
  const showRemarks = keyed(remarks);
  /** Made when there is something to draw. @type {Chart[]|null} */
  let drawn = null;
  const makeCharts = () =>
    [
      { id: 'traffic-arrivals', title: FIGURES.arrivals },
      { id: 'traffic-inputs', title: FIGURES.inputs },
      { id: 'traffic-outputs', title: FIGURES.outputs },
    ].map((options) => new Chart(charts, { ...options, simulated: about }));
  return {
    root,
    /**
     * @param {Shown} shown
     * @param {Serving|null} serving what the present settings can hold
     */
    render({ cut, longer: many, old }, serving) {
      root.hidden = cut === null;
      if (cut === null) return;
      const { traffic, notes, warnings } = cut;
      const plain = JSON.parse(JSON.stringify(traffic, bigints));
      setWords(result, words.resultWords(plain));
      root.classList.toggle('old', old);
      const limit = serving?.max_model_len ?? 0;
      longer.hidden = many.cut === 0 || limit === 0;
      if (!longer.hidden) setWords(longer, words.longerWords(many.cut, limit));
      const said = [...warnings, ...notes];
      remarks.hidden = said.length === 0;
      showRemarks(JSON.stringify(said), () => said.map((each) => element('li', {}, each)));
      show(JSON.stringify([plain, serving]), () => [facts(figures(plain, serving))]);
      drawn ??= makeCharts();
      const [arrivals, inputs, outputs] = drawn;
      arrivals.update(arrivalsChart(plain));
      inputs.update(lengthsChart(plain.input, '--state-prefill'));
      outputs.update(lengthsChart(plain.output, '--state-decode'));
    },
  };
}

/**
 * @param {TraceTraffic} traffic
 * @param {Serving|null} serving
 * @returns {[string, string][]}
 */
function figures(traffic, serving) {
  const { span_s: span, mean_rate: rate, input, output, sharing } = traffic;
  const cache = serving
    ? `; ${words.cacheWords(serving.total_kv_blocks, serving.total_kv_blocks * serving.block_size, serving.instances)}`
    : '';
  return [
    [FIGURES.requests, count(traffic.rows)],
    [FIGURES.span, words.spanWords(span)],
    [FIGURES.mean, words.rateWords(rate ?? null)],
    [FIGURES.peak, words.peakWords(traffic)],
    [FIGURES.input, words.lengthsWords(input)],
    [FIGURES.output, words.lengthsWords(output)],
    ...(sharing ? [/** @type {[string, string]} */ ([FIGURES.sharing, `${words.sharingWords(sharing)}${cache}`])] : []),
  ];
}

// What a file is: its format and the others that fit, how a table is written, its first rows with what each column holds, and
// the questions that it raises.

import { element, setWords } from '../../ui/dom.js';
import {
  DECIMALS,
  DELIMITERS,
  FORMAT,
  HEADERS,
  OTHER_ROLES,
  QUESTIONS,
  roleLabel,
  shortName,
  TABLE,
  unitLabel,
  UNITS,
  unitWords,
} from '../../words/traffic.js';
import { keyed, labelled, section, select } from './parts.js';

/** @import {TraceColumn, TraceFormatInfo, TracePreview, TraceQuestion, TraceReport, TraceRoleInfo} from '#engine' */
/** @import {Reading, Options} from './reading.js' */

/** @typedef {{formats: TraceFormatInfo[], roles: TraceRoleInfo[]}} Known what the importer knows */

/** Any table or list of objects, by its mapping. */
export const GENERIC = 'generic';

/** Roles whose numbers are times. */
const TIMES = ['arrival', 'gap', 'deadline'];

/** So many seconds is one of a unit. @type {Record<string, number>} */
const SECONDS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

/**
 * The formats that a file can be read as, the one that was found first.
 * @param {TracePreview} preview
 * @param {Known} known
 * @returns {Record<string, string>}
 */
export function formatChoices({ detected, candidates }, known) {
  const generic = known.formats.filter(({ id }) => id === GENERIC);
  return Object.fromEntries([detected, ...candidates, ...generic].map(({ id, name }) => [id, name]));
}

/**
 * The mapping of the columns when one of them gets another role: no role is held by two.
 * @param {TraceColumn[]} columns
 * @param {number} place
 * @param {{role?: string, unit?: string}} change
 * @param {string[]} roles that a mapping can name
 */
export function mappingWith(columns, place, change, roles) {
  const changed = columns.map((column, i) => (i === place ? { ...column, ...change } : column));
  const taken = changed[place]?.role;
  return changed
    .filter(({ role }, i) => role !== 'ignore' && roles.includes(role) && (i === place || role !== taken))
    .map(({ name, role, unit }) => ({ column: name, role, unit: TIMES.includes(role) ? (unit ?? null) : null }));
}

/**
 * The words of each unit: what it would make of the trace.
 * @param {string|null} unit that holds
 * @param {TraceReport|null} report that belongs to it
 */
export function unitChoices(unit, report) {
  const now = SECONDS[unit ?? ''];
  const { span_s: span = 0, mean_rate: rate = null } = report?.traffic ?? {};
  return Object.fromEntries(
    Object.entries(UNITS).map(([id, words]) => {
      const known = report !== null && now !== undefined && SECONDS[id] !== undefined && span > 0;
      const ratio = known ? SECONDS[id] / now : 1;
      return [id, known ? unitWords(words, span * ratio, rate === null ? null : rate / ratio) : words];
    }),
  );
}

/** How a table is written, as selects. @param {TracePreview} preview @param {Reading} reading */
function shapeFields({ shape }, reading) {
  if (!shape) return [];
  const { delimiter, decimal, header } = shape;
  const set = (/** @type {Options['shape']} */ part) => reading.set({ shape: { ...reading.options.shape, ...part } });
  return [
    labelled(
      FORMAT.delimiter,
      select('traffic-delimiter', DELIMITERS, delimiter ?? ',', (value) => set({ delimiter: value })),
    ),
    labelled(
      FORMAT.decimal,
      select('traffic-decimal', DECIMALS, decimal ?? '.', (value) => set({ decimal: value })),
    ),
    labelled(
      FORMAT.header,
      select('traffic-header', HEADERS, String(header ?? true), (value) => set({ header: value === 'true' })),
    ),
  ];
}

/**
 * @param {Reading} reading
 * @param {Known} known
 */
export function formatPart(reading, known) {
  const fields = element('div', { class: 'traffic-fields' });
  const credit = element('p', { class: 'note' });
  const error = element('p', { class: 'traffic-error', id: 'traffic-format-error', hidden: true });
  const root = section('traffic-format-part', FORMAT.title, fields, credit, error);
  const show = keyed(fields);
  return {
    root,
    error,
    /** @param {TracePreview|null} preview */
    render(preview) {
      root.hidden = preview === null;
      if (preview === null) return;
      const { detected } = preview;
      setWords(credit, detected.credit ?? '');
      show(JSON.stringify([detected, preview.candidates, preview.shape]), () => {
        const onFormat = (/** @type {any} */ format) => reading.set({ format, mapping: null });
        const format = select('traffic-format', formatChoices(preview, known), detected.id, onFormat);
        return [labelled(FORMAT.format, format), ...shapeFields(preview, reading)];
      });
    },
  };
}

/**
 * The first rows.
 * @param {Reading} reading
 * @param {Known} known
 */
export function tablePart(reading, known) {
  const holder = element('div', {
    class: 'traffic-rows',
    id: 'traffic-rows',
    tabindex: 0,
    role: 'region',
    'aria-label': TABLE.caption,
  });
  const map = element('button', { type: 'button', class: 'quiet', id: 'traffic-map' }, FORMAT.map);
  const error = element('p', { class: 'traffic-error', id: 'traffic-mapping-error', hidden: true });
  const root = section('traffic-table-part', TABLE.title, holder, error, map);
  const show = keyed(holder);
  const roles = known.roles.map(({ id }) => /** @type {string} */ (id));
  const words = { ...OTHER_ROLES, ...Object.fromEntries(known.roles.map(({ id, words: own }) => [id, own])) };
  /** @type {TracePreview|null} */
  let shown = null;
  const change = (/** @type {number} */ place, /** @type {{role?: string, unit?: string}} */ part) => {
    if (shown === null) return;
    const mapping = mappingWith(shown.columns, place, part, roles);
    reading.set({ format: GENERIC, mapping: /** @type {any} */ (mapping) });
  };
  map.addEventListener('click', () => {
    if (shown === null) return;
    const mapping = mappingWith(shown.columns, -1, {}, roles);
    reading.set({ format: GENERIC, mapping: /** @type {any} */ (mapping) });
    holder.focus();
  });
  /** @param {TraceColumn} column @param {number} place @param {boolean} mapped @param {TraceReport|null} report */
  const head = ({ name, role, unit }, place, mapped, report) => {
    if (!mapped)
      return element(
        'th',
        { scope: 'col', class: role === 'ignore' ? 'unused' : '' },
        element('span', { class: 'traffic-column' }, shortName(name)),
        element('span', { class: 'traffic-role' }, words[role] ?? role),
      );
    const choices = Object.fromEntries(roles.map((id) => [id, words[id]]));
    const kind = select(`traffic-role-${place}`, choices, role, (value) => change(place, { role: value }), {
      'aria-label': roleLabel(name),
    });
    const units = TIMES.includes(role)
      ? select(
          `traffic-unit-${place}`,
          unitChoices(unit ?? null, report),
          unit ?? 's',
          (value) => change(place, { unit: value }),
          {
            'aria-label': unitLabel(name),
          },
        )
      : null;
    return element(
      'th',
      { scope: 'col', class: role === 'ignore' ? 'unused' : '' },
      kind,
      units,
      element('span', { class: 'traffic-column' }, shortName(name)),
    );
  };
  return {
    root,
    error,
    /**
     * @param {TracePreview|null} preview
     * @param {TraceReport|null} report if it belongs to the preview
     */
    render(preview, report) {
      shown = preview;
      root.hidden = preview === null || preview.columns.length === 0;
      if (preview === null) return;
      const { columns, head: rows, detected } = preview;
      const mapped = detected.id === GENERIC;
      map.hidden = mapped;
      const { span_s: span, mean_rate: rate } = report?.traffic ?? {};
      show(JSON.stringify([columns, rows, mapped, span, rate]), () => {
        const heads = columns.map((column, place) => head(column, place, mapped, report));
        const cells = (/** @type {string[]} */ row) =>
          element(
            'tr',
            {},
            ...columns.map(({ role }, i) => element('td', { class: role === 'ignore' ? 'unused' : '' }, row[i] ?? '')),
          );
        return [
          element(
            'table',
            {},
            element('thead', {}, element('tr', {}, ...heads)),
            element('tbody', {}, ...rows.map(cells)),
          ),
          rows.length === 0 ? element('p', { class: 'note' }, TABLE.empty) : null,
        ];
      });
    },
  };
}

/**
 * What the file leaves open, each with the answer that holds.
 * @param {Reading} reading
 */
export function questionsPart(reading) {
  const list = element('div', { class: 'traffic-questions' });
  const root = section('traffic-questions-part', QUESTIONS.title, list);
  const show = keyed(list);
  const field = (/** @type {TraceQuestion} */ { id, words, choices, answer }) => {
    const name = `traffic-answer-${id}`;
    const error = element('p', { class: 'traffic-error', id: `${name}-error`, hidden: true });
    const described = { 'aria-describedby': error.id };
    const onAnswer = (/** @type {string} */ value) => reading.answer(id, value.trim());
    if (choices.length > 0) {
      const options = Object.fromEntries(choices.map(({ value, words: own }) => [value, own]));
      return labelled(words, select(name, options, answer, onAnswer, described), error);
    }
    const input = element('input', {
      id: name,
      class: 'number',
      inputmode: 'decimal',
      autocomplete: 'off',
      value: answer,
      ...described,
    });
    input.addEventListener('change', () => onAnswer(input.value));
    return labelled(words, input, error);
  };
  return {
    root,
    /** @param {TraceQuestion[]} questions */
    render(questions) {
      root.hidden = questions.length === 0;
      show(JSON.stringify(questions), () => questions.map(field));
    },
  };
}

// Where a problem of reading is shown: at the control that it belongs to, else with the file.

import { isOfSteps } from './steps_part.js';

/** @import {TracePreview} from '#engine' */
/** @import {Problem} from '../../shared/types.d.ts' */

/**
 * @param {Pick<Problem, 'path'|'message'>} problem
 * @param {TracePreview|null} preview
 * @returns {string} id of the element that shows it; `file` or `steps` for those parts
 */
export function placeOf({ path, message }, preview) {
  if (isOfSteps(path)) return 'steps';
  const [, question] = path.match(/^answers\.(\w+)$/) ?? [];
  if (question) return `traffic-answer-${question}-error`;
  if (path.startsWith('shape') || path === 'format') return 'traffic-format-error';
  const ofColumns = path.startsWith('mapping') || /no column of/.test(message);
  return ofColumns && preview !== null && preview.columns.length > 0 ? 'traffic-mapping-error' : 'file';
}

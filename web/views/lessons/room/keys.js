// The keys of a presentation. A presenter's clicker sends Page Up and Page Down, and a full stop for a blank screen.

/**
 * What a key does.
 * @typedef {{do: 'forward'|'back'|'leave'|'full'|'blank'|'clock'|'play'}|{do: 'hand', answer: number, by: 1|-1}} Action
 */

/** What is needed of a key event. @typedef {Pick<KeyboardEvent, 'key'|'code'|'shiftKey'|'ctrlKey'|'altKey'|'metaKey'>} Press */

/** @type {Map<string, Action['do']>} */
const PLAIN = new Map([
  ['ArrowRight', 'forward'],
  ['ArrowLeft', 'back'],
  ['PageDown', 'forward'],
  ['PageUp', 'back'],
  ['Escape', 'leave'],
  ['f', 'full'],
  ['b', 'blank'],
  ['.', 'blank'],
  ['t', 'clock'],
  ['p', 'play'],
]);

/** Keys that every control leaves to the presentation; a field that is typed into has a use for the others. */
const NEVER_TYPED = ['Escape', 'PageDown', 'PageUp'];

/**
 * What a press means, null if it is none of the presentation's.
 * @param {Press} press
 * @param {'none'|'button'|'slider'|'field'} control what has the focus
 * @returns {Action|null}
 */
export function actionOf(press, control) {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const { key, code, shiftKey } = press;
  if (control === 'slider' && key !== 'Escape') return null;
  if (control === 'field' && !NEVER_TYPED.includes(key)) return null;
  if (key === ' ') return control === 'button' ? null : { do: shiftKey ? 'back' : 'forward' };
  // With Shift the digits give other characters, which differ between keyboards: the key itself counts.
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
  if (digit) return { do: 'hand', answer: Number(digit[1]) - 1, by: shiftKey ? -1 : 1 };
  const plain = PLAIN.get(key.length === 1 ? key.toLowerCase() : key);
  return plain === undefined ? null : /** @type {Action} */ ({ do: plain });
}

/**
 * What kind of control has the focus.
 * @param {Element|null} focused
 * @returns {'none'|'button'|'slider'|'field'}
 */
export function controlOf(focused) {
  if (focused === null) return 'none';
  if (focused.matches('input[type=range], select, [role=slider]')) return 'slider';
  if (focused.matches('input[type=radio], input[type=checkbox], button, a[href], summary')) return 'button';
  return focused.matches('input, textarea, [contenteditable]') ? 'field' : 'none';
}

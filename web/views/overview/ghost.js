// Whether charts have the run before the present one in grey, and which.

/** @import {State} from '../../app/state.js' */

/**
 * None beside a pinned one, which a person has chosen to compare with.
 * @param {Pick<State, 'previous'|'pins'|'against'>} state
 */
export function ghostOf({ previous, pins, against }) {
  return pins.some(({ id }) => id === against) ? null : previous;
}

/**
 * The values of a series at other places: at each the latest before it, null before the first.
 * @param {ArrayLike<number>} xs ascending
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} places ascending
 */
export function valuesAt(xs, values, places) {
  let last = -1;
  return Array.from(places, (place) => {
    while (last + 1 < xs.length && xs[last + 1] <= place) last += 1;
    // A run that had ended by then has none.
    return last < 0 || (last === xs.length - 1 && xs[last] < place) ? null : values[last];
  });
}

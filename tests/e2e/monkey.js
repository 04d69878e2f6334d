// A seeded monkey: it sets controls at random, as a person would with mouse and keyboard, and too fast.

/** Texts that a person or a mishap may put where a number belongs. */
export const NONSENSE = ['', '-1', '0', '1e309', 'NaN', 'fast', '9007199254740993', '<b>3</b>', '1,5', '٣'];

/**
 * Changes controls of the settings, and now and then the tab. Nonsense in one control keeps the others from being
 * accepted, so now and then the opening scene is asked for, which clears it away. Runs in the page.
 * @param {{seed: number, changes: number, nonsense: string[]}} wanted
 * @returns {Promise<number>} the number of changes made
 */
export async function rampage({ seed, changes, nonsense }) {
  let state = seed;
  // A linear congruential generator modulo 2^32: the upper bits are good enough here, and it is the same everywhere.
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = (/** @type {any} */ list) => list[random(list.length)];
  const announce = (/** @type {HTMLElement} */ control) => {
    control.dispatchEvent(new Event('input', { bubbles: true }));
    control.dispatchEvent(new Event('change', { bubbles: true }));
  };
  /** @param {HTMLInputElement} input */
  const changeInput = (input) => {
    if (input.type === 'checkbox') input.checked = !input.checked;
    else if (input.type === 'range')
      input.value = String(Number(input.min) + random(Number(input.max) - Number(input.min)));
    else input.value = random(3) === 0 ? pick(nonsense) : String(1 + random(40));
    announce(input);
  };
  const button = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)
    );
  for (let change = 0; change < changes; change += 1) {
    if (change % 50 === 49) pick(document.querySelectorAll('[role=tab]')).click();
    if (change % 40 === 20) button('Start over').click();
    const control = pick(document.querySelectorAll('#form input, #form select'));
    if (control instanceof HTMLSelectElement) {
      control.selectedIndex = random(control.options.length);
      announce(control);
    } else changeInput(control);
    // Lets answers of the workers in between the changes; sometimes several changes come at once.
    if (random(3) > 0) await new Promise((resume) => setTimeout(resume, random(30)));
  }
  return changes;
}

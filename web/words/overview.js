// What the overview says.

/** The value in force in the sweep. @param {string} value */
export const nowWords = (value) => `now: ${value}`;

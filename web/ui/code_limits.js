// How long a link may be for its QR code: known before the code itself is drawn.

/** Characters of the longest link that a code holds which is read from afar. */
export const FAR_CHARACTERS = 271;

/** Characters of the longest link that any of our codes holds. */
export const MOST_CHARACTERS = 1273;

// Stands in for parts of `Intl` in everything the page is bundled from (scripts/assemble.mjs): uPlot and the lessons make
// formats as they are loaded, and each takes the browser longer than the first simulation.

// Taken out like this, they are not replaced themselves.
const { DateTimeFormat, NumberFormat } = Intl;

/** A number format that is made when it is first used. */
export class LazyNumberFormat {
  #make;

  /** @type {Intl.NumberFormat|undefined} */
  #format;

  /** @param {ConstructorParameters<typeof NumberFormat>} how */
  constructor(...how) {
    this.#make = () => new NumberFormat(...how);
  }

  /** @param {number} value */
  format(value) {
    this.#format ??= this.#make();
    return this.#format.format(value);
  }
}

/** A date format that only knows its time zone, and finds it when compared: uPlot compares it for axes of dates. */
export class LazyTimeZone {
  resolvedOptions() {
    return { timeZone: { toString: () => new DateTimeFormat().resolvedOptions().timeZone } };
  }
}

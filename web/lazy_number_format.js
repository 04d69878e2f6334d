// Stands in for `Intl.NumberFormat` in everything the page is bundled from (scripts/assemble.mjs): uPlot and the lessons
// make one as they are loaded, which takes the browser longer than the first simulation.

// Taken out like this, it is not replaced itself.
const { NumberFormat } = Intl;

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

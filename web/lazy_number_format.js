// Stands in for `Intl.NumberFormat` in everything the page is bundled from (scripts/assemble.mjs): uPlot makes one as it
// is loaded, which takes the browser longer than the first simulation, and the page's charts never use it.

/** A number format that is made when it is first used. */
export class LazyNumberFormat {
  #make;

  /** @type {Intl.NumberFormat|undefined} */
  #format;

  /** @param {ConstructorParameters<typeof Intl.NumberFormat>} how */
  constructor(...how) {
    // Named so, it is not replaced itself.
    this.#make = () => new Intl['NumberFormat'](...how);
  }

  /** @param {number} value */
  format(value) {
    this.#format ??= this.#make();
    return this.#format.format(value);
  }
}

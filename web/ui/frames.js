// Drawing no more often than the screen shows.

/**
 * @param {number} frames
 * @returns {(callback: () => void) => void} calls back after that number of frames
 */
export function afterFrames(frames) {
  return (callback) => {
    requestAnimationFrame(frames > 1 ? () => afterFrames(frames - 1)(callback) : callback);
  };
}

/**
 * Passes values on at once, but at most one per frame: of several in a frame the last one comes at its end.
 * @template Value
 * @param {(value: Value) => void} show
 * @param {(callback: () => void) => unknown} nextFrame
 */
export function oncePerFrame(show, nextFrame = requestAnimationFrame) {
  /** @type {{value: Value}|null} */
  let held = null;
  let inFrame = false;
  const flush = () => {
    if (held === null) return;
    const { value } = held;
    held = null;
    show(value);
  };
  const wait = () => {
    inFrame = true;
    nextFrame(() => {
      inFrame = false;
      if (held === null) return;
      flush();
      wait();
    });
  };
  return {
    /** @param {Value} value */
    show(value) {
      held = { value };
      if (inFrame) return;
      flush();
      wait();
    },
    /** Does not wait for the frame: after it nothing is held back. A page in the background gets no frames. */
    flush,
  };
}

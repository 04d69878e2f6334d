// What is under way at a place that has one button to stop it all.

/**
 * Counts what is under way.
 * @param {(names: string[]) => void} show called when something begins or ends; gets what is under way then
 * @returns {<Value>(name: string, task: () => Promise<Value>) => Promise<Value>} runs a task; settles as that does
 */
export function underWay(show) {
  /** @type {{name: string}[]} */
  const tasks = [];
  return async (name, task) => {
    const entry = { name };
    tasks.push(entry);
    show(tasks.map((each) => each.name));
    try {
      return await task();
    } finally {
      tasks.splice(tasks.indexOf(entry), 1);
      show(tasks.map((each) => each.name));
    }
  };
}

// Headings of the form, which the first view needs to know what a link hides; the rest of its words comes with the form.

/** Headings of the sections that are folded at first. */
export const SECTION_TITLES = {
  traffic: 'Traffic',
  lengths: 'Prompts and answers',
  model: 'Model and GPUs',
  gateway: 'Routing and admission',
  instance: 'Inside an instance',
  targets: 'Latency targets and trace',
};

// A form out of the schema, with every problem at its field: a few lines for all settings there are and will be.

import init, { schema, Settings } from './node_modules/blis-playground/index.js';

await init();
const form = document.querySelector('form');
const outcome = document.getElementById('outcome');
const make = (name, properties) => Object.assign(document.createElement(name), properties);

// What is not shown at first is left out here, as are settings that take a document.
const shown = schema().filter(({ advanced, kind }) => !advanced && kind.type !== 'document');
for (const { key, label, unit, help, kind } of shown) {
  const field = make('label', { title: help });
  field.append(`${label}${unit === null ? '' : `, ${unit}`} `);
  if (kind.type === 'choice') {
    const select = make('select', { name: key });
    select.append(...kind.choices.map(({ value, label: text }) => make('option', { value, textContent: text })));
    field.append(select);
  } else {
    field.append(make('input', { name: key, placeholder: 'default' }));
  }
  field.append(make('span', { className: 'problem' }));
  form.append(field, make('br'));
}

function update() {
  // Empty fields keep their default.
  const pairs = [...new FormData(form)].filter(([, text]) => text !== '');
  const settings = new Settings(pairs);
  const problems = [...settings.rejected, ...settings.problems()];
  for (const field of form.querySelectorAll('label')) {
    const { name } = field.querySelector('input, select');
    field.querySelector('.problem').textContent = problems.find(({ key }) => key === name)?.expected ?? '';
  }
  if (problems.length > 0) {
    outcome.textContent = problems[0].message;
  } else {
    const simulation = settings.simulation();
    simulation.advance(Infinity);
    const result = simulation.finish();
    outcome.textContent = `TTFT p99: ${result.summary.ttft.p99_ms} ms`;
    result.free();
  }
  settings.free();
}

form.addEventListener('change', update);
update();

// What is wrong with settings, for people and for programs.

import { ConfigError, configFromPairs, simulate, validate } from 'blis-playground';

// `simulate` throws the first problem.
try {
  simulate({ cluster: { num_instances: 0 } });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.log(`${error.code} at ${error.path}: got ${error.value}, expected ${error.expected}`);
}

// `validate` lists all. `key` is the name of the setting in forms and addresses.
for (const { key, message } of validate({ cluster: { num_instances: 0 }, workload: { rate: -1 } })) {
  console.log(`${key}: ${message}`);
}

// Texts, as forms and addresses give them, are read by pairs; what cannot be read is left out and reported.
const { config, rejected } = configFromPairs(new URLSearchParams('instances=4&rate=fast'));
console.log(config.cluster.num_instances, rejected[0].message);
